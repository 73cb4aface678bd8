"""Make the tables of consent.

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

from governance.orm import CompactUuid, UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("subject_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("purpose_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("method", sa.SmallInteger(), nullable=False),
        sa.Column("notice_id", sa.SmallInteger(), nullable=True),
        sa.Column("source_id", sa.SmallInteger(), nullable=True),
        sa.Column("holds_until", sa.BigInteger(), nullable=True),
        sa.Column("occurred_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=True),
        sa.Column("state_mac", sa.LargeBinary(length=17), nullable=False),
        sa.Column("operator_id", CompactUuid(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("channel BETWEEN 1 AND 255", name=op.f("ck_consent_channel_known")),
        sa.CheckConstraint("expires_at IS NULL OR expires_at > occurred_at", name=op.f("ck_consent_expires_after")),
        sa.CheckConstraint("kind BETWEEN 1 AND 7", name=op.f("ck_consent_kind_known")),
        sa.CheckConstraint("kind IN (2, 5) OR expires_at IS NULL", name=op.f("ck_consent_only_given_expires")),
        sa.CheckConstraint("method BETWEEN 1 AND 6", name=op.f("ck_consent_method_known")),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_consent_sequence_positive")),
        sa.CheckConstraint("state = 2 OR holds_until IS NULL", name=op.f("ck_consent_only_given_holds")),
        sa.CheckConstraint("state BETWEEN 1 AND 6", name=op.f("ck_consent_state_known")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_consent_notice_id_notice")),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_consent_purpose_id_purpose")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_consent_source_id_source")),
        sa.ForeignKeyConstraint(["subject_id"], ["data_subject.id"], name=op.f("fk_consent_subject_id_data_subject")),
        sa.PrimaryKeyConstraint("subject_id", "purpose_id", "channel", name=op.f("pk_consent")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "consent_earlier_event",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("purpose_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("method", sa.SmallInteger(), nullable=False),
        sa.Column("notice_id", sa.SmallInteger(), nullable=True),
        sa.Column("source_id", sa.SmallInteger(), nullable=True),
        sa.Column("occurred_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=True),
        sa.Column("operator_id", CompactUuid(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("channel BETWEEN 1 AND 255", name=op.f("ck_consent_earlier_event_channel_known")),
        sa.CheckConstraint(
            "expires_at IS NULL OR expires_at > occurred_at", name=op.f("ck_consent_earlier_event_expires_after")
        ),
        sa.CheckConstraint("kind BETWEEN 1 AND 7", name=op.f("ck_consent_earlier_event_kind_known")),
        sa.CheckConstraint(
            "kind IN (2, 5) OR expires_at IS NULL", name=op.f("ck_consent_earlier_event_only_given_expires")
        ),
        sa.CheckConstraint("method BETWEEN 1 AND 6", name=op.f("ck_consent_earlier_event_method_known")),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_consent_earlier_event_sequence_positive")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_consent_earlier_event_notice_id_notice")),
        sa.ForeignKeyConstraint(
            ["purpose_id"], ["purpose.id"], name=op.f("fk_consent_earlier_event_purpose_id_purpose")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_consent_earlier_event_source_id_source")),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["data_subject.id"], name=op.f("fk_consent_earlier_event_subject_id_data_subject")
        ),
        sa.PrimaryKeyConstraint(
            "sequence", "subject_id", "purpose_id", "channel", name=op.f("pk_consent_earlier_event")
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("consent_earlier_event")
    op.drop_table("consent")
