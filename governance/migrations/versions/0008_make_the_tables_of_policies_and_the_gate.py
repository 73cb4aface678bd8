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
            "approved_at IS NULL OR approved_at >= requested_at", name=op.f("ck_access_grant_approved_after_request")
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> requested_by", name=op.f("ck_access_grant_approved_by_another")
        ),
        sa.CheckConstraint(
            "revoked_at IS NULL OR revoked_at >= requested_at", name=op.f("ck_access_grant_revoked_after_request")
        ),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_access_grant_ends_after_start")),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_access_grant_purpose_id_purpose")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grant")),
    )
    with op.batch_alter_table("access_grant", schema=None) as batch_op:
        batch_op.create_index("ix_access_grant_purpose_id_role", ["purpose_id", "role"], unique=False)

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


def downgrade() -> None:
    op.drop_table("row_pseudonym")
    with op.batch_alter_table("access_grant", schema=None) as batch_op:
        batch_op.drop_index("ix_access_grant_purpose_id_role")

    op.drop_table("access_grant")
    with op.batch_alter_table("answered_write", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answered_write_answered_at"))

    op.drop_table("answered_write")
