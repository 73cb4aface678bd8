"""Make the tables of the register.

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

from governance.migrations.columns import states
from governance.orm import CompactUuid, PeriodText, UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adequacy",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("scope_fr", sa.Text(), nullable=False),
        sa.Column("scope_en", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("(scope_fr = '') = (scope_en = '')", name=op.f("ck_adequacy_scope_in_both_languages")),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_adequacy_country_code")),
        sa.CheckConstraint("until IS NULL OR until >= decided_on", name=op.f("ck_adequacy_until_after_decided")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adequacy")),
    )
    with op.batch_alter_table("adequacy", schema=None) as batch_op:
        batch_op.create_index("ix_adequacy_country", ["country"], unique=False)

    op.create_table(
        "collection_point",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name_fr", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column(
            "way",
            states(
                "collectionway", "website", "counter", "telephone", "paper", "bought-file", "partner", "public-source"
            ),
            nullable=False,
        ),
        sa.Column("covers_all", sa.Boolean(), nullable=False),
        sa.Column("source_fr", sa.String(length=200), nullable=False),
        sa.Column("source_en", sa.String(length=200), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "(way IN ('bought-file', 'partner', 'public-source')) = (source_fr <> '' AND source_en <> '')",
            name=op.f("ck_collection_point_source_where_indirect"),
        ),
        sa.CheckConstraint("length(name_fr) > 0 AND length(name_en) > 0", name=op.f("ck_collection_point_named")),
        sa.CheckConstraint(
            "length(slug) BETWEEN 1 AND 64 AND slug = lower(slug)", name=op.f("ck_collection_point_slug_shape")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_point")),
        sa.UniqueConstraint("slug", name=op.f("uq_collection_point_slug")),
    )
    op.create_table(
        "measure",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column(
            "domain",
            states(
                "measuredomain",
                "access",
                "encryption",
                "tracing",
                "software",
                "continuity",
                "premises",
                "people",
                "processors",
                "organisation",
            ),
            nullable=False,
        ),
        sa.Column("label_fr", sa.String(length=200), nullable=False),
        sa.Column("label_en", sa.String(length=200), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("delivered", sa.Boolean(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("length(label_fr) > 0 AND length(label_en) > 0", name=op.f("ck_measure_named")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "length(slug) BETWEEN 1 AND 64 AND slug = lower(slug) AND slug NOT LIKE '% %'",
            name=op.f("ck_notice_slug_shape"),
        ),
        sa.CheckConstraint("id BETWEEN 1 AND 32767", name=op.f("ck_notice_number_fits")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_notice_version_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("slug", "version", "language", name=op.f("uq_notice_slug_version_language")),
    )
    op.create_table(
        "party",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("legal_form", sa.String(length=200), nullable=False),
        sa.Column("registration", sa.String(length=32), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("postcode", sa.String(length=16), nullable=False),
        sa.Column("city", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("telephone", sa.String(length=32), nullable=False),
        sa.Column("representative_id", CompactUuid(), nullable=True),
        sa.Column("dpo_id", CompactUuid(), nullable=True),
        sa.Column("firm_id", CompactUuid(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("firm_id <> id", name=op.f("ck_party_firm_is_another")),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_party_country_code")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_party_named")),
        sa.ForeignKeyConstraint(["dpo_id"], ["party.id"], name=op.f("fk_party_dpo_id_party")),
        sa.ForeignKeyConstraint(["firm_id"], ["party.id"], name=op.f("fk_party_firm_id_party")),
        sa.ForeignKeyConstraint(["representative_id"], ["party.id"], name=op.f("fk_party_representative_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
    )
    op.create_table(
        "register_import",
        sa.Column("account_id", CompactUuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_register_import_digest_is_sha256")),
        sa.PrimaryKeyConstraint("account_id", "digest", name=op.f("pk_register_import")),
    )
    with op.batch_alter_table("register_import", schema=None) as batch_op:
        batch_op.create_index("ix_register_import_expires_at", ["expires_at"], unique=False)

    op.create_table(
        "register_print",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("actor_id", CompactUuid(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("register", states("register", "controller", "processor"), nullable=True),
        sa.Column("state", states("printstate", "queued", "ready", "broken off", "expired"), nullable=False),
        sa.Column("last_id", CompactUuid(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(length=32), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("count >= 0 AND done >= 0", name=op.f("ck_register_print_numbers_not_negative")),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_register_print_ends_after_start")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_print")),
    )
    with op.batch_alter_table("register_print", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_print_actor_id_id"), ["actor_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_register_print_state_expires_at"), ["state", "expires_at"], unique=False)

    op.create_table(
        "register_upload",
        sa.Column("account_id", CompactUuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_register_upload_digest_is_sha256")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_register_upload")),
    )
    with op.batch_alter_table("register_upload", schema=None) as batch_op:
        batch_op.create_index("ix_register_upload_expires_at", ["expires_at"], unique=False)

    op.create_table(
        "review_default",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_review_default_only_one")),
        sa.CheckConstraint("months BETWEEN 1 AND 60", name=op.f("ck_review_default_months_in_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_default")),
    )
    op.create_table(
        "activity",
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name_fr", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("kept_since", sa.Date(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("capacity", states("capacity", "controller", "joint-controller", "processor"), nullable=False),
        sa.Column("owner_id", CompactUuid(), nullable=True),
        sa.Column("controller_id", CompactUuid(), nullable=True),
        sa.Column(
            "state",
            states("activitystate", "draft", "submitted", "advised", "active", "under-review", "suspended", "retired"),
            nullable=False,
        ),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("mode", states("mode", "observe", "enforce"), nullable=False),
        sa.Column("observed_until", UTCDateTime(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("opinion", states("opinion", "favourable", "reserved", "unfavourable"), nullable=True),
        sa.Column("opinion_text", sa.Text(), nullable=False),
        sa.Column("advised_by", CompactUuid(), nullable=True),
        sa.Column("overriding_reason", sa.Text(), nullable=True),
        sa.Column("words_in_force", sa.String(length=64), nullable=True),
        sa.Column("collected_for", sa.Text(), nullable=True),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.Column("version_in_force", sa.Integer(), nullable=True),
        sa.Column("decided_alone", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "NOT running OR mode <> 'observe' OR observed_until IS NOT NULL", name=op.f("ck_activity_observing_ends")
        ),
        sa.CheckConstraint(
            "NOT running OR state NOT IN ('draft', 'suspended', 'retired')",
            name=op.f("ck_activity_closed_does_not_run"),
        ),
        sa.CheckConstraint(
            "length(slug) BETWEEN 1 AND 64 AND slug = lower(slug) AND slug NOT LIKE '% %'",
            name=op.f("ck_activity_slug_shape"),
        ),
        sa.CheckConstraint(
            "mode <> 'enforce' OR observed_until IS NULL", name=op.f("ck_activity_enforcing_has_no_end")
        ),
        sa.CheckConstraint(
            "opinion IS NOT NULL OR state NOT IN ('advised', 'active', 'under-review', 'suspended')",
            name=op.f("ck_activity_opinion_before_activation"),
        ),
        sa.CheckConstraint("running OR state NOT IN ('active', 'under-review')", name=op.f("ck_activity_active_runs")),
        sa.CheckConstraint(
            "state <> 'active' OR controller_id IS NOT NULL", name=op.f("ck_activity_active_has_controller")
        ),
        sa.CheckConstraint(
            "state <> 'active' OR opinion <> 'unfavourable' OR (overriding_reason IS NOT NULL AND length(overriding_reason) > 0)",
            name=op.f("ck_activity_override_has_reason"),
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_activity_revision_positive")),
        sa.ForeignKeyConstraint(["controller_id"], ["party.id"], name=op.f("fk_activity_controller_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("slug", name=op.f("uq_activity_slug")),
    )
    op.create_table(
        "contract",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("party_id", CompactUuid(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("clauses", sa.String(length=8), nullable=False),
        sa.Column("sub_processing", states("subprocessing", "none", "specific", "general"), nullable=False),
        sa.Column("sub_processors", sa.Text(), nullable=False),
        sa.Column("audited_on", sa.Date(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("from_file", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= signed_on", name=op.f("ck_contract_ends_after_signed")),
        sa.CheckConstraint("ends_on IS NULL OR signed_on IS NOT NULL", name=op.f("ck_contract_ends_once_signed")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_contract_party_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
    )
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.create_index("ix_contract_party_id", ["party_id"], unique=False)

    op.create_table(
        "information_task",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("point_id", CompactUuid(), nullable=False),
        sa.Column("import_id", CompactUuid(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("obtained_on", sa.Date(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("message_on", sa.Date(), nullable=True),
        sa.Column("message_by", CompactUuid(), nullable=True),
        sa.Column("message_version", sa.Integer(), nullable=True),
        sa.Column("message_people", sa.Integer(), nullable=True),
        sa.Column("message_of", sa.Integer(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column(
            "told_by",
            states(
                "toldby",
                "letter",
                "email",
                "text-message",
                "telephone",
                "first-message",
                "known-already",
                "disproportionate",
                "laid-down-by-law",
                "secrecy",
            ),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.Column("settled_by", CompactUuid(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "(message_on IS NULL) = (message_version IS NULL)", name=op.f("ck_information_task_message_with_notice")
        ),
        sa.CheckConstraint(
            "(message_people IS NULL) = (message_of IS NULL)", name=op.f("ck_information_task_message_counted_whole")
        ),
        sa.CheckConstraint("(told_on IS NULL) = (told_by IS NULL)", name=op.f("ck_information_task_told_when_and_how")),
        sa.CheckConstraint(
            "message_people >= 0 AND message_people <= message_of",
            name=op.f("ck_information_task_message_counts_add_up"),
        ),
        sa.CheckConstraint("part >= 1 AND people >= 0", name=op.f("ck_information_task_part_and_people_positive")),
        sa.ForeignKeyConstraint(
            ["point_id"], ["collection_point.id"], name=op.f("fk_information_task_point_id_collection_point")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_task")),
        sa.UniqueConstraint("import_id", "part", name=op.f("uq_information_task_import_id_part")),
    )
    with op.batch_alter_table("information_task", schema=None) as batch_op:
        batch_op.create_index("ix_information_task_told_on", ["told_on"], unique=False)

    op.create_table(
        "notice_text",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("point_id", CompactUuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("cause", sa.String(length=64), nullable=True),
        sa.Column("actor_id", CompactUuid(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_notice_text_version_positive")),
        sa.ForeignKeyConstraint(
            ["point_id"], ["collection_point.id"], name=op.f("fk_notice_text_point_id_collection_point")
        ),
        sa.PrimaryKeyConstraint("slug", "version", name=op.f("pk_notice_text")),
    )
    with op.batch_alter_table("notice_text", schema=None) as batch_op:
        batch_op.create_index("ix_notice_text_point_id", ["point_id", "version"], unique=False)

    op.create_table(
        "register_volume",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("print_id", CompactUuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "number >= 1 AND first >= 1 AND count >= 0 AND size > 0", name=op.f("ck_register_volume_numbers_make_sense")
        ),
        sa.ForeignKeyConstraint(
            ["print_id"], ["register_print.id"], name=op.f("fk_register_volume_print_id_register_print")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_volume")),
        sa.UniqueConstraint("print_id", "number", name=op.f("uq_register_volume_print_id_number")),
    )
    op.create_table(
        "activity_asset",
        sa.Column("kind", states("assetkind", "application", "table"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("activity_id", CompactUuid(), nullable=False),
        sa.Column("standing", states("standing", "proposed", "in-force", "leaving", "ended"), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("standing <> 'ended'", name=op.f("ck_activity_asset_ended_is_deleted")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_activity_asset_named")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_asset_activity_id_activity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_asset")),
        sa.UniqueConstraint("activity_id", "kind", "name", "standing", name="uq_activity_asset_line"),
    )
    with op.batch_alter_table("activity_asset", schema=None) as batch_op:
        batch_op.create_index("ix_activity_asset_activity_id", ["activity_id"], unique=False)

    op.create_table(
        "activity_decision",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("solely", sa.Boolean(), nullable=False),
        sa.Column("ground", states("decisionground", "contract", "law", "explicit-consent"), nullable=True),
        sa.Column("logic", sa.Text(), nullable=False),
        sa.Column("significance", sa.Text(), nullable=False),
        sa.Column("safeguards", sa.Text(), nullable=False),
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("activity_id", CompactUuid(), nullable=False),
        sa.Column("standing", states("standing", "proposed", "in-force", "leaving", "ended"), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("standing <> 'ended'", name=op.f("ck_activity_decision_ended_is_deleted")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_activity_decision_named")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_decision_activity_id_activity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_decision")),
        sa.UniqueConstraint("activity_id", "name", "standing", name="uq_activity_decision_line"),
    )
    with op.batch_alter_table("activity_decision", schema=None) as batch_op:
        batch_op.create_index("ix_activity_decision_activity_id", ["activity_id"], unique=False)

    op.create_table(
        "activity_measure",
        sa.Column("measure_id", CompactUuid(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("activity_id", CompactUuid(), nullable=False),
        sa.Column("standing", states("standing", "proposed", "in-force", "leaving", "ended"), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("standing <> 'ended'", name=op.f("ck_activity_measure_ended_is_deleted")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_measure_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_activity_measure_measure_id_measure")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_measure")),
        sa.UniqueConstraint("activity_id", "measure_id", "standing", name="uq_activity_measure_line"),
    )
    with op.batch_alter_table("activity_measure", schema=None) as batch_op:
        batch_op.create_index("ix_activity_measure_activity_id", ["activity_id"], unique=False)

    op.create_table(
        "activity_party",
        sa.Column("party_id", CompactUuid(), nullable=False),
        sa.Column(
            "relation", states("relation", "joint-controller", "processor", "recipient", "principal"), nullable=False
        ),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("activity_id", CompactUuid(), nullable=False),
        sa.Column("standing", states("standing", "proposed", "in-force", "leaving", "ended"), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("standing <> 'ended'", name=op.f("ck_activity_party_ended_is_deleted")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_party_activity_id_activity")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_activity_party_party_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_party")),
        sa.UniqueConstraint("activity_id", "party_id", "relation", "standing", name="uq_activity_party_line"),
    )
    with op.batch_alter_table("activity_party", schema=None) as batch_op:
        batch_op.create_index("ix_activity_party_activity_id", ["activity_id"], unique=False)
        batch_op.create_index("ix_activity_party_party_id", ["party_id"], unique=False)

    op.create_table(
        "activity_people",
        sa.Column(
            "subject_kind",
            states("subjectkind", "customer", "prospect", "contact", "employee", "other"),
            nullable=False,
        ),
        sa.Column("estimate", sa.Integer(), nullable=False),
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("activity_id", CompactUuid(), nullable=False),
        sa.Column("standing", states("standing", "proposed", "in-force", "leaving", "ended"), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("standing <> 'ended'", name=op.f("ck_activity_people_ended_is_deleted")),
        sa.CheckConstraint("estimate >= 0", name=op.f("ck_activity_people_estimate_not_negative")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_people_activity_id_activity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_people")),
        sa.UniqueConstraint("activity_id", "subject_kind", "standing", name="uq_activity_people_line"),
    )
    with op.batch_alter_table("activity_people", schema=None) as batch_op:
        batch_op.create_index("ix_activity_people_activity_id", ["activity_id"], unique=False)

    op.create_table(
        "activity_review",
        sa.Column("activity_id", CompactUuid(), nullable=False),
        sa.Column("looked_at", UTCDateTime(), nullable=True),
        sa.Column("months", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("months BETWEEN 1 AND 60", name=op.f("ck_activity_review_months_in_range")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_review_activity_id_activity")),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_activity_review")),
    )
    with op.batch_alter_table("activity_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_review_looked_at"), ["looked_at"], unique=False)

    op.create_table(
        "activity_rights",
        sa.Column("how_fr", sa.Text(), nullable=False),
        sa.Column("how_en", sa.Text(), nullable=False),
        sa.Column("limits", sa.Text(), nullable=False),
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("activity_id", CompactUuid(), nullable=False),
        sa.Column("standing", states("standing", "proposed", "in-force", "leaving", "ended"), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("standing <> 'ended'", name=op.f("ck_activity_rights_ended_is_deleted")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_rights_activity_id_activity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_rights")),
        sa.UniqueConstraint("activity_id", "standing", name="uq_activity_rights_line"),
    )
    with op.batch_alter_table("activity_rights", schema=None) as batch_op:
        batch_op.create_index("ix_activity_rights_activity_id", ["activity_id"], unique=False)

    op.create_table(
        "activity_transfer",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("party_id", CompactUuid(), nullable=True),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column(
            "safeguard",
            states(
                "safeguard",
                "adequacy",
                "standard-clauses",
                "binding-rules",
                "code-of-conduct",
                "certification",
                "ad-hoc-clauses",
                "derogation",
            ),
            nullable=True,
        ),
        sa.Column(
            "derogation",
            states(
                "derogation",
                "explicit-consent",
                "contract",
                "contract-for-person",
                "public-interest",
                "legal-claims",
                "vital-interests",
                "public-register",
                "compelling-interests",
            ),
            nullable=True,
        ),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=True),
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("activity_id", CompactUuid(), nullable=False),
        sa.Column("standing", states("standing", "proposed", "in-force", "leaving", "ended"), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "(derogation IS NOT NULL) = (safeguard IS NOT NULL AND safeguard = 'derogation')",
            name=op.f("ck_activity_transfer_derogation_named"),
        ),
        sa.CheckConstraint("(party_id IS NOT NULL) = (recipient = '')", name=op.f("ck_activity_transfer_to_somebody")),
        sa.CheckConstraint("standing <> 'ended'", name=op.f("ck_activity_transfer_ended_is_deleted")),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_activity_transfer_country_code")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_transfer_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_activity_transfer_party_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_transfer")),
        sa.UniqueConstraint(
            "activity_id", "country", "party_id", "recipient", "standing", name="uq_activity_transfer_line"
        ),
    )
    with op.batch_alter_table("activity_transfer", schema=None) as batch_op:
        batch_op.create_index("ix_activity_transfer_activity_id", ["activity_id"], unique=False)

    op.create_table(
        "activity_version",
        sa.Column("activity_id", CompactUuid(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "verb",
            states(
                "verb",
                "submit",
                "return",
                "advise",
                "activate",
                "review",
                "confirm",
                "suspend",
                "resume",
                "revise",
                "retire",
            ),
            nullable=True,
        ),
        sa.Column(
            "state",
            states("activitystate", "draft", "submitted", "advised", "active", "under-review", "suspended", "retired"),
            nullable=False,
        ),
        sa.Column("mode", states("mode", "observe", "enforce"), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor_id", CompactUuid(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_version_activity_id_activity")
        ),
        sa.PrimaryKeyConstraint("activity_id", "revision", name=op.f("pk_activity_version")),
    )
    op.create_table(
        "collection_point_activity",
        sa.Column("point_id", CompactUuid(), nullable=False),
        sa.Column("activity_id", CompactUuid(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_collection_point_activity_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["point_id"], ["collection_point.id"], name=op.f("fk_collection_point_activity_point_id_collection_point")
        ),
        sa.PrimaryKeyConstraint("point_id", "activity_id", name=op.f("pk_collection_point_activity")),
    )
    with op.batch_alter_table("collection_point_activity", schema=None) as batch_op:
        batch_op.create_index("ix_collection_point_activity_activity_id", ["activity_id"], unique=False)

    op.create_table(
        "guide_draft",
        sa.Column("activity_id", CompactUuid(), nullable=False),
        sa.Column("account_id", CompactUuid(), nullable=False),
        sa.Column("place", sa.String(length=96), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_guide_draft_activity_id_activity")),
        sa.PrimaryKeyConstraint("activity_id", "account_id", "place", name=op.f("pk_guide_draft")),
    )
    with op.batch_alter_table("guide_draft", schema=None) as batch_op:
        batch_op.create_index("ix_guide_draft_at", ["at"], unique=False)

    op.create_table(
        "guide_left",
        sa.Column("activity_id", CompactUuid(), nullable=False),
        sa.Column("place", sa.String(length=96), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_guide_left_activity_id_activity")),
        sa.PrimaryKeyConstraint("activity_id", "place", name=op.f("pk_guide_left")),
    )
    op.create_table(
        "purpose",
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("activity_id", CompactUuid(), nullable=False),
        sa.Column("parent_id", sa.SmallInteger(), nullable=True),
        sa.Column("standing", states("standing", "proposed", "in-force", "leaving", "ended"), nullable=False),
        sa.Column("label_fr", sa.String(length=200), nullable=False),
        sa.Column("label_en", sa.String(length=200), nullable=False),
        sa.Column(
            "basis",
            states(
                "lawfulbasis",
                "consent",
                "contract",
                "legal-obligation",
                "vital-interests",
                "public-task",
                "legitimate-interests",
            ),
            nullable=True,
        ),
        sa.Column(
            "consent_channel",
            states("channel", "email", "sms", "telephone", "post", "push", "use", "profiling", "sharing"),
            nullable=True,
        ),
        sa.Column(
            "special_condition",
            states(
                "specialcondition",
                "explicit-consent",
                "employment",
                "vital-interests",
                "non-profit-body",
                "made-public",
                "legal-claims",
                "public-interest",
                "health-care",
                "public-health",
                "archiving-research",
            ),
            nullable=True,
        ),
        sa.Column("number_ground", sa.Text(), nullable=False),
        sa.Column("offences_ground", sa.Text(), nullable=False),
        sa.Column("legal_reference", sa.Text(), nullable=False),
        sa.Column("interest", sa.Text(), nullable=False),
        sa.Column("necessity", sa.Text(), nullable=False),
        sa.Column("balance", sa.Text(), nullable=False),
        sa.Column("collected_for", sa.Text(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "(consent_channel IS NOT NULL) = ((basis IS NOT NULL AND basis = 'consent') OR (special_condition IS NOT NULL AND special_condition = 'explicit-consent'))",
            name=op.f("ck_purpose_consent_names_its_channel"),
        ),
        sa.CheckConstraint(
            "length(slug) BETWEEN 1 AND 64 AND slug = lower(slug) AND slug NOT LIKE '% %'",
            name=op.f("ck_purpose_slug_shape"),
        ),
        sa.CheckConstraint(
            "collected_for IS NULL OR length(collected_for) > 0", name=op.f("ck_purpose_collected_for_has_reason")
        ),
        sa.CheckConstraint("id BETWEEN 1 AND 32767", name=op.f("ck_purpose_number_fits")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_purpose_not_its_own_parent")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_purpose_activity_id_activity")),
        sa.ForeignKeyConstraint(["parent_id"], ["purpose.id"], name=op.f("fk_purpose_parent_id_purpose")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purpose")),
        sa.UniqueConstraint("slug", name=op.f("uq_purpose_slug")),
    )
    with op.batch_alter_table("purpose", schema=None) as batch_op:
        batch_op.create_index("ix_purpose_activity_id", ["activity_id"], unique=False)

    op.create_table(
        "questionnaire",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("activity_id", CompactUuid(), nullable=False),
        sa.Column("kind", states("kind", "processor", "practice"), nullable=False),
        sa.Column("party_id", CompactUuid(), nullable=True),
        sa.Column("whom", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("asked_by", CompactUuid(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("link_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("reminder_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("reminded_at", UTCDateTime(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "(kind = 'processor') = (party_id IS NOT NULL)", name=op.f("ck_questionnaire_processor_where_needed")
        ),
        sa.CheckConstraint(
            "email IS NULL OR (answered_at IS NULL AND revoked_at IS NULL)",
            name=op.f("ck_questionnaire_address_while_it_is_needed"),
        ),
        sa.CheckConstraint("expires_at > asked_at", name=op.f("ck_questionnaire_ends_after_start")),
        sa.CheckConstraint(
            "settled_at IS NULL OR answered_at IS NOT NULL", name=op.f("ck_questionnaire_settled_once_answered")
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_questionnaire_activity_id_activity")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_questionnaire_party_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_questionnaire_link_hash")),
        sa.UniqueConstraint("reminder_hash", name=op.f("uq_questionnaire_reminder_hash")),
    )
    with op.batch_alter_table("questionnaire", schema=None) as batch_op:
        batch_op.create_index("ix_questionnaire_activity_id", ["activity_id"], unique=False)

    op.create_table(
        "review_reminder",
        sa.Column("activity_id", CompactUuid(), nullable=False),
        sa.Column("account_id", CompactUuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_review_reminder_account_id_account")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_review_reminder_activity_id_activity")),
        sa.PrimaryKeyConstraint("activity_id", "account_id", name=op.f("pk_review_reminder")),
    )
    op.create_table(
        "answer_verdict",
        sa.Column("questionnaire_id", CompactUuid(), nullable=False),
        sa.Column("answer", sa.String(length=64), nullable=False),
        sa.Column("verdict", states("verdict", "taken", "left"), nullable=False),
        sa.Column("decided_by", CompactUuid(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["questionnaire.id"], name=op.f("fk_answer_verdict_questionnaire_id_questionnaire")
        ),
        sa.PrimaryKeyConstraint("questionnaire_id", "answer", name=op.f("pk_answer_verdict")),
    )
    op.create_table(
        "compatibility_test",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("purpose_id", sa.SmallInteger(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("consequences", sa.Text(), nullable=False),
        sa.Column("safeguards", sa.Text(), nullable=False),
        sa.Column("weighed", sa.Text(), nullable=False),
        sa.Column("written_by", CompactUuid(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("opinion", states("opinion", "favourable", "reserved", "unfavourable"), nullable=True),
        sa.Column("opinion_text", sa.Text(), nullable=False),
        sa.Column("advised_by", CompactUuid(), nullable=True),
        sa.Column("overriding_reason", sa.Text(), nullable=True),
        sa.Column("information", sa.Text(), nullable=False),
        sa.Column("informed_on", sa.Date(), nullable=True),
        sa.Column("decided_by", CompactUuid(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("opens_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_by", CompactUuid(), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "decided_at IS NULL OR opinion <> 'unfavourable' OR (overriding_reason IS NOT NULL AND length(overriding_reason) > 0)",
            name=op.f("ck_compatibility_test_override_has_reason"),
        ),
        sa.CheckConstraint(
            "decided_at IS NOT NULL OR opens_at IS NULL", name=op.f("ck_compatibility_test_opens_by_decision")
        ),
        sa.CheckConstraint(
            "decided_at IS NULL OR (decided_by IS NOT NULL AND opinion IS NOT NULL AND informed_on IS NOT NULL AND opens_at IS NOT NULL)",
            name=op.f("ck_compatibility_test_opinion_and_information_before_decision"),
        ),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_compatibility_test_purpose_id_purpose")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compatibility_test")),
    )
    with op.batch_alter_table("compatibility_test", schema=None) as batch_op:
        batch_op.create_index(
            "ux_compatibility_test_current",
            ["purpose_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "notice_purpose",
        sa.Column("notice_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("purpose_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_purpose_notice_id_notice")),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_notice_purpose_purpose_id_purpose")),
        sa.PrimaryKeyConstraint("notice_id", "purpose_id", name=op.f("pk_notice_purpose")),
    )
    op.create_table(
        "purpose_data",
        sa.Column("id", CompactUuid(), nullable=False),
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
        sa.Column("standing", states("standing", "proposed", "in-force", "leaving", "ended"), nullable=False),
        sa.Column("which_fr", sa.Text(), nullable=False),
        sa.Column("which_en", sa.Text(), nullable=False),
        sa.Column("whom_fr", sa.Text(), nullable=False),
        sa.Column("whom_en", sa.Text(), nullable=False),
        sa.Column("obligatory", sa.Boolean(), nullable=False),
        sa.Column(
            "provenance",
            states("provenance", "person", "internal", "third-party-file", "public-source"),
            nullable=False,
        ),
        sa.Column("active_for", PeriodText(), nullable=False),
        sa.Column("archived_for", PeriodText(), nullable=False),
        sa.Column(
            "starting_event",
            states(
                "startingevent",
                "collection",
                "last-contact",
                "last-order",
                "end-of-relationship",
                "end-of-contract",
                "end-of-financial-year",
                "payment",
                "closure",
                "withdrawal",
            ),
            nullable=False,
        ),
        sa.Column("final_fate", states("finalfate", "deletion", "anonymisation", "historical-archive"), nullable=False),
        sa.Column("retention_source", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("standing <> 'ended'", name=op.f("ck_purpose_data_ended_is_deleted")),
        sa.CheckConstraint(
            "substr(active_for, 1, 1) = 'P' AND substr(active_for, length(active_for)) IN ('D', 'M', 'Y') AND length(active_for) > 2 AND trim(substr(active_for, 2, length(active_for) - 2), '0123456789') = ''",
            name=op.f("ck_purpose_data_active_for_is_a_period"),
        ),
        sa.CheckConstraint(
            "substr(archived_for, 1, 1) = 'P' AND substr(archived_for, length(archived_for)) IN ('D', 'M', 'Y') AND length(archived_for) > 2 AND trim(substr(archived_for, 2, length(archived_for) - 2), '0123456789') = ''",
            name=op.f("ck_purpose_data_archived_for_is_a_period"),
        ),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_purpose_data_purpose_id_purpose")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purpose_data")),
        sa.UniqueConstraint(
            "purpose_id",
            "subject_kind",
            "category",
            "standing",
            name=op.f("uq_purpose_data_purpose_id_subject_kind_category_standing"),
        ),
    )
    op.create_table(
        "purpose_recipient",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("purpose_id", sa.SmallInteger(), nullable=False),
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
        sa.Column("standing", states("standing", "proposed", "in-force", "leaving", "ended"), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("role <> 'admin'", name=op.f("ck_purpose_recipient_never_admin")),
        sa.CheckConstraint("standing <> 'ended'", name=op.f("ck_purpose_recipient_ended_is_deleted")),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_purpose_recipient_purpose_id_purpose")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purpose_recipient")),
        sa.UniqueConstraint(
            "purpose_id", "role", "standing", name=op.f("uq_purpose_recipient_purpose_id_role_standing")
        ),
    )
    op.create_table(
        "unconfirmed_default",
        sa.Column("purpose_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("part", states("purposepart", "words", "data", "recipients"), nullable=False),
        sa.Column("starting_point", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_unconfirmed_default_purpose_id_purpose")),
        sa.PrimaryKeyConstraint("purpose_id", "part", name=op.f("pk_unconfirmed_default")),
    )


def downgrade() -> None:
    op.drop_table("unconfirmed_default")
    op.drop_table("purpose_recipient")
    op.drop_table("purpose_data")
    op.drop_table("notice_purpose")
    with op.batch_alter_table("compatibility_test", schema=None) as batch_op:
        batch_op.drop_index(
            "ux_compatibility_test_current",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.drop_table("compatibility_test")
    op.drop_table("answer_verdict")
    op.drop_table("review_reminder")
    with op.batch_alter_table("questionnaire", schema=None) as batch_op:
        batch_op.drop_index("ix_questionnaire_activity_id")

    op.drop_table("questionnaire")
    with op.batch_alter_table("purpose", schema=None) as batch_op:
        batch_op.drop_index("ix_purpose_activity_id")

    op.drop_table("purpose")
    op.drop_table("guide_left")
    with op.batch_alter_table("guide_draft", schema=None) as batch_op:
        batch_op.drop_index("ix_guide_draft_at")

    op.drop_table("guide_draft")
    with op.batch_alter_table("collection_point_activity", schema=None) as batch_op:
        batch_op.drop_index("ix_collection_point_activity_activity_id")

    op.drop_table("collection_point_activity")
    op.drop_table("activity_version")
    with op.batch_alter_table("activity_transfer", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_transfer_activity_id")

    op.drop_table("activity_transfer")
    with op.batch_alter_table("activity_rights", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_rights_activity_id")

    op.drop_table("activity_rights")
    with op.batch_alter_table("activity_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_review_looked_at"))

    op.drop_table("activity_review")
    with op.batch_alter_table("activity_people", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_people_activity_id")

    op.drop_table("activity_people")
    with op.batch_alter_table("activity_party", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_party_party_id")
        batch_op.drop_index("ix_activity_party_activity_id")

    op.drop_table("activity_party")
    with op.batch_alter_table("activity_measure", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_measure_activity_id")

    op.drop_table("activity_measure")
    with op.batch_alter_table("activity_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_decision_activity_id")

    op.drop_table("activity_decision")
    with op.batch_alter_table("activity_asset", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_asset_activity_id")

    op.drop_table("activity_asset")
    op.drop_table("register_volume")
    with op.batch_alter_table("notice_text", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_text_point_id")

    op.drop_table("notice_text")
    with op.batch_alter_table("information_task", schema=None) as batch_op:
        batch_op.drop_index("ix_information_task_told_on")

    op.drop_table("information_task")
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.drop_index("ix_contract_party_id")

    op.drop_table("contract")
    op.drop_table("activity")
    op.drop_table("review_default")
    with op.batch_alter_table("register_upload", schema=None) as batch_op:
        batch_op.drop_index("ix_register_upload_expires_at")

    op.drop_table("register_upload")
    with op.batch_alter_table("register_print", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_register_print_state_expires_at"))
        batch_op.drop_index(batch_op.f("ix_register_print_actor_id_id"))

    op.drop_table("register_print")
    with op.batch_alter_table("register_import", schema=None) as batch_op:
        batch_op.drop_index("ix_register_import_expires_at")

    op.drop_table("register_import")
    op.drop_table("party")
    op.drop_table("notice")
    op.drop_table("measure")
    op.drop_table("collection_point")
    with op.batch_alter_table("adequacy", schema=None) as batch_op:
        batch_op.drop_index("ix_adequacy_country")

    op.drop_table("adequacy")
