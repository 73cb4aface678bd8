"""Tables of the register: parties, activities, purposes, what purposes use and who receives it, versions, notices."""

import uuid
from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.actor import Role
from governance.orm import Base
from governance.vault.attest import Attested
from governance.vocabulary import SLUG_LENGTH, Channel, DataCategory, LawfulBasis, SubjectKind
from register.lifecycle import ActivityState, Mode, Opinion, Verb, mode_at
from register.values import Capacity, FinalFate, Provenance, SpecialCondition, Standing, StartingEvent

LABEL_LENGTH = 200
# A slug is written in addresses and in the terminal; the database refuses what the schemas would.
_SLUG_RULE = "length(slug) BETWEEN 1 AND 64 AND slug = lower(slug) AND slug NOT LIKE '% %'"


class Party(Base, kw_only=True):
    """An organisation or its representative or DPO (GDPR Art. 30(1)(a)); of people, only how to reach them at work."""

    __tablename__ = "party"
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="named"),
        CheckConstraint("length(country) = 2", name="country_code"),
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


class Activity(Attested, Base, kw_only=True):
    """A processing activity: one record of the register. GDPR Art. 30.

    `running` says whether the gate may read for its purposes; `owner_id` is the account of the business line's head.
    While it observes, `observed_until` says until when; a draft that has not begun to has no end yet.
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

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    name_fr: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    name_en: Mapped[str] = mapped_column(String(LABEL_LENGTH))
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
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    def mode_at(self, now: datetime) -> Mode:
        """Return whether its rules refuse at a moment, or only report."""
        return mode_at(self.mode, self.observed_until, now)


class Purpose(Attested, Base, kw_only=True):
    """Why data is used. Its number names it in consents, objections and pseudonym keys, and is never given again."""

    __tablename__ = "purpose"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint(_SLUG_RULE, name="slug_shape"),
        CheckConstraint("id BETWEEN 1 AND 32767", name="number_fits"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        # GDPR Art. 7(1): consent that nobody can look up is none; without consent there is nothing to look up.
        CheckConstraint(
            "(consent_channel IS NOT NULL) = "
            "(basis = 'consent' OR (special_condition IS NOT NULL AND special_condition = 'explicit-consent'))",
            name="consent_names_its_channel",
        ),
        Index("ix_purpose_activity_id", "activity_id"),
    )

    id: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("purpose.id"), default=None)
    standing: Mapped[Standing] = mapped_column(default=Standing.PROPOSED)
    label_fr: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    label_en: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    basis: Mapped[LawfulBasis]
    consent_channel: Mapped[Channel | None] = mapped_column(default=None)
    special_condition: Mapped[SpecialCondition | None] = mapped_column(default=None)
    legal_reference: Mapped[str] = mapped_column(Text(), default="")
    # The three steps of the balancing test, GDPR Art. 6(1)(f): interest, necessity, balance.
    interest: Mapped[str] = mapped_column(Text(), default="")
    necessity: Mapped[str] = mapped_column(Text(), default="")
    balance: Mapped[str] = mapped_column(Text(), default="")


class PurposeData(Attested, Base, kw_only=True):
    """That a purpose uses one category of one kind of person, and how long it is kept. GDPR Art. 30(1)(c), (f)."""

    __tablename__ = "purpose_data"
    __table_args__ = (
        UniqueConstraint("purpose_id", "subject_kind", "category", "standing"),
        CheckConstraint("active_days >= 0", name="active_days_not_negative"),
        CheckConstraint("archive_days >= 0", name="archive_days_not_negative"),
        CheckConstraint("standing <> 'ended'", name="ended_is_deleted"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    purpose_id: Mapped[int] = mapped_column(ForeignKey("purpose.id"))
    subject_kind: Mapped[SubjectKind]
    category: Mapped[DataCategory]
    standing: Mapped[Standing] = mapped_column(default=Standing.PROPOSED)
    obligatory: Mapped[bool] = mapped_column(default=False)
    provenance: Mapped[Provenance] = mapped_column(default=Provenance.PERSON)
    active_days: Mapped[int] = mapped_column(Integer())
    archive_days: Mapped[int] = mapped_column(Integer(), default=0)
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


class Notice(Base, kw_only=True):
    """A text that people were shown: its name, version and language. The number stands wherever the text is proof."""

    __tablename__ = "notice"
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
