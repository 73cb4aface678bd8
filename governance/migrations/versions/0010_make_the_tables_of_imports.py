"""Make the tables of imports.

Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

from governance.migrations.columns import states
from governance.orm import CompactUuid, UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("file_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("plan_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", states("importstate", "running", "finished", "undoing", "undone"), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("actor_id", CompactUuid(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("point", sa.String(length=64), nullable=False),
        sa.Column("last_row", sa.Integer(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("unsolicited", sa.Integer(), nullable=False),
        sa.Column("begun_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "accepted >= 0 AND refused >= duplicates AND duplicates >= 0", name=op.f("ck_import_run_counts_add_up")
        ),
        sa.CheckConstraint("last_row >= 0 AND last_row <= row_count", name=op.f("ck_import_run_row_within")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.create_index(
            "uq_import_run_file",
            ["table_name", "file_digest"],
            unique=True,
            sqlite_where=sa.text("state <> 'undone'"),
            postgresql_where=sa.text("state <> 'undone'"),
        )

    op.create_table(
        "import_refusal",
        sa.Column("import_id", CompactUuid(), nullable=False),
        sa.Column("row_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("column_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.String(length=63), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_import_refusal_import_id_import_run")),
        sa.PrimaryKeyConstraint("import_id", "row_number", "column_number", name=op.f("pk_import_refusal")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "import_upload",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("actor_id", CompactUuid(), nullable=False),
        sa.Column("actor_kind", states("actorkind", "person", "program", "host", "system", "subject"), nullable=False),
        sa.Column("token_id", CompactUuid(), nullable=True),
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            states(
                "uploadstate",
                "received",
                "queued",
                "being imported",
                "stopped",
                "broken off",
                "being undone",
                "imported",
                "taken back",
                "discarded",
                "expired",
            ),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("settings_box", sa.LargeBinary(), nullable=True),
        sa.Column("import_id", CompactUuid(), nullable=True),
        sa.Column("failure", sa.String(length=32), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_import_upload_ends_after_start")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_import_upload_size_not_negative")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_import_upload_import_id_import_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_upload")),
    )
    with op.batch_alter_table("import_upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_upload_actor_id_id"), ["actor_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_upload_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_upload_state_expires_at"), ["state", "expires_at"], unique=False)

    op.create_table(
        "imported_row",
        sa.Column("import_id", CompactUuid(), nullable=False),
        sa.Column("row_id", CompactUuid(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column("task_id", CompactUuid(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_imported_row_import_id_import_run")),
        sa.PrimaryKeyConstraint("import_id", "row_id", name=op.f("pk_imported_row")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("imported_row")
    with op.batch_alter_table("import_upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_upload_state_expires_at"))
        batch_op.drop_index(batch_op.f("ix_import_upload_import_id"))
        batch_op.drop_index(batch_op.f("ix_import_upload_actor_id_id"))

    op.drop_table("import_upload")
    op.drop_table("import_refusal")
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_import_run_file",
            sqlite_where=sa.text("state <> 'undone'"),
            postgresql_where=sa.text("state <> 'undone'"),
        )

    op.drop_table("import_run")
