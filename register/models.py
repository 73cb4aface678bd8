"""Tables of the register: parties, activities, purposes, what purposes use and who receives it, versions, notices."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from governance.actor import Role
from governance.orm import Base
from governance.periods import NONE, Period
from governance.vault.attest import Attested
from governance.vocabulary import SLUG_LENGTH, Channel, DataCategory, LawfulBasis, SubjectKind
from register.lifecycle import ActivityState, Mode, Opinion, Verb, mode_at
from register.spelling import plain
from register.values import Capacity, FinalFate, Provenance, PurposePart, SpecialCondition, Standing, StartingEvent

LABEL_LENGTH = 200


def _is_period(column: str) -> str:
    number = f"substr({column}, 2, length({column}) - 2)"
    shape = f"substr({column}, 1, 1) = 'P' AND substr({column}, length({column})) IN ('D', 'M', 'Y')"
    return f"{shape} AND length({column}) > 2 AND trim({number}, '0123456789') = ''"


# A slug is written in addresses and in the terminal; the database refuses what the schemas would.
_SLUG_RULE = "length(slug) BETWEEN 1 AND 64 AND slug = lower(slug) AND slug NOT LIKE '% %'"


class Party(Attested, Base, kw_only=True):
    """An organisation or its representative or DPO (GDPR Art. 30(1)(a)); of people, only how to reach them at work.

    `firm_id` is the firm for which an external DPO, who is a person, acts under a contract (GDPR Art. 37(6)). One that
    was altered outside Égide is stated nowhere (register/on_file.py).
    """

    __tablename__ = "party"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="named"),
        CheckConstraint("length(country) = 2", name="country_code"),
        CheckConstraint("firm_id <> id", name="firm_is_another"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    legal_form: Mapped[str] = mapped_column(String(LABEL_LENGTH), default="")
    registration: Mapped[str] = mapped_column(String(32), default="")
    address: Mapped[str] = mapped_column(Text(), default="")
    postcode: Mapped[str] = mapped_column(String(16), default="")
    city: Mapped[str] = mapped_column(String(LABEL_LENGTH), default="")
    country: Mapped[str] = mapped_column(String(2), default="FR")
    email: Mapped[str] = mapped_column(String(320), default="")
    telephone: Mapped[str] = mapped_column(String(32), default="")
    representative_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("party.id"), default=None)
    dpo_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("party.id"), default=None)
    firm_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("party.id"), default=None)


class Activity(Attested, Base, kw_only=True):
    """A processing activity: one record of the register. GDPR Art. 30.

    `running` says whether the gate may read for its purposes; `owner_id` is the account of the business line's head.
    While it observes, `observed_until` says until when; a draft that has not begun to has no end yet. `reference` is
    what the firm called the record before, and `kept_since` since when it kept it, wherever that was. `words_in_force`
    is the digest of what came into force of it and is written in place (register/in_force.py); None before it ever did.
    `collected_for` is why whoever submitted it first says that the data on file was collected for it, which the officer
    weighs; its purposes keep it from the first activation on. `versions` is how many were kept of it, and
    `version_in_force` the revision of the one by which it was last let run, so that none is taken away unseen.
    `decided_alone`: one person gave the opinion and let it run, for the firm had nobody else (GDPR Art. 38(6)).
    """

    __tablename__ = "activity"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint(_SLUG_RULE, name="slug_shape"),
        CheckConstraint("revision >= 1", name="revision_positive"),
        # GDPR Art. 38(1): no activity comes so far without the DPO's opinion.
        CheckConstraint(
            "opinion IS NOT NULL OR state NOT IN ('advised', 'active', 'under-review', 'suspended')",
            name="opinion_before_activation",
        ),
        # GDPR Art. 24(1), 38(6): the controller may decide against the DPO, and says why.
        CheckConstraint(
            "state <> 'active' OR opinion <> 'unfavourable' OR "
            "(overriding_reason IS NOT NULL AND length(overriding_reason) > 0)",
            name="override_has_reason",
        ),
        CheckConstraint("state <> 'active' OR controller_id IS NOT NULL", name="active_has_controller"),
        CheckConstraint("running OR state NOT IN ('active', 'under-review')", name="active_runs"),
        CheckConstraint("NOT running OR state NOT IN ('draft', 'suspended', 'retired')", name="closed_does_not_run"),
        # Nothing is relaxed without an end (docs/adr/0092).
        CheckConstraint("NOT running OR mode <> 'observe' OR observed_until IS NOT NULL", name="observing_ends"),
        CheckConstraint("mode <> 'enforce' OR observed_until IS NULL", name="enforcing_has_no_end"),
    )

    # What is looked for in a search, made of the names below as they are set (register/spelling.py).
    words: Mapped[str] = mapped_column(Text(), init=False, default="")
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    name_fr: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    name_en: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    reference: Mapped[str] = mapped_column(String(LABEL_LENGTH), default="")
    kept_since: Mapped[date | None] = mapped_column(default=None)
    description: Mapped[str] = mapped_column(Text(), default="")
    capacity: Mapped[Capacity] = mapped_column(default=Capacity.CONTROLLER)
    owner_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    controller_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("party.id"), default=None)
    state: Mapped[ActivityState] = mapped_column(default=ActivityState.DRAFT)
    running: Mapped[bool] = mapped_column(default=False)
    mode: Mapped[Mode] = mapped_column(default=Mode.OBSERVE)
    observed_until: Mapped[datetime | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(Integer(), default=1)
    opinion: Mapped[Opinion | None] = mapped_column(default=None)
    opinion_text: Mapped[str] = mapped_column(Text(), default="")
    advised_by: Mapped[uuid.UUID | None] = mapped_column(default=None)
    overriding_reason: Mapped[str | None] = mapped_column(Text(), default=None)
    words_in_force: Mapped[str | None] = mapped_column(String(64), default=None)
    collected_for: Mapped[str | None] = mapped_column(Text(), default=None)
    versions: Mapped[int] = mapped_column(Integer(), default=0)
    version_in_force: Mapped[int | None] = mapped_column(Integer(), default=None)
    decided_alone: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    def mode_at(self, now: datetime) -> Mode:
        """Return whether its rules refuse at a moment, or only report."""
        return mode_at(self.mode, self.observed_until, now)

    @validates("slug", "name_fr", "name_en")
    def _spell(self, name: str, value: str) -> str:
        said = {key: self.__dict__.get(key) or "" for key in ("slug", "name_fr", "name_en")} | {name: value}
        self.words = plain(*said.values())
        return value


class Purpose(Attested, Base, kw_only=True):
    """Why data is used. Its number names it in consents, objections and pseudonym keys, and is never given again.

    `collected_for` is why the controller says that the data on file was collected for it, where it was there already
    when the activity first began: without it, older data is closed (docs/adr/0049). A purpose without `basis` is one of
    a draft, or of what is done for others, where the basis is theirs (GDPR Art. 30(2)): the gate never sees it.
    """

    __tablename__ = "purpose"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint(_SLUG_RULE, name="slug_shape"),
        CheckConstraint("id BETWEEN 1 AND 32767", name="number_fits"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        # GDPR Art. 7(1): consent that nobody can look up is none; without consent there is nothing to look up.
        CheckConstraint(
            "(consent_channel IS NOT NULL) = "
            "((basis IS NOT NULL AND basis = 'consent') "
            "OR (special_condition IS NOT NULL AND special_condition = 'explicit-consent'))",
            name="consent_names_its_channel",
        ),
        CheckConstraint("collected_for IS NULL OR length(collected_for) > 0", name="collected_for_has_reason"),
        Index("ix_purpose_activity_id", "activity_id"),
    )

    # What is looked for in a search, made of the names below as they are set (register/spelling.py).
    words: Mapped[str] = mapped_column(Text(), init=False, default="")
    id: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("purpose.id"), default=None)
    standing: Mapped[Standing] = mapped_column(default=Standing.PROPOSED)
    label_fr: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    label_en: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    basis: Mapped[LawfulBasis | None] = mapped_column(default=None)
    consent_channel: Mapped[Channel | None] = mapped_column(default=None)
    special_condition: Mapped[SpecialCondition | None] = mapped_column(default=None)
    # Which text allows the registration number (GDPR Art. 87, Art. 30 of the Act of 6 January 1978), and which allows
    # offences (GDPR Art. 10, Art. 46 of that Act).
    number_ground: Mapped[str] = mapped_column(Text(), default="")
    offences_ground: Mapped[str] = mapped_column(Text(), default="")
    legal_reference: Mapped[str] = mapped_column(Text(), default="")
    # The three steps of the balancing test, GDPR Art. 6(1)(f): interest, necessity, balance.
    interest: Mapped[str] = mapped_column(Text(), default="")
    necessity: Mapped[str] = mapped_column(Text(), default="")
    balance: Mapped[str] = mapped_column(Text(), default="")
    collected_for: Mapped[str | None] = mapped_column(Text(), default=None)

    @property
    def asks_consent(self) -> bool:
        """Whether it rests on somebody's consent. GDPR Art. 6(1)(a), 9(2)(a)."""
        return self.consent_channel is not None

    @validates("slug", "label_fr", "label_en")
    def _spell(self, name: str, value: str) -> str:
        said = {key: self.__dict__.get(key) or "" for key in ("slug", "label_fr", "label_en")} | {name: value}
        self.words = plain(*said.values())
        return value


