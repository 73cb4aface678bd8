"""Make the tables of campaigns.

Revision 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

from governance.migrations.columns import states
from governance.orm import CompactUuid, UTCDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prospecting_rules",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file", sa.String(length=100), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("decided_by", CompactUuid(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_prospecting_rules_version_positive")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_prospecting_rules")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("state", states("campaignstate", "draft", "launched", "done", "stopped"), nullable=False),
        sa.Column("subject_fr", sa.String(length=200), nullable=False),
        sa.Column("subject_en", sa.String(length=200), nullable=False),
        sa.Column("text_fr", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("send_at", UTCDateTime(), nullable=True),
        sa.Column("most_in_a_week", sa.Integer(), nullable=False),
        sa.Column("by", CompactUuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("launched_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("queued", sa.Boolean(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "(state = 'draft') = (launched_at IS NULL) OR state = 'stopped'", name=op.f("ck_campaign_launched_at_known")
        ),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_campaign_named")),
        sa.CheckConstraint("most_in_a_week BETWEEN 1 AND 7", name=op.f("ck_campaign_seldom_enough")),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_campaign_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_table(
        "campaign_message",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("campaign_id", CompactUuid(), nullable=False),
        sa.Column("row_id", CompactUuid(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("state BETWEEN 1 AND 5", name=op.f("ck_campaign_message_state_known")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_message_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["data_subject.id"], name=op.f("fk_campaign_message_subject_id_data_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_message")),
    )
    with op.batch_alter_table("campaign_message", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_message_state", ["campaign_id", "state"], unique=False)
        batch_op.create_index("ix_campaign_message_subject", ["subject_id", "settled_at"], unique=False)
        batch_op.create_index("uq_campaign_message_row", ["campaign_id", "row_id"], unique=True)


def downgrade() -> None:
    with op.batch_alter_table("campaign_message", schema=None) as batch_op:
        batch_op.drop_index("uq_campaign_message_row")
        batch_op.drop_index("ix_campaign_message_subject")
        batch_op.drop_index("ix_campaign_message_state")

    op.drop_table("campaign_message")
    op.drop_table("campaign")
    op.drop_table("prospecting_rules")
