"""Make the tables of audit.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

from governance.orm import CompactUuid, UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_checkpoint",
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_audit_checkpoint")),
    )
    op.create_table(
        "audit_entry",
        sa.Column(
            "leaf_index", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("retention", sa.SmallInteger(), nullable=False),
        sa.Column("action", sa.SmallInteger(), nullable=False),
        sa.Column("outcome", sa.SmallInteger(), nullable=False),
        sa.Column("actor_id", CompactUuid(), nullable=True),
        sa.Column("object_type", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("leaf_index", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_entry_actor_id_leaf_index"), ["actor_id", "leaf_index"], unique=False
        )
        batch_op.create_index(
            "ix_audit_entry_counted", ["at", "action", "outcome", "retention", "purpose", "actor_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_audit_entry_id"), ["id"], unique=True)
        batch_op.create_index(
            batch_op.f("ix_audit_entry_object_type_object_id_leaf_index"),
            ["object_type", "object_id", "leaf_index"],
            unique=False,
        )

    op.create_table(
        "audit_head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_leaf",
        sa.Column(
            "leaf_index", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("entry_id", CompactUuid(), nullable=False),
        sa.Column("data", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.PrimaryKeyConstraint("leaf_index", name=op.f("pk_audit_leaf")),
    )
    op.create_table(
        "audit_retention_rule",
        sa.Column("retention", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("days IS NULL OR days > 0", name=op.f("ck_audit_retention_rule_positive_days")),
        sa.PrimaryKeyConstraint("retention", "valid_from", name=op.f("pk_audit_retention_rule")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit_subjects",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("subjects", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_subjects")),
    )
    op.create_table(
        "audit_tile",
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_audit_tile")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("audit_tile")
    op.drop_table("audit_subjects")
    op.drop_table("audit_retention_rule")
    op.drop_table("audit_leaf")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_object_type_object_id_leaf_index"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_id"))
        batch_op.drop_index("ix_audit_entry_counted")
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor_id_leaf_index"))

    op.drop_table("audit_entry")
    op.drop_table("audit_checkpoint")
