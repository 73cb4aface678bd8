"""Make the tables of consent.

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

from governance.migrations.columns import states
from governance.orm import CompactUuid, UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consent_change_head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_consent_change_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_change_head")),
    )
    op.create_table(
        "consent_wording",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_consent_wording_digest_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_wording")),
        sa.UniqueConstraint("digest", name=op.f("uq_consent_wording_digest")),
    )
    op.create_table(
        "suppression_tally",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_suppression_tally_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression_tally")),
    )
    op.create_table(
        "suppression",
        sa.Column("hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("purpose_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.SmallInteger(), nullable=False),
        sa.Column("source_id", sa.SmallInteger(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("channel BETWEEN 0 AND 255", name=op.f("ck_suppression_channel_known")),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= since", name=op.f("ck_suppression_ends_after")),
        sa.CheckConstraint("kind BETWEEN 1 AND 2", name=op.f("ck_suppression_kind_known")),
        sa.CheckConstraint("length(hash) = 16", name=op.f("ck_suppression_hash_length")),
        sa.CheckConstraint("purpose_id BETWEEN 0 AND 32767", name=op.f("ck_suppression_purpose_fits")),
        sa.CheckConstraint("reason BETWEEN 1 AND 5", name=op.f("ck_suppression_reason_known")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_suppression_source_id_source")),
        sa.PrimaryKeyConstraint("hash", "purpose_id", "channel", "since", name=op.f("pk_suppression")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "subscriber",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("way", states("way", "webhook", "feed"), nullable=False),
        sa.Column("state", states("subscriberstate", "active", "paused", "ended"), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=True),
        sa.Column("token_id", CompactUuid(), nullable=True),
        sa.Column("purposes", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("older_secret", sa.LargeBinary(), nullable=True),
        sa.Column("secret_since", UTCDateTime(), nullable=True),
        sa.Column("paused_because", states("pausecause", "decided", "gone", "silent"), nullable=True),
        sa.Column("made_by", CompactUuid(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_subscriber_ended_at_known")),
        sa.CheckConstraint(
            "(state = 'paused') = (paused_because IS NOT NULL)", name=op.f("ck_subscriber_paused_for_a_cause")
        ),
        sa.CheckConstraint("(way = 'feed') = (token_id IS NOT NULL)", name=op.f("ck_subscriber_feed_has_reader")),
        sa.CheckConstraint(
            "(way = 'webhook' AND state <> 'ended') = (secret IS NOT NULL)", name=op.f("ck_subscriber_webhook_signs")
        ),
        sa.CheckConstraint("(way = 'webhook') = (address IS NOT NULL)", name=op.f("ck_subscriber_webhook_has_address")),
        sa.CheckConstraint("(secret IS NULL) = (secret_since IS NULL)", name=op.f("ck_subscriber_secret_since_known")),
        sa.CheckConstraint(
            "secret IS NOT NULL OR older_secret IS NULL", name=op.f("ck_subscriber_older_secret_beside_another")
        ),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], name=op.f("fk_subscriber_token_id_api_token")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriber")),
    )
    with op.batch_alter_table("subscriber", schema=None) as batch_op:
        batch_op.create_index(
            "uq_subscriber_live_name",
            ["name"],
            unique=True,
            sqlite_where=sa.text("state <> 'ended'"),
            postgresql_where=sa.text("state <> 'ended'"),
        )
        batch_op.create_index(
            "uq_subscriber_live_token",
            ["token_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'ended'"),
            postgresql_where=sa.text("state <> 'ended'"),
        )

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
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(
            "ix_consent_holds_until",
            ["holds_until"],
            unique=False,
            sqlite_where=sa.text("holds_until IS NOT NULL"),
            postgresql_where=sa.text("holds_until IS NOT NULL"),
        )

    op.create_table(
        "consent_change",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(always=False), nullable=False
        ),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose_id", sa.SmallInteger(), nullable=False),
        sa.Column("channel", sa.SmallInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("occurred_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("holds_until", UTCDateTime(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_consent_change_position_positive")),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_consent_change_purpose_id_purpose")),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["data_subject.id"], name=op.f("fk_consent_change_subject_id_data_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_change")),
        sa.UniqueConstraint("position", name=op.f("uq_consent_change_position")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("consent_change", schema=None) as batch_op:
        batch_op.create_index("ix_consent_change_recorded_at", ["recorded_at"], unique=False)
        batch_op.create_index(
            "ix_consent_change_unnumbered",
            ["id"],
            unique=False,
            sqlite_where=sa.text("position IS NULL"),
            postgresql_where=sa.text("position IS NULL"),
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
    op.create_table(
        "consent_evidence",
        sa.Column("subject_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("purpose_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("weaknesses", sa.SmallInteger(), nullable=False),
        sa.Column("wording_id", sa.Integer(), nullable=True),
        sa.Column("file_id", CompactUuid(), nullable=True),
        sa.Column("box", sa.LargeBinary(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_consent_evidence_sequence_positive")),
        sa.CheckConstraint("weaknesses BETWEEN 0 AND 32767", name=op.f("ck_consent_evidence_weaknesses_known")),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_consent_evidence_purpose_id_purpose")),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["data_subject.id"], name=op.f("fk_consent_evidence_subject_id_data_subject")
        ),
        sa.ForeignKeyConstraint(
            ["wording_id"], ["consent_wording.id"], name=op.f("fk_consent_evidence_wording_id_consent_wording")
        ),
        sa.PrimaryKeyConstraint("subject_id", "purpose_id", "channel", "sequence", name=op.f("pk_consent_evidence")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "subscriber_line",
        sa.Column("subscriber_id", CompactUuid(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", UTCDateTime(), nullable=True),
        sa.Column("retry_at", UTCDateTime(), nullable=True),
        sa.Column("last_status", sa.SmallInteger(), nullable=True),
        sa.Column("delivered_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(failures = 0) = (failing_since IS NULL)", name=op.f("ck_subscriber_line_failing_since_known")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscriber.id"], name=op.f("fk_subscriber_line_subscriber_id_subscriber")
        ),
        sa.PrimaryKeyConstraint("subscriber_id", name=op.f("pk_subscriber_line")),
    )
    op.create_table(
        "consent_delivery",
        sa.Column("subscriber_id", CompactUuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("state", states("deliverystate", "waiting", "delivered", "dead", "skipped"), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_status", sa.SmallInteger(), nullable=True),
        sa.Column("tried_at", UTCDateTime(), nullable=True),
        sa.Column("delivered_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "state <> 'delivered' OR delivered_at IS NOT NULL", name=op.f("ck_consent_delivery_delivered_at_known")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_consent_delivery_attempts_not_negative")),
        sa.ForeignKeyConstraint(
            ["position"], ["consent_change.position"], name=op.f("fk_consent_delivery_position_consent_change")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["data_subject.id"], name=op.f("fk_consent_delivery_subject_id_data_subject")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscriber.id"], name=op.f("fk_consent_delivery_subscriber_id_subscriber")
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "position", name=op.f("pk_consent_delivery")),
    )
    with op.batch_alter_table("consent_delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_consent_delivery_unsettled",
            ["subscriber_id", "subject_id", "position"],
            unique=False,
            sqlite_where=sa.text("state IN ('waiting', 'dead')"),
            postgresql_where=sa.text("state IN ('waiting', 'dead')"),
        )
        batch_op.create_index(
            "ix_consent_delivery_waiting",
            ["subscriber_id", "position"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("consent_delivery", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_consent_delivery_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(
            "ix_consent_delivery_unsettled",
            sqlite_where=sa.text("state IN ('waiting', 'dead')"),
            postgresql_where=sa.text("state IN ('waiting', 'dead')"),
        )

    op.drop_table("consent_delivery")
    op.drop_table("subscriber_line")
    op.drop_table("consent_evidence")
    op.drop_table("consent_earlier_event")
    with op.batch_alter_table("consent_change", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_consent_change_unnumbered",
            sqlite_where=sa.text("position IS NULL"),
            postgresql_where=sa.text("position IS NULL"),
        )
        batch_op.drop_index("ix_consent_change_recorded_at")

    op.drop_table("consent_change")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_consent_holds_until",
            sqlite_where=sa.text("holds_until IS NOT NULL"),
            postgresql_where=sa.text("holds_until IS NOT NULL"),
        )

    op.drop_table("consent")
    with op.batch_alter_table("subscriber", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_subscriber_live_token",
            sqlite_where=sa.text("state <> 'ended'"),
            postgresql_where=sa.text("state <> 'ended'"),
        )
        batch_op.drop_index(
            "uq_subscriber_live_name",
            sqlite_where=sa.text("state <> 'ended'"),
            postgresql_where=sa.text("state <> 'ended'"),
        )

    op.drop_table("subscriber")
    op.drop_table("suppression")
    op.drop_table("suppression_tally")
    op.drop_table("consent_wording")
    op.drop_table("consent_change_head")
