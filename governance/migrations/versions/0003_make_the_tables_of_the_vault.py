"""Make the tables of the vault.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

from governance.orm import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_subject",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(always=False), nullable=False
        ),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("objections", sa.LargeBinary(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(length=60), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("(state = 3) = (wrapped_key IS NULL)", name=op.f("ck_data_subject_erased_without_key")),
        sa.CheckConstraint("key_version >= 1", name=op.f("ck_data_subject_key_version_positive")),
        sa.CheckConstraint("kind >= 1", name=op.f("ck_data_subject_kind_known")),
        sa.CheckConstraint("state BETWEEN 1 AND 3", name=op.f("ck_data_subject_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_subject")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("data_subject", schema=None) as batch_op:
        batch_op.create_index("ix_data_subject_epoch", ["epoch"], unique=False)

    op.create_table(
        "policy_epoch",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("parts", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_policy_epoch_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_epoch")),
    )


def downgrade() -> None:
    op.drop_table("policy_epoch")
    with op.batch_alter_table("data_subject", schema=None) as batch_op:
        batch_op.drop_index("ix_data_subject_epoch")

    op.drop_table("data_subject")
