"""Tables of what stands for several activities."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base
from governance.vault.attest import Attested
from register.catalogue.values import Clause, MeasureDomain, SubProcessing

_LABEL_LENGTH = 200


class Contract(Attested, Base, kw_only=True):
    """A contract with a processor, as somebody read it. Evidence: how it stands is derived. GDPR Art. 28(3).

    `clauses` are the points of Art. 28(3) found in it, as letters in their order; `document` is where it lies. One that
    came `from_file` was looked at by nobody yet, and does not count until somebody saved it.
    """

    __tablename__ = "contract"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR signed_on IS NOT NULL", name="ends_once_signed"),
        CheckConstraint("ends_on IS NULL OR ends_on >= signed_on", name="ends_after_signed"),
        Index("ix_contract_party_id", "party_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    party_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("party.id"))
    label: Mapped[str] = mapped_column(String(_LABEL_LENGTH))
    signed_on: Mapped[date | None] = mapped_column(default=None)
    ends_on: Mapped[date | None] = mapped_column(default=None)
    clauses: Mapped[str] = mapped_column(String(len(Clause)), default="")
    sub_processing: Mapped[SubProcessing] = mapped_column(default=SubProcessing.NONE)
    sub_processors: Mapped[str] = mapped_column(Text(), default="")
    audited_on: Mapped[date | None] = mapped_column(default=None)
    document: Mapped[str] = mapped_column(Text(), default="")
    from_file: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]

    @property
    def missing_clauses(self) -> tuple[Clause, ...]:
        """The points of Art. 28(3) that were not found in it."""
        return tuple(clause for clause in Clause if clause.value not in self.clauses)


class Adequacy(Attested, Base, kw_only=True):
    """A decision of the Commission that a country protects data adequately. GDPR Art. 45(3).

    `until` is its last day, where it has one or was taken back; a `scope` makes it partial: it is for those alone. One
    that was altered outside Égide is no decision.
    """

    __tablename__ = "adequacy"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("length(country) = 2", name="country_code"),
        CheckConstraint("until IS NULL OR until >= decided_on", name="until_after_decided"),
        CheckConstraint("(scope_fr = '') = (scope_en = '')", name="scope_in_both_languages"),
        Index("ix_adequacy_country", "country"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(String(2))
    decided_on: Mapped[date]
    until: Mapped[date | None] = mapped_column(default=None)
    scope_fr: Mapped[str] = mapped_column(Text(), default="")
    scope_en: Mapped[str] = mapped_column(Text(), default="")
    source: Mapped[str] = mapped_column(Text())
    checked_on: Mapped[date]

    @property
    def partial(self) -> bool:
        """Whether it is for some organisations or data alone."""
        return bool(self.scope_fr)


class Measure(Attested, Base, kw_only=True):
    """A technical or organisational measure of security, offered to every activity. GDPR Art. 32(1).

    One that was altered outside Égide is stated nowhere (register/on_file.py).
    """

    __tablename__ = "measure"
    __decides__: ClassVar[bool] = False
    __table_args__ = (CheckConstraint("length(label_fr) > 0 AND length(label_en) > 0", name="named"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    domain: Mapped[MeasureDomain]
    label_fr: Mapped[str] = mapped_column(String(_LABEL_LENGTH))
    label_en: Mapped[str] = mapped_column(String(_LABEL_LENGTH))
    # No more offered; activities that chose it keep it.
    withdrawn: Mapped[bool] = mapped_column(default=False)
    # In words that came with Égide: what somebody outside is offered says nothing of this house.
    delivered: Mapped[bool] = mapped_column(default=False)
