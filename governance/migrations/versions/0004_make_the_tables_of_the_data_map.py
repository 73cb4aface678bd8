"""Make the tables of the data map.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

from governance.orm import CompactUuid, UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blind_token",
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("row_id", CompactUuid(), nullable=False),
    )
    with op.batch_alter_table("blind_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blind_token_token"), ["token"], unique=False)

    op.create_table(
        "map_document",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("source", sa.String(length=63), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("file", sa.String(length=255), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("loaded_by", CompactUuid(), nullable=True),
        sa.Column("loaded_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_map_document_version_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_map_document")),
        sa.UniqueConstraint("source", "version", name=op.f("uq_map_document_source_version")),
    )
    op.create_table(
        "map_proposal",
        sa.Column("source", sa.String(length=63), nullable=False),
        sa.Column("draft", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_by", CompactUuid(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_map_proposal_revision_positive")),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_map_proposal")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.CheckConstraint("id BETWEEN 1 AND 32767", name=op.f("ck_source_id_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("name", name=op.f("uq_source_name")),
    )
    op.create_table(
        "table_number",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("source", sa.String(length=63), nullable=False),
        sa.Column("physical", sa.String(length=127), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("persons", sa.String(), nullable=False),
        sa.Column("former", sa.String(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("id BETWEEN 1 AND 32767", name=op.f("ck_table_number_id_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_number")),
        sa.UniqueConstraint("name", name=op.f("uq_table_number_name")),
    )
    op.create_table(
        "box_shape",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("table_id", sa.SmallInteger(), nullable=False),
        sa.Column("link", sa.String(length=63), nullable=False),
        sa.Column("category", sa.SmallInteger(), nullable=False),
        sa.Column("fields", sa.String(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("id BETWEEN 1 AND 32767", name=op.f("ck_box_shape_id_range")),
        sa.ForeignKeyConstraint(["table_id"], ["table_number.id"], name=op.f("fk_box_shape_table_id_table_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_box_shape")),
        sa.UniqueConstraint(
            "table_id", "link", "category", "fields", name=op.f("uq_box_shape_table_id_link_category_fields")
        ),
    )
    op.create_table(
        "field_number",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("table_id", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("id BETWEEN 1 AND 32767", name=op.f("ck_field_number_id_range")),
        sa.ForeignKeyConstraint(["table_id"], ["table_number.id"], name=op.f("fk_field_number_table_id_table_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_number")),
        sa.UniqueConstraint("table_id", "name", name=op.f("uq_field_number_table_id_name")),
    )
    op.create_table(
        "registered_row",
        sa.Column("table_id", sa.SmallInteger(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=False),
        sa.Column("link", sa.String(length=63), nullable=False),
        sa.Column("row_id", CompactUuid(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("gone_at", UTCDateTime(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["data_subject.id"], name=op.f("fk_registered_row_subject_id_data_subject")
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["table_number.id"], name=op.f("fk_registered_row_table_id_table_number")
        ),
        sa.PrimaryKeyConstraint("table_id", "source_key", "link", name=op.f("pk_registered_row")),
        sa.UniqueConstraint("row_id", "link", name=op.f("uq_registered_row_row_id_link")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("registered_row", schema=None) as batch_op:
        batch_op.create_index("ix_registered_row_subject_id", ["subject_id"], unique=False)

    op.create_table(
        "registry_seal",
        sa.Column("table_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.LargeBinary(length=16), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("rows >= 0", name=op.f("ck_registry_seal_rows_counted")),
        sa.ForeignKeyConstraint(["table_id"], ["table_number.id"], name=op.f("fk_registry_seal_table_id_table_number")),
        sa.PrimaryKeyConstraint("table_id", name=op.f("pk_registry_seal")),
    )


def downgrade() -> None:
    op.drop_table("registry_seal")
    with op.batch_alter_table("registered_row", schema=None) as batch_op:
        batch_op.drop_index("ix_registered_row_subject_id")

    op.drop_table("registered_row")
    op.drop_table("field_number")
    op.drop_table("box_shape")
    op.drop_table("table_number")
    op.drop_table("source")
    op.drop_table("map_proposal")
    op.drop_table("map_document")
    with op.batch_alter_table("blind_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_blind_token_token"))

    op.drop_table("blind_token")
