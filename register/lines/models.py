"""Tables of the lines of a record: evidence, which opens nothing at the gate, and is told where it was altered."""

import uuid
from datetime import date
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.schema import SchemaItem

from governance.orm import Base
from governance.vault.attest import Attested
from governance.vocabulary import SubjectKind
from register.lines.values import AssetKind, DecisionGround, Derogation, Relation, Safeguard
from register.values import Standing

_LABEL_LENGTH = 200


class ActivityLine(Attested, kw_only=True, repr=False, eq=False):
    """Mixin of the tables of lines: whose they are, and whether they are in force."""

    __decides__: ClassVar[bool] = False

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id"))
    standing: Mapped[Standing] = mapped_column(default=Standing.PROPOSED)


def _rules(table: str, *key: str) -> tuple[SchemaItem, ...]:
    """Return what every table of lines holds: one line of a key in force, one beside it, and none that has ended."""
    return (
        UniqueConstraint("activity_id", *key, "standing", name=f"uq_{table}_line"),
        CheckConstraint("standing <> 'ended'", name="ended_is_deleted"),
        Index(f"ix_{table}_activity_id", "activity_id"),
    )


class ActivityParty(ActivityLine, Base, kw_only=True):
    """Another organisation that takes part in an activity. GDPR Art. 26(1), 28, 30(1)(a), (d), 30(2)(a).

    `part` is what it does or receives, or what the arrangement with it says.
    """

    __tablename__ = "activity_party"
    __table_args__ = (
        *_rules("activity_party", "party_id", "relation"),
        Index("ix_activity_party_party_id", "party_id"),
    )

    party_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("party.id"))
    relation: Mapped[Relation]
    part: Mapped[str] = mapped_column(Text(), default="")


class ActivityTransfer(ActivityLine, Base, kw_only=True):
    """That data go to another country, and what protects them there. GDPR Art. 30(1)(e), 44 to 49.

    `recipient` is a kind of recipient where none is named; `grounds` says what covers this one, or where a copy is.
    """

    __tablename__ = "activity_transfer"
    __table_args__ = (
        *_rules("activity_transfer", "country", "party_id", "recipient"),
        CheckConstraint("length(country) = 2", name="country_code"),
        CheckConstraint("(party_id IS NOT NULL) = (recipient = '')", name="to_somebody"),
        CheckConstraint(
            "(derogation IS NOT NULL) = (safeguard IS NOT NULL AND safeguard = 'derogation')", name="derogation_named"
        ),
    )

    country: Mapped[str] = mapped_column(String(2))
    party_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("party.id"), default=None)
    recipient: Mapped[str] = mapped_column(String(_LABEL_LENGTH), default="")
    safeguard: Mapped[Safeguard | None] = mapped_column(default=None)
    derogation: Mapped[Derogation | None] = mapped_column(default=None)
    grounds: Mapped[str] = mapped_column(Text(), default="")
    assessment: Mapped[str] = mapped_column(Text(), default="")
    assessed_on: Mapped[date | None] = mapped_column(default=None)


class ActivityMeasure(ActivityLine, Base, kw_only=True):
    """A measure of security that protects the data of an activity. GDPR Art. 30(1)(g), 32(1)."""

    __tablename__ = "activity_measure"
    __table_args__ = _rules("activity_measure", "measure_id")

    measure_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("measure.id"))
    remark: Mapped[str] = mapped_column(Text(), default="")


class ActivityPeople(ActivityLine, Base, kw_only=True):
    """About how many people of a kind an activity concerns. GDPR Art. 30(1)(c), 35(3)(b)."""

    __tablename__ = "activity_people"
    __table_args__ = (
        *_rules("activity_people", "subject_kind"),
        CheckConstraint("estimate >= 0", name="estimate_not_negative"),
    )

    subject_kind: Mapped[SubjectKind]
    estimate: Mapped[int] = mapped_column(Integer())


class ActivityDecision(ActivityLine, Base, kw_only=True):
    """A decision, or a profile, that a machine makes of somebody. GDPR Art. 22, 13(2)(f).

    `solely` says that no person decides, or that whoever does follows the machine.
    """

    __tablename__ = "activity_decision"
    __table_args__ = (*_rules("activity_decision", "name"), CheckConstraint("length(name) > 0", name="named"))

    name: Mapped[str] = mapped_column(String(_LABEL_LENGTH))
    solely: Mapped[bool] = mapped_column(default=True)
    ground: Mapped[DecisionGround | None] = mapped_column(default=None)
    logic: Mapped[str] = mapped_column(Text(), default="")
    significance: Mapped[str] = mapped_column(Text(), default="")
    safeguards: Mapped[str] = mapped_column(Text(), default="")


class ActivityRights(ActivityLine, Base, kw_only=True):
    """How people exercise their rights towards an activity; which they have follows from its bases. GDPR Art. 12(2)."""

    __tablename__ = "activity_rights"
    __table_args__ = _rules("activity_rights")

    how_fr: Mapped[str] = mapped_column(Text(), default="")
    how_en: Mapped[str] = mapped_column(Text(), default="")
    limits: Mapped[str] = mapped_column(Text(), default="")


class ActivityAsset(ActivityLine, Base, kw_only=True):
    """What an activity works with: an application, or a table of the data map by its name."""

    __tablename__ = "activity_asset"
    __table_args__ = (*_rules("activity_asset", "kind", "name"), CheckConstraint("length(name) > 0", name="named"))

    kind: Mapped[AssetKind]
    name: Mapped[str] = mapped_column(String(_LABEL_LENGTH))