class PurposeData(Attested, Base, kw_only=True):
    """That a purpose uses one category of one kind of person, and how long it is kept. GDPR Art. 30(1)(c), (f).

    `which` says which data of the category exactly, `whom` which people of the kind; empty where the two words say all.
    """

    __tablename__ = "purpose_data"
    __table_args__ = (
        UniqueConstraint("purpose_id", "subject_kind", "category", "standing"),
        CheckConstraint(_is_period("active_for"), name="active_for_is_a_period"),
        CheckConstraint(_is_period("archived_for"), name="archived_for_is_a_period"),
        CheckConstraint("standing <> 'ended'", name="ended_is_deleted"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    purpose_id: Mapped[int] = mapped_column(ForeignKey("purpose.id"))
    subject_kind: Mapped[SubjectKind]
    category: Mapped[DataCategory]
    standing: Mapped[Standing] = mapped_column(default=Standing.PROPOSED)
    which_fr: Mapped[str] = mapped_column(Text(), default="")
    which_en: Mapped[str] = mapped_column(Text(), default="")
    whom_fr: Mapped[str] = mapped_column(Text(), default="")
    whom_en: Mapped[str] = mapped_column(Text(), default="")
    obligatory: Mapped[bool] = mapped_column(default=False)
    provenance: Mapped[Provenance] = mapped_column(default=Provenance.PERSON)
    active_for: Mapped[Period]
    archived_for: Mapped[Period] = mapped_column(default=NONE)
    starting_event: Mapped[StartingEvent]
    final_fate: Mapped[FinalFate] = mapped_column(default=FinalFate.DELETION)
    # Where the period comes from: an article, a CNIL reference with its date, or the company's own reasoning.
    retention_source: Mapped[str] = mapped_column(Text(), default="")


class PurposeRecipient(Attested, Base, kw_only=True):
    """A role of the company that may receive data for a purpose. GDPR Art. 30(1)(d)."""

    __tablename__ = "purpose_recipient"
    __table_args__ = (
        UniqueConstraint("purpose_id", "role", "standing"),
        CheckConstraint("role <> 'admin'", name="never_admin"),
        CheckConstraint("standing <> 'ended'", name="ended_is_deleted"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    purpose_id: Mapped[int] = mapped_column(ForeignKey("purpose.id"))
    role: Mapped[Role]
    standing: Mapped[Standing] = mapped_column(default=Standing.PROPOSED)


class UnconfirmedDefault(Base, kw_only=True):
    """That a part of a purpose still says what it was filled in with, and nobody has looked at it yet.

    It opens and closes nothing: it reminds whoever drafts, and tells whoever gives an opinion. `starting_point` is the
    name of one, or another `Origin`.
    """

    __tablename__ = "unconfirmed_default"

    purpose_id: Mapped[int] = mapped_column(ForeignKey("purpose.id"), primary_key=True, autoincrement=False)
    part: Mapped[PurposePart] = mapped_column(primary_key=True)
    starting_point: Mapped[str] = mapped_column(String(SLUG_LENGTH))


class ActivityVersion(Attested, Base, kw_only=True):
    """The whole record of an activity as it stood after one decision. Never changed. GDPR Art. 5(2).

    `verb` is None where the mode was set; `note` is what the person who took the step wrote.
    """

    __tablename__ = "activity_version"
    __decides__: ClassVar[bool] = False

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    verb: Mapped[Verb | None] = mapped_column(default=None)
    state: Mapped[ActivityState]
    mode: Mapped[Mode]
    snapshot: Mapped[str] = mapped_column(Text())
    note: Mapped[str] = mapped_column(Text(), default="")
    actor_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    at: Mapped[datetime]


class Notice(Attested, Base, kw_only=True):
    """A text that people were shown: its name, version and language. The number stands wherever the text is proof.

    The row alone opens nothing: what a notice names does (`NoticePurpose`). One that is not published has its number
    because a proof of consent names it; no data can be put on file under it.
    """

    __tablename__ = "notice"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        UniqueConstraint("slug", "version", "language"),
        CheckConstraint(_SLUG_RULE, name="slug_shape"),
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint("id BETWEEN 1 AND 32767", name="number_fits"),
    )

    id: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    version: Mapped[int] = mapped_column(Integer(), default=1)
    language: Mapped[str] = mapped_column(String(8), default="fr")
    published: Mapped[bool] = mapped_column(default=False)


class NoticePurpose(Attested, Base, kw_only=True):
    """That a notice names a purpose: data collected under it may be used for that purpose. GDPR Art. 13(1)(c), 13(3).

    It is said once, when the notice is published: what people were told does not change afterwards.
    """

    __tablename__ = "notice_purpose"

    notice_id: Mapped[int] = mapped_column(
        SmallInteger(), ForeignKey("notice.id"), primary_key=True, autoincrement=False
    )
    purpose_id: Mapped[int] = mapped_column(
        SmallInteger(), ForeignKey("purpose.id"), primary_key=True, autoincrement=False
    )


class CompatibilityTest(Attested, Base, kw_only=True):
    """Whether data collected for something else may be used for a purpose, in the five points of GDPR Art. 6(4).

    It opens older data once the controller decided so, from the day people were informed (Art. 13(3), 14(4)). A purpose
    has one that is not withdrawn; the others stay as evidence of what was open, and why.
    """

    __tablename__ = "compatibility_test"
    __table_args__ = (
        CheckConstraint(
            "decided_at IS NULL OR (decided_by IS NOT NULL AND opinion IS NOT NULL AND informed_on IS NOT NULL "
            "AND opens_at IS NOT NULL)",
            name="opinion_and_information_before_decision",
        ),
        CheckConstraint(
            "decided_at IS NULL OR opinion <> 'unfavourable' OR "
            "(overriding_reason IS NOT NULL AND length(overriding_reason) > 0)",
            name="override_has_reason",
        ),
        CheckConstraint("decided_at IS NOT NULL OR opens_at IS NULL", name="opens_by_decision"),
        Index(
            "ux_compatibility_test_current",
            "purpose_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    purpose_id: Mapped[int] = mapped_column(SmallInteger(), ForeignKey("purpose.id"))
    # The five points, GDPR Art. 6(4)(a) to (e).
    link: Mapped[str] = mapped_column(Text())
    context: Mapped[str] = mapped_column(Text())
    nature: Mapped[str] = mapped_column(Text())
    consequences: Mapped[str] = mapped_column(Text())
    safeguards: Mapped[str] = mapped_column(Text())
    # What the purpose used, and was proposed to use, when it was written: `kind/category`, in their order.
    weighed: Mapped[str] = mapped_column(Text())
    written_by: Mapped[uuid.UUID]
    written_at: Mapped[datetime]
    opinion: Mapped[Opinion | None] = mapped_column(default=None)
    opinion_text: Mapped[str] = mapped_column(Text(), default="")
    advised_by: Mapped[uuid.UUID | None] = mapped_column(default=None)
    overriding_reason: Mapped[str | None] = mapped_column(Text(), default=None)
    information: Mapped[str] = mapped_column(Text(), default="")
    informed_on: Mapped[date | None] = mapped_column(default=None)
    decided_by: Mapped[uuid.UUID | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    opens_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_by: Mapped[uuid.UUID | None] = mapped_column(default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def alone(self) -> bool:
        """Whether one person wrote it and advised on it, or advised on it and decided: told to whoever reads it."""
        return self.advised_by is not None and self.advised_by in {self.written_by, self.decided_by}
