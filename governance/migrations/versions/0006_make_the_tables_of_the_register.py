"""Make the tables of the register.

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

from governance.migrations.columns import states
from governance.orm import CompactUuid, UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "length(slug) BETWEEN 1 AND 64 AND slug = lower(slug) AND slug NOT LIKE '% %'",
            name=op.f("ck_notice_slug_shape"),
        ),
        sa.CheckConstraint("id BETWEEN 1 AND 32767", name=op.f("ck_notice_number_fits")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_notice_version_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("slug", "version", "language", name=op.f("uq_notice_slug_version_language")),
    )
    op.create_table(
        "party",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("legal_form", sa.String(length=200), nullable=False),
        sa.Column("registration", sa.String(length=32), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("postcode", sa.String(length=16), nullable=False),
        sa.Column("city", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("telephone", sa.String(length=32), nullable=False),
        sa.Column("representative_id", CompactUuid(), nullable=True),
        sa.Column("dpo_id", CompactUuid(), nullable=True),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_party_country_code")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_party_named")),
        sa.ForeignKeyConstraint(["dpo_id"], ["party.id"], name=op.f("fk_party_dpo_id_party")),
        sa.ForeignKeyConstraint(["representative_id"], ["party.id"], name=op.f("fk_party_representative_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
    )
    op.create_table(
        "activity",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name_fr", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("capacity", states("capacity", "controller", "joint-controller", "processor"), nullable=False),
        sa.Column("owner_id", CompactUuid(), nullable=True),
        sa.Column("controller_id", CompactUuid(), nullable=True),
        sa.Column(
            "state",
            states("activitystate", "draft", "submitted", "advised", "active", "under-review", "suspended", "retired"),
            nullable=False,
        ),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("mode", states("mode", "observe", "enforce"), nullable=False),
        sa.Column("observed_until", UTCDateTime(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("opinion", states("opinion", "favourable", "reserved", "unfavourable"), nullable=True),
        sa.Column("opinion_text", sa.Text(), nullable=False),
        sa.Column("advised_by", CompactUuid(), nullable=True),
        sa.Column("overriding_reason", sa.Text(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "NOT running OR mode <> 'observe' OR observed_until IS NOT NULL", name=op.f("ck_activity_observing_ends")
        ),
        sa.CheckConstraint(
            "NOT running OR state NOT IN ('draft', 'suspended', 'retired')",
            name=op.f("ck_activity_closed_does_not_run"),
        ),
        sa.CheckConstraint(
            "length(slug) BETWEEN 1 AND 64 AND slug = lower(slug) AND slug NOT LIKE '% %'",
            name=op.f("ck_activity_slug_shape"),
        ),
        sa.CheckConstraint(
            "mode <> 'enforce' OR observed_until IS NULL", name=op.f("ck_activity_enforcing_has_no_end")
        ),
        sa.CheckConstraint(
            "opinion IS NOT NULL OR state NOT IN ('advised', 'active', 'under-review', 'suspended')",
            name=op.f("ck_activity_opinion_before_activation"),
        ),
        sa.CheckConstraint("running OR state NOT IN ('active', 'under-review')", name=op.f("ck_activity_active_runs")),
        sa.CheckConstraint(
            "state <> 'active' OR controller_id IS NOT NULL", name=op.f("ck_activity_active_has_controller")
        ),
        sa.CheckConstraint(
            "state <> 'active' OR opinion <> 'unfavourable' OR (overriding_reason IS NOT NULL AND length(overriding_reason) > 0)",
            name=op.f("ck_activity_override_has_reason"),
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_activity_revision_positive")),
        sa.ForeignKeyConstraint(["controller_id"], ["party.id"], name=op.f("fk_activity_controller_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("slug", name=op.f("uq_activity_slug")),
    )
    op.create_table(
        "activity_version",
        sa.Column("activity_id", CompactUuid(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "verb",
            states(
                "verb",
                "submit",
                "return",
                "advise",
                "activate",
                "review",
                "confirm",
                "suspend",
                "resume",
                "revise",
                "retire",
            ),
            nullable=True,
        ),
        sa.Column(
            "state",
            states("activitystate", "draft", "submitted", "advised", "active", "under-review", "suspended", "retired"),
            nullable=False,
        ),
        sa.Column("mode", states("mode", "observe", "enforce"), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor_id", CompactUuid(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_version_activity_id_activity")
        ),
        sa.PrimaryKeyConstraint("activity_id", "revision", name=op.f("pk_activity_version")),
    )
    op.create_table(
        "purpose",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("activity_id", CompactUuid(), nullable=False),
        sa.Column("parent_id", sa.SmallInteger(), nullable=True),
        sa.Column("standing", states("standing", "proposed", "in-force", "leaving", "ended"), nullable=False),
        sa.Column("label_fr", sa.String(length=200), nullable=False),
        sa.Column("label_en", sa.String(length=200), nullable=False),
        sa.Column(
            "basis",
            states(
                "lawfulbasis",
                "consent",
                "contract",
                "legal-obligation",
                "vital-interests",
                "public-task",
                "legitimate-interests",
            ),
            nullable=False,
        ),
        sa.Column("consent_channel", states("channel", "email", "sms", "telephone", "post", "push"), nullable=True),
        sa.Column(
            "special_condition",
            states(
                "specialcondition",
                "explicit-consent",
                "employment",
                "vital-interests",
                "non-profit-body",
                "made-public",
                "legal-claims",
                "public-interest",
                "health-care",
                "public-health",
                "archiving-research",
            ),
            nullable=True,
        ),
        sa.Column("legal_reference", sa.Text(), nullable=False),
        sa.Column("interest", sa.Text(), nullable=False),
        sa.Column("necessity", sa.Text(), nullable=False),
        sa.Column("balance", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "(consent_channel IS NOT NULL) = (basis = 'consent' OR (special_condition IS NOT NULL AND special_condition = 'explicit-consent'))",
            name=op.f("ck_purpose_consent_names_its_channel"),
        ),
        sa.CheckConstraint(
            "length(slug) BETWEEN 1 AND 64 AND slug = lower(slug) AND slug NOT LIKE '% %'",
            name=op.f("ck_purpose_slug_shape"),
        ),
        sa.CheckConstraint("id BETWEEN 1 AND 32767", name=op.f("ck_purpose_number_fits")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_purpose_not_its_own_parent")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_purpose_activity_id_activity")),
        sa.ForeignKeyConstraint(["parent_id"], ["purpose.id"], name=op.f("fk_purpose_parent_id_purpose")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purpose")),
        sa.UniqueConstraint("slug", name=op.f("uq_purpose_slug")),
    )
    with op.batch_alter_table("purpose", schema=None) as batch_op:
        batch_op.create_index("ix_purpose_activity_id", ["activity_id"], unique=False)

    op.create_table(
        "purpose_data",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("purpose_id", sa.SmallInteger(), nullable=False),
        sa.Column(
            "subject_kind",
            states("subjectkind", "customer", "prospect", "contact", "employee", "other"),
            nullable=False,
        ),
        sa.Column(
            "category",
            states(
                "datacategory",
                "identity",
                "contact",
                "family",
                "professional",
                "economic",
                "connection",
                "location",
                "behaviour",
                "preferences",
                "purchases",
                "relationship",
                "special",
            ),
            nullable=False,
        ),
        sa.Column("standing", states("standing", "proposed", "in-force", "leaving", "ended"), nullable=False),
        sa.Column("obligatory", sa.Boolean(), nullable=False),
        sa.Column(
            "provenance",
            states("provenance", "person", "internal", "third-party-file", "public-source"),
            nullable=False,
        ),
        sa.Column("active_days", sa.Integer(), nullable=False),
        sa.Column("archive_days", sa.Integer(), nullable=False),
        sa.Column(
            "starting_event",
            states(
                "startingevent",
                "collection",
                "last-contact",
                "last-order",
                "end-of-relationship",
                "end-of-contract",
                "end-of-financial-year",
                "payment",
                "closure",
                "withdrawal",
            ),
            nullable=False,
        ),
        sa.Column("final_fate", states("finalfate", "deletion", "anonymisation", "historical-archive"), nullable=False),
        sa.Column("retention_source", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("standing <> 'ended'", name=op.f("ck_purpose_data_ended_is_deleted")),
        sa.CheckConstraint("active_days >= 0", name=op.f("ck_purpose_data_active_days_not_negative")),
        sa.CheckConstraint("archive_days >= 0", name=op.f("ck_purpose_data_archive_days_not_negative")),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_purpose_data_purpose_id_purpose")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purpose_data")),
        sa.UniqueConstraint(
            "purpose_id",
            "subject_kind",
            "category",
            "standing",
            name=op.f("uq_purpose_data_purpose_id_subject_kind_category_standing"),
        ),
    )
    op.create_table(
        "purpose_recipient",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("purpose_id", sa.SmallInteger(), nullable=False),
        sa.Column(
            "role",
            states(
                "role",
                "controller",
                "dpo",
                "owner",
                "security",
                "auditor",
                "admin",
                "sales",
                "marketing",
                "support",
                "accounting",
                "analyst",
                "service",
            ),
            nullable=False,
        ),
        sa.Column("standing", states("standing", "proposed", "in-force", "leaving", "ended"), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("role <> 'admin'", name=op.f("ck_purpose_recipient_never_admin")),
        sa.CheckConstraint("standing <> 'ended'", name=op.f("ck_purpose_recipient_ended_is_deleted")),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_purpose_recipient_purpose_id_purpose")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purpose_recipient")),
        sa.UniqueConstraint(
            "purpose_id", "role", "standing", name=op.f("uq_purpose_recipient_purpose_id_role_standing")
        ),
    )


def downgrade() -> None:
    op.drop_table("purpose_recipient")
    op.drop_table("purpose_data")
    with op.batch_alter_table("purpose", schema=None) as batch_op:
        batch_op.drop_index("ix_purpose_activity_id")

    op.drop_table("purpose")
    op.drop_table("activity_version")
    op.drop_table("activity")
    op.drop_table("party")
    op.drop_table("notice")
