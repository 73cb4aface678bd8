"""Make the tables of customers.

Revision 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

from governance.datamap.physical import CompactDate
from governance.migrations.columns import states
from governance.orm import CompactUuid, UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crm_companies",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("capital_cents", sa.BigInteger(), nullable=True),
        sa.Column("workforce", sa.BigInteger(), nullable=True),
        sa.Column("founded_year", sa.BigInteger(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("row_mac", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("siret", sa.String(), nullable=True),
        sa.Column("siren", sa.String(), nullable=True),
        sa.Column("ape", sa.String(), nullable=True),
        sa.Column("legal_form", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("address_line", sa.String(), nullable=True),
        sa.Column("postcode", sa.String(), nullable=True),
        sa.Column("city", sa.String(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("website", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_companies")),
    )
    with op.batch_alter_table("crm_companies", schema=None) as batch_op:
        batch_op.create_index("uq_crm_companies_siret", ["siret"], unique=True)

    op.create_table(
        "crm_products",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.BigInteger(), nullable=True),
        sa.Column("on_sale", sa.Boolean(), nullable=True),
        sa.Column("row_mac", sa.LargeBinary(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("range", sa.String(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_products")),
    )
    with op.batch_alter_table("crm_products", schema=None) as batch_op:
        batch_op.create_index("uq_crm_products_reference", ["reference"], unique=True)

    op.create_table(
        "demo_step",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("today", sa.String(length=10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.CheckConstraint("done >= 0", name=op.f("ck_demo_step_done_positive")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_demo_step")),
    )
    op.create_table(
        "sign_up_form",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.Column("open_version", sa.Integer(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "open_version IS NULL OR open_version BETWEEN 1 AND versions", name=op.f("ck_sign_up_form_open_one_written")
        ),
        sa.CheckConstraint("versions >= 1", name=op.f("ck_sign_up_form_written")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up_form")),
        sa.UniqueConstraint("slug", name=op.f("uq_sign_up_form_slug")),
    )
    op.create_table(
        "crm_behaviour",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("person_subject_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("happened_at", UTCDateTime(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("seconds", sa.BigInteger(), nullable=True),
        sa.Column("person_location_revision", sa.Integer(), nullable=True),
        sa.Column("person_location_collected_on", CompactDate(), nullable=True),
        sa.Column("person_location_verified_on", CompactDate(), nullable=True),
        sa.Column("person_location_source_id", sa.SmallInteger(), nullable=True),
        sa.Column("row_mac", sa.LargeBinary(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("means", sa.String(), nullable=True),
        sa.Column("person_location_box", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_subject_id"], ["data_subject.id"], name=op.f("fk_crm_behaviour_person_subject_id_data_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_behaviour")),
    )
    with op.batch_alter_table("crm_behaviour", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_crm_behaviour_person_subject_id"), ["person_subject_id"], unique=False)

    op.create_table(
        "crm_contacts",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("person_subject_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("company", CompactUuid(), nullable=False),
        sa.Column("person_identity_revision", sa.Integer(), nullable=True),
        sa.Column("person_contact_revision", sa.Integer(), nullable=True),
        sa.Column("person_professional_revision", sa.Integer(), nullable=True),
        sa.Column("person_identity_collected_on", CompactDate(), nullable=True),
        sa.Column("person_contact_collected_on", CompactDate(), nullable=True),
        sa.Column("person_professional_collected_on", CompactDate(), nullable=True),
        sa.Column("person_identity_verified_on", CompactDate(), nullable=True),
        sa.Column("person_contact_verified_on", CompactDate(), nullable=True),
        sa.Column("person_professional_verified_on", CompactDate(), nullable=True),
        sa.Column("person_identity_source_id", sa.SmallInteger(), nullable=True),
        sa.Column("person_contact_source_id", sa.SmallInteger(), nullable=True),
        sa.Column("person_professional_source_id", sa.SmallInteger(), nullable=True),
        sa.Column("row_mac", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("person_identity_box", sa.LargeBinary(), nullable=True),
        sa.Column("person_contact_box", sa.LargeBinary(), nullable=True),
        sa.Column("person_professional_box", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["company"], ["crm_companies.id"], name=op.f("fk_crm_contacts_company_crm_companies")),
        sa.ForeignKeyConstraint(
            ["person_subject_id"], ["data_subject.id"], name=op.f("fk_crm_contacts_person_subject_id_data_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_contacts")),
    )
    with op.batch_alter_table("crm_contacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_crm_contacts_company"), ["company"], unique=False)
        batch_op.create_index(batch_op.f("ix_crm_contacts_person_subject_id"), ["person_subject_id"], unique=False)

    op.create_table(
        "crm_customers",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("person_subject_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("company", CompactUuid(), nullable=True),
        sa.Column("person_identity_revision", sa.Integer(), nullable=True),
        sa.Column("person_contact_revision", sa.Integer(), nullable=True),
        sa.Column("person_professional_revision", sa.Integer(), nullable=True),
        sa.Column("person_economic_revision", sa.Integer(), nullable=True),
        sa.Column("person_preferences_revision", sa.Integer(), nullable=True),
        sa.Column("person_identity_collected_on", CompactDate(), nullable=True),
        sa.Column("person_contact_collected_on", CompactDate(), nullable=True),
        sa.Column("person_professional_collected_on", CompactDate(), nullable=True),
        sa.Column("person_economic_collected_on", CompactDate(), nullable=True),
        sa.Column("person_preferences_collected_on", CompactDate(), nullable=True),
        sa.Column("person_identity_verified_on", CompactDate(), nullable=True),
        sa.Column("person_contact_verified_on", CompactDate(), nullable=True),
        sa.Column("person_professional_verified_on", CompactDate(), nullable=True),
        sa.Column("person_economic_verified_on", CompactDate(), nullable=True),
        sa.Column("person_preferences_verified_on", CompactDate(), nullable=True),
        sa.Column("person_identity_source_id", sa.SmallInteger(), nullable=True),
        sa.Column("person_contact_source_id", sa.SmallInteger(), nullable=True),
        sa.Column("person_professional_source_id", sa.SmallInteger(), nullable=True),
        sa.Column("person_economic_source_id", sa.SmallInteger(), nullable=True),
        sa.Column("person_preferences_source_id", sa.SmallInteger(), nullable=True),
        sa.Column("row_mac", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("acquired_through", sa.String(), nullable=True),
        sa.Column("segment", sa.String(), nullable=True),
        sa.Column("person_identity_box", sa.LargeBinary(), nullable=True),
        sa.Column("person_contact_box", sa.LargeBinary(), nullable=True),
        sa.Column("person_professional_box", sa.LargeBinary(), nullable=True),
        sa.Column("person_economic_box", sa.LargeBinary(), nullable=True),
        sa.Column("person_preferences_box", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["company"], ["crm_companies.id"], name=op.f("fk_crm_customers_company_crm_companies")),
        sa.ForeignKeyConstraint(
            ["person_subject_id"], ["data_subject.id"], name=op.f("fk_crm_customers_person_subject_id_data_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_customers")),
    )
    with op.batch_alter_table("crm_customers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_crm_customers_company"), ["company"], unique=False)
        batch_op.create_index(batch_op.f("ix_crm_customers_person_subject_id"), ["person_subject_id"], unique=False)
        batch_op.create_index("uq_crm_customers_number", ["number"], unique=True)

    op.create_table(
        "crm_equipment",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("owner_subject_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("bought_on", sa.Date(), nullable=True),
        sa.Column("replacement_on", sa.Date(), nullable=True),
        sa.Column("owner_purchases_revision", sa.Integer(), nullable=True),
        sa.Column("owner_purchases_collected_on", CompactDate(), nullable=True),
        sa.Column("owner_purchases_verified_on", CompactDate(), nullable=True),
        sa.Column("owner_purchases_source_id", sa.SmallInteger(), nullable=True),
        sa.Column("row_mac", sa.LargeBinary(), nullable=False),
        sa.Column("brand", sa.String(), nullable=True),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("owner_purchases_box", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_subject_id"], ["data_subject.id"], name=op.f("fk_crm_equipment_owner_subject_id_data_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_equipment")),
    )
    with op.batch_alter_table("crm_equipment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_crm_equipment_owner_subject_id"), ["owner_subject_id"], unique=False)

    op.create_table(
        "crm_exchanges",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("person_subject_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("happened_at", UTCDateTime(), nullable=False),
        sa.Column("person_relationship_revision", sa.Integer(), nullable=True),
        sa.Column("person_relationship_collected_on", CompactDate(), nullable=True),
        sa.Column("person_relationship_verified_on", CompactDate(), nullable=True),
        sa.Column("person_relationship_source_id", sa.SmallInteger(), nullable=True),
        sa.Column("row_mac", sa.LargeBinary(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("direction", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("person_relationship_box", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_subject_id"], ["data_subject.id"], name=op.f("fk_crm_exchanges_person_subject_id_data_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_exchanges")),
    )
    with op.batch_alter_table("crm_exchanges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_crm_exchanges_person_subject_id"), ["person_subject_id"], unique=False)

    op.create_table(
        "crm_orders",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("buyer_subject_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("total_cents", sa.BigInteger(), nullable=True),
        sa.Column("buyer_contact_revision", sa.Integer(), nullable=True),
        sa.Column("buyer_contact_collected_on", CompactDate(), nullable=True),
        sa.Column("buyer_contact_verified_on", CompactDate(), nullable=True),
        sa.Column("buyer_contact_source_id", sa.SmallInteger(), nullable=True),
        sa.Column("row_mac", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("payment_means", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("invoice_number", sa.String(), nullable=True),
        sa.Column("buyer_contact_box", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["buyer_subject_id"], ["data_subject.id"], name=op.f("fk_crm_orders_buyer_subject_id_data_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_orders")),
    )
    with op.batch_alter_table("crm_orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_crm_orders_buyer_subject_id"), ["buyer_subject_id"], unique=False)
        batch_op.create_index("uq_crm_orders_number", ["number"], unique=True)

    op.create_table(
        "first_message",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("import_id", CompactUuid(), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column(
            "channel",
            states("channel", "email", "sms", "telephone", "post", "push", "use", "profiling", "sharing"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("actor_id", CompactUuid(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("left_out", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_first_message_people_not_negative")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_first_message_import_id_import_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_message")),
    )
    with op.batch_alter_table("first_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_first_message_import_id"), ["import_id"], unique=False)

    op.create_table(
        "sign_up",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("form_id", CompactUuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("guardian_address_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("guarded", sa.Boolean(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("link_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("guardian_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("guardian_confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("expires_at > asked_at", name=op.f("ck_sign_up_ends_after_start")),
        sa.ForeignKeyConstraint(["form_id"], ["sign_up_form.id"], name=op.f("fk_sign_up_form_id_sign_up_form")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up")),
        sa.UniqueConstraint("guardian_hash", name=op.f("uq_sign_up_guardian_hash")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_sign_up_link_hash")),
    )
    with op.batch_alter_table("sign_up", schema=None) as batch_op:
        batch_op.create_index("ix_sign_up_address_hash", ["address_hash", "asked_at"], unique=False)
        batch_op.create_index("ix_sign_up_expires_at", ["expires_at"], unique=False)
        batch_op.create_index("ix_sign_up_guardian_address_hash", ["guardian_address_hash", "asked_at"], unique=False)

    op.create_table(
        "sign_up_sheet",
        sa.Column("form_id", CompactUuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("written_by", CompactUuid(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["sign_up_form.id"], name=op.f("fk_sign_up_sheet_form_id_sign_up_form")),
        sa.PrimaryKeyConstraint("form_id", "version", name=op.f("pk_sign_up_sheet")),
    )
    op.create_table(
        "crm_order_lines",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("buyer_subject_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("order", CompactUuid(), nullable=False),
        sa.Column("product", CompactUuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price_cents", sa.BigInteger(), nullable=False),
        sa.Column("row_mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["buyer_subject_id"], ["data_subject.id"], name=op.f("fk_crm_order_lines_buyer_subject_id_data_subject")
        ),
        sa.ForeignKeyConstraint(["order"], ["crm_orders.id"], name=op.f("fk_crm_order_lines_order_crm_orders")),
        sa.ForeignKeyConstraint(["product"], ["crm_products.id"], name=op.f("fk_crm_order_lines_product_crm_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_order_lines")),
    )
    with op.batch_alter_table("crm_order_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_crm_order_lines_buyer_subject_id"), ["buyer_subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_crm_order_lines_order"), ["order"], unique=False)
        batch_op.create_index(batch_op.f("ix_crm_order_lines_product"), ["product"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("crm_order_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_crm_order_lines_product"))
        batch_op.drop_index(batch_op.f("ix_crm_order_lines_order"))
        batch_op.drop_index(batch_op.f("ix_crm_order_lines_buyer_subject_id"))

    op.drop_table("crm_order_lines")
    op.drop_table("sign_up_sheet")
    with op.batch_alter_table("sign_up", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_up_guardian_address_hash")
        batch_op.drop_index("ix_sign_up_expires_at")
        batch_op.drop_index("ix_sign_up_address_hash")

    op.drop_table("sign_up")
    with op.batch_alter_table("first_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_first_message_import_id"))

    op.drop_table("first_message")
    with op.batch_alter_table("crm_orders", schema=None) as batch_op:
        batch_op.drop_index("uq_crm_orders_number")
        batch_op.drop_index(batch_op.f("ix_crm_orders_buyer_subject_id"))

    op.drop_table("crm_orders")
    with op.batch_alter_table("crm_exchanges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_crm_exchanges_person_subject_id"))

    op.drop_table("crm_exchanges")
    with op.batch_alter_table("crm_equipment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_crm_equipment_owner_subject_id"))

    op.drop_table("crm_equipment")
    with op.batch_alter_table("crm_customers", schema=None) as batch_op:
        batch_op.drop_index("uq_crm_customers_number")
        batch_op.drop_index(batch_op.f("ix_crm_customers_person_subject_id"))
        batch_op.drop_index(batch_op.f("ix_crm_customers_company"))

    op.drop_table("crm_customers")
    with op.batch_alter_table("crm_contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_crm_contacts_person_subject_id"))
        batch_op.drop_index(batch_op.f("ix_crm_contacts_company"))

    op.drop_table("crm_contacts")
    with op.batch_alter_table("crm_behaviour", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_crm_behaviour_person_subject_id"))

    op.drop_table("crm_behaviour")
    op.drop_table("sign_up_form")
    op.drop_table("demo_step")
    with op.batch_alter_table("crm_products", schema=None) as batch_op:
        batch_op.drop_index("uq_crm_products_reference")

    op.drop_table("crm_products")
    with op.batch_alter_table("crm_companies", schema=None) as batch_op:
        batch_op.drop_index("uq_crm_companies_siret")

    op.drop_table("crm_companies")
