"""Make the tables of policies and the gate.

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

from governance.migrations.columns import states
from governance.orm import CompactUuid, UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answered_write",
        sa.Column("actor_id", CompactUuid(), nullable=False),
        sa.Column("key_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("request_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("row_id", CompactUuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "key_digest", name=op.f("pk_answered_write")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("answered_write", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answered_write_answered_at"), ["answered_at"], unique=False)

    op.create_table(
        "access_request",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("account_id", CompactUuid(), nullable=False),
        sa.Column("subject", states("requestsubject", "role", "data"), nullable=False),
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
        sa.Column("purpose_id", sa.SmallInteger(), nullable=True),
        sa.Column("categories", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("action", states("grantedaction", "read", "create", "change", "delete", "export"), nullable=True),
        sa.Column("form", states("form", "withheld", "generalised", "pseudonym", "masked", "clear"), nullable=True),
        sa.Column("valid_until", UTCDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("state", states("requeststate", "waiting", "approved", "refused", "withdrawn"), nullable=False),
        sa.Column("decided_by", CompactUuid(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("given_categories", sa.Text(), nullable=False),
        sa.Column(
            "given_form", states("given_form", "withheld", "generalised", "pseudonym", "masked", "clear"), nullable=True
        ),
        sa.Column("given_until", UTCDateTime(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "(state = 'approved') = (given_until IS NOT NULL)", name=op.f("ck_access_request_approved_until")
        ),
        sa.CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_access_request_decided_once")),
        sa.CheckConstraint(
            "(subject = 'data') = (purpose_id IS NOT NULL AND categories <> '' AND kinds <> '' AND action IS NOT NULL AND form IS NOT NULL)",
            name=op.f("ck_access_request_data_whole"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_access_request_has_reason")),
        sa.CheckConstraint("state <> 'refused' OR because <> ''", name=op.f("ck_access_request_refusal_has_reason")),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR decided_by = account_id", name=op.f("ck_access_request_withdrawn_by_oneself")
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'refused') OR decided_by <> account_id OR alone",
            name=op.f("ck_access_request_decided_by_another"),
        ),
        sa.CheckConstraint("subject = 'data' OR purpose_id IS NULL", name=op.f("ck_access_request_role_alone")),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL)", name=op.f("ck_access_request_decision_whole")
        ),
        sa.CheckConstraint(
            "given_until IS NULL OR given_until <= valid_until", name=op.f("ck_access_request_never_more_than_asked")
        ),
        sa.CheckConstraint("valid_until > asked_at", name=op.f("ck_access_request_ends_after_start")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_access_request_account_id_account")),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_access_request_purpose_id_purpose")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_request")),
    )
    with op.batch_alter_table("access_request", schema=None) as batch_op:
        batch_op.create_index("ix_access_request_account_id", ["account_id"], unique=False)
        batch_op.create_index("ix_access_request_state", ["state"], unique=False)

    op.create_table(
        "row_pseudonym",
        sa.Column("purpose_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("table_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("row_id", CompactUuid(), nullable=False),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_row_pseudonym_purpose_id_purpose")),
        sa.ForeignKeyConstraint(["table_id"], ["table_number.id"], name=op.f("fk_row_pseudonym_table_id_table_number")),
        sa.PrimaryKeyConstraint("purpose_id", "table_id", "place", "row_id", name=op.f("pk_row_pseudonym")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "access_grant",
        sa.Column("id", CompactUuid(), nullable=False),
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
                "national-number",
                "offences",
            ),
            nullable=False,
        ),
        sa.Column("action", states("grantedaction", "read", "create", "change", "delete", "export"), nullable=False),
        sa.Column("form", states("form", "withheld", "generalised", "pseudonym", "masked", "clear"), nullable=False),
        sa.Column("exact_lookup", sa.Boolean(), nullable=False),
        sa.Column("valid_from", UTCDateTime(), nullable=False),
        sa.Column("valid_to", UTCDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requested_by", CompactUuid(), nullable=False),
        sa.Column("requested_at", UTCDateTime(), nullable=False),
        sa.Column("approved_by", CompactUuid(), nullable=True),
        sa.Column("approved_at", UTCDateTime(), nullable=True),
        sa.Column("revoked_by", CompactUuid(), nullable=True),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.Column("revoked_because", sa.Text(), nullable=True),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("request_id", CompactUuid(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "NOT exact_lookup OR action IN ('read', 'export')", name=op.f("ck_access_grant_lookup_is_of_reading")
        ),
        sa.CheckConstraint("form <> 'withheld'", name=op.f("ck_access_grant_gives_something")),
        sa.CheckConstraint(
            "form = 'clear' OR action IN ('read', 'export')", name=op.f("ck_access_grant_form_is_of_reading")
        ),
        sa.CheckConstraint(
            "role IN ('sales', 'marketing', 'support', 'accounting', 'analyst', 'service', 'dpo')",
            name=op.f("ck_access_grant_role_may_hold_grants"),
        ),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)", name=op.f("ck_access_grant_approval_whole")
        ),
        sa.CheckConstraint(
            "(revoked_by IS NULL) = (revoked_at IS NULL)", name=op.f("ck_access_grant_revocation_whole")
        ),
        sa.CheckConstraint(
            "CASE WHEN alone THEN approved_by IS NOT NULL ELSE approved_by IS NULL OR approved_by <> requested_by END",
            name=op.f("ck_access_grant_approved_by_another"),
        ),
        sa.CheckConstraint(
            "approved_at IS NULL OR approved_at >= requested_at", name=op.f("ck_access_grant_approved_after_request")
        ),
        sa.CheckConstraint(
            "revoked_at IS NULL OR revoked_at >= requested_at", name=op.f("ck_access_grant_revoked_after_request")
        ),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_access_grant_ends_after_start")),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_access_grant_purpose_id_purpose")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["access_request.id"], name=op.f("fk_access_grant_request_id_access_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grant")),
    )
    with op.batch_alter_table("access_grant", schema=None) as batch_op:
        batch_op.create_index("ix_access_grant_purpose_id_role", ["purpose_id", "role"], unique=False)

    op.create_table(
        "access_opinion",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("request_id", CompactUuid(), nullable=False),
        sa.Column("advice", states("advice", "favourable", "unfavourable"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", CompactUuid(), nullable=False),
        sa.Column("given_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_access_opinion_has_reason")),
        sa.ForeignKeyConstraint(["given_by"], ["account.id"], name=op.f("fk_access_opinion_given_by_account")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["access_request.id"], name=op.f("fk_access_opinion_request_id_access_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_opinion")),
        sa.UniqueConstraint("request_id", name=op.f("uq_access_opinion_request_id")),
    )
    op.create_table(
        "grant_review",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("grant_id", CompactUuid(), nullable=False),
        sa.Column("verdict", states("verdict", "keep", "take-back"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reviewed_by", CompactUuid(), nullable=False),
        sa.Column("reviewed_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("verdict = 'keep' OR reason <> ''", name=op.f("ck_grant_review_taking_back_has_reason")),
        sa.ForeignKeyConstraint(["grant_id"], ["access_grant.id"], name=op.f("fk_grant_review_grant_id_access_grant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_review")),
    )
    with op.batch_alter_table("grant_review", schema=None) as batch_op:
        batch_op.create_index("ix_grant_review_grant_id", ["grant_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("grant_review", schema=None) as batch_op:
        batch_op.drop_index("ix_grant_review_grant_id")

    op.drop_table("grant_review")
    op.drop_table("access_opinion")
    with op.batch_alter_table("access_grant", schema=None) as batch_op:
        batch_op.drop_index("ix_access_grant_purpose_id_role")

    op.drop_table("access_grant")
    op.drop_table("row_pseudonym")
    with op.batch_alter_table("access_request", schema=None) as batch_op:
        batch_op.drop_index("ix_access_request_state")
        batch_op.drop_index("ix_access_request_account_id")

    op.drop_table("access_request")
    with op.batch_alter_table("answered_write", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answered_write_answered_at"))

    op.drop_table("answered_write")
