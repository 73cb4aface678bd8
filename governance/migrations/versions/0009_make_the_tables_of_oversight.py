"""Make the tables of oversight.

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

from governance.migrations.columns import states
from governance.orm import CompactUuid, UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "authority_letter",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("direction", states("direction", "in", "out"), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("answers_id", CompactUuid(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("due_on IS NULL OR due_on >= dated_on", name=op.f("ck_authority_letter_due_after_dated")),
        sa.CheckConstraint("length(subject) > 0", name=op.f("ck_authority_letter_has_subject")),
        sa.ForeignKeyConstraint(
            ["answers_id"], ["authority_letter.id"], name=op.f("fk_authority_letter_answers_id_authority_letter")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_letter")),
    )
    with op.batch_alter_table("authority_letter", schema=None) as batch_op:
        batch_op.create_index("ix_authority_letter_answers_id", ["answers_id"], unique=False)
        batch_op.create_index("ix_authority_letter_dated_on", ["dated_on", "id"], unique=False)
        batch_op.create_index("ix_authority_letter_due_on", ["due_on"], unique=False)

    op.create_table(
        "drift_aside",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("finding", sa.String(length=32), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("severity", states("severity", "serious", "to-settle", "to-know"), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", CompactUuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_drift_aside_has_reason")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drift_aside")),
    )
    with op.batch_alter_table("drift_aside", schema=None) as batch_op:
        batch_op.create_index("ix_drift_aside_until", ["until"], unique=False)

    op.create_table(
        "drift_look",
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("looked_at", UTCDateTime(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("problem", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_drift_look")),
    )
    op.create_table(
        "drift_seen",
        sa.Column("finding", sa.String(length=32), nullable=False),
        sa.Column("first_seen_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("finding", name=op.f("pk_drift_seen")),
    )
    op.create_table(
        "training_session",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("held_by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("length(subject) > 0", name=op.f("ck_training_session_has_subject")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_training_session_takes_time")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_session")),
    )
    with op.batch_alter_table("training_session", schema=None) as batch_op:
        batch_op.create_index("ix_training_session_held_on", ["held_on", "id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("brought_by", CompactUuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_document_titled")),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= dated_on", name=op.f("ck_document_valid_after_dated")
        ),
        sa.ForeignKeyConstraint(["brought_by"], ["account.id"], name=op.f("fk_document_brought_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index("ix_document_valid_until", ["valid_until"], unique=False)

    op.create_table(
        "inspection_file",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("actor_id", CompactUuid(), nullable=False),
        sa.Column("occasion", sa.String(length=200), nullable=False),
        sa.Column("languages", sa.String(length=8), nullable=False),
        sa.Column("slugs", sa.Text(), nullable=False),
        sa.Column("last_id", CompactUuid(), nullable=True),
        sa.Column("state", states("inspectionstate", "queued", "ready", "broken off", "expired"), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(length=32), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("archive_id", CompactUuid(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("manifest_digest", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "state <> 'ready' OR archive_id IS NOT NULL", name=op.f("ck_inspection_file_ready_with_archive")
        ),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_inspection_file_ends_after_start")),
        sa.CheckConstraint("length(occasion) > 0", name=op.f("ck_inspection_file_has_occasion")),
        sa.CheckConstraint("number >= 1 AND done >= 0", name=op.f("ck_inspection_file_numbers_make_sense")),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_inspection_file_actor_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_file")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_inspection_file_year_number")),
    )
    with op.batch_alter_table("inspection_file", schema=None) as batch_op:
        batch_op.create_index("ix_inspection_file_state", ["state", "expires_at"], unique=False)
        batch_op.create_index(
            "uq_inspection_file_under_way",
            ["state"],
            unique=True,
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )

    op.create_table(
        "maturity_review",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("made_by", CompactUuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_maturity_review_made_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maturity_review")),
    )
    with op.batch_alter_table("maturity_review", schema=None) as batch_op:
        batch_op.create_index("ix_maturity_review_made_at", ["made_at", "id"], unique=False)

    op.create_table(
        "officer",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mandate", states("mandate", "internal", "external"), nullable=False),
        sa.Column("firm_id", CompactUuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=True),
        sa.Column("published", sa.Text(), nullable=False),
        sa.Column("resources", sa.Text(), nullable=False),
        sa.Column("conflicts", sa.Text(), nullable=False),
        sa.Column("conflicts_on", sa.Date(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("firm_id IS NULL OR mandate = 'external'", name=op.f("ck_officer_firm_is_external")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_officer_named")),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_officer_until_after_since")),
        sa.ForeignKeyConstraint(["firm_id"], ["party.id"], name=op.f("fk_officer_firm_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
    )
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.create_index("ix_officer_since", ["since", "id"], unique=False)

    op.create_table(
        "plan_action",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column(
            "about",
            states(
                "about",
                "activity",
                "assessment",
                "party",
                "contract",
                "drift",
                "access-review",
                "action",
                "document",
                "training",
                "officer",
                "letter",
                "maturity",
            ),
            nullable=True,
        ),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("owner_id", CompactUuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=True),
        sa.Column("priority", states("priority", "high", "normal", "low"), nullable=False),
        sa.Column("state", states("actionstate", "to-do", "under-way", "done", "dropped"), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("made_by", CompactUuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (state IN ('to-do', 'under-way'))", name=op.f("ck_plan_action_settled_once")
        ),
        sa.CheckConstraint("state <> 'dropped' OR outcome <> ''", name=op.f("ck_plan_action_dropped_with_reason")),
        sa.CheckConstraint(
            "(about IS NULL) = (reference IS NULL)", name=op.f("ck_plan_action_about_something_or_nothing")
        ),
        sa.CheckConstraint("cost IS NULL OR cost >= 0", name=op.f("ck_plan_action_cost_not_negative")),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_plan_action_titled")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_plan_action_made_by_account")),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_plan_action_owner_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
    )
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.create_index("ix_plan_action_about", ["about", "reference"], unique=False)
        batch_op.create_index("ix_plan_action_due", ["state", "due_on", "id"], unique=False)
        batch_op.create_index("ix_plan_action_owner", ["owner_id", "state", "due_on"], unique=False)

    op.create_table(
        "training_part",
        sa.Column("session_id", CompactUuid(), nullable=False),
        sa.Column("account_id", CompactUuid(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_training_part_account_id_account")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_session.id"], name=op.f("fk_training_part_session_id_training_session")
        ),
        sa.PrimaryKeyConstraint("session_id", "account_id", name=op.f("pk_training_part")),
    )
    with op.batch_alter_table("training_part", schema=None) as batch_op:
        batch_op.create_index("ix_training_part_account_id", ["account_id"], unique=False)

    op.create_table(
        "document_link",
        sa.Column("document_id", CompactUuid(), nullable=False),
        sa.Column(
            "about",
            states(
                "about",
                "activity",
                "assessment",
                "party",
                "contract",
                "drift",
                "access-review",
                "action",
                "document",
                "training",
                "officer",
                "letter",
                "maturity",
            ),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_link_document_id_document")),
        sa.PrimaryKeyConstraint("document_id", "about", "reference", name=op.f("pk_document_link")),
    )
    with op.batch_alter_table("document_link", schema=None) as batch_op:
        batch_op.create_index("ix_document_link_about", ["about", "reference"], unique=False)

    op.create_table(
        "document_version",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("document_id", CompactUuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            states("filekind", "pdf", "png", "jpeg", "webp", "txt", "xlsx", "ods", "docx", "odt"),
            nullable=False,
        ),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("brought_by", CompactUuid(), nullable=False),
        sa.Column("brought_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_document_version_digest_length")),
        sa.CheckConstraint("size > 0", name=op.f("ck_document_version_not_empty")),
        sa.ForeignKeyConstraint(["brought_by"], ["account.id"], name=op.f("fk_document_version_brought_by_account")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_version_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_version")),
    )
    with op.batch_alter_table("document_version", schema=None) as batch_op:
        batch_op.create_index("ix_document_version_document_id", ["document_id", "number"], unique=True)

    op.create_table(
        "inspection_piece",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("file_id", CompactUuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("title_fr", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("number >= 1 AND size >= 0", name=op.f("ck_inspection_piece_numbers_make_sense")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["inspection_file.id"], name=op.f("fk_inspection_piece_file_id_inspection_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_piece")),
        sa.UniqueConstraint("file_id", "number", name=op.f("uq_inspection_piece_file_id_number")),
    )
    op.create_table(
        "maturity_level",
        sa.Column("review_id", CompactUuid(), nullable=False),
        sa.Column(
            "activity",
            states(
                "maturityactivity",
                "procedures",
                "governance",
                "inventory",
                "compliance",
                "training",
                "requests",
                "security",
                "breaches",
            ),
            nullable=False,
        ),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("target", sa.SmallInteger(), nullable=False),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 5 AND target BETWEEN 0 AND 5", name=op.f("ck_maturity_level_levels")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["maturity_review.id"], name=op.f("fk_maturity_level_review_id_maturity_review")
        ),
        sa.PrimaryKeyConstraint("review_id", "activity", name=op.f("pk_maturity_level")),
    )
    op.create_table(
        "plan_reminder",
        sa.Column("action_id", CompactUuid(), nullable=False),
        sa.Column("account_id", CompactUuid(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_plan_reminder_account_id_account")),
        sa.ForeignKeyConstraint(["action_id"], ["plan_action.id"], name=op.f("fk_plan_reminder_action_id_plan_action")),
        sa.PrimaryKeyConstraint("action_id", name=op.f("pk_plan_reminder")),
    )
    with op.batch_alter_table("plan_reminder", schema=None) as batch_op:
        batch_op.create_index("ix_plan_reminder_account_id", ["account_id", "reminded_on"], unique=False)

    op.create_table(
        "plan_step",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("action_id", CompactUuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("verb", states("actionverb", "add", "change", "start", "finish", "drop", "reopen"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["plan_action.id"], name=op.f("fk_plan_step_action_id_plan_action")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_step")),
    )
    with op.batch_alter_table("plan_step", schema=None) as batch_op:
        batch_op.create_index("ix_plan_step_action_id", ["action_id", "revision"], unique=True)


def downgrade() -> None:
    with op.batch_alter_table("plan_step", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_step_action_id")

    op.drop_table("plan_step")
    with op.batch_alter_table("plan_reminder", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_reminder_account_id")

    op.drop_table("plan_reminder")
    op.drop_table("maturity_level")
    op.drop_table("inspection_piece")
    with op.batch_alter_table("document_version", schema=None) as batch_op:
        batch_op.drop_index("ix_document_version_document_id")

    op.drop_table("document_version")
    with op.batch_alter_table("document_link", schema=None) as batch_op:
        batch_op.drop_index("ix_document_link_about")

    op.drop_table("document_link")
    with op.batch_alter_table("training_part", schema=None) as batch_op:
        batch_op.drop_index("ix_training_part_account_id")

    op.drop_table("training_part")
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_action_owner")
        batch_op.drop_index("ix_plan_action_due")
        batch_op.drop_index("ix_plan_action_about")

    op.drop_table("plan_action")
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.drop_index("ix_officer_since")

    op.drop_table("officer")
    with op.batch_alter_table("maturity_review", schema=None) as batch_op:
        batch_op.drop_index("ix_maturity_review_made_at")

    op.drop_table("maturity_review")
    with op.batch_alter_table("inspection_file", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_inspection_file_under_way",
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )
        batch_op.drop_index("ix_inspection_file_state")

    op.drop_table("inspection_file")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index("ix_document_valid_until")

    op.drop_table("document")
    with op.batch_alter_table("training_session", schema=None) as batch_op:
        batch_op.drop_index("ix_training_session_held_on")

    op.drop_table("training_session")
    op.drop_table("drift_seen")
    op.drop_table("drift_look")
    with op.batch_alter_table("drift_aside", schema=None) as batch_op:
        batch_op.drop_index("ix_drift_aside_until")

    op.drop_table("drift_aside")
    with op.batch_alter_table("authority_letter", schema=None) as batch_op:
        batch_op.drop_index("ix_authority_letter_due_on")
        batch_op.drop_index("ix_authority_letter_dated_on")
        batch_op.drop_index("ix_authority_letter_answers_id")

    op.drop_table("authority_letter")
