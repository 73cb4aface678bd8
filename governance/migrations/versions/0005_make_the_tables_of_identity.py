"""Make the tables of identity.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

from governance.migrations.columns import states
from governance.orm import CompactUuid, UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("locale_chosen", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("credentials_revision", sa.Integer(), nullable=False),
        sa.Column("vouched", sa.Boolean(), nullable=False),
        sa.Column("second_factor", states("secondfactorstate", "none", "enrolled", "owed"), nullable=False),
        sa.Column("known_to_provider", sa.Boolean(), nullable=False),
        sa.Column("made_by", CompactUuid(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("disabled_at", UTCDateTime(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("email <> ''", name=op.f("ck_account_email_not_empty")),
        sa.CheckConstraint("credentials_revision > 0", name=op.f("ck_account_credentials_revision_positive")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_account_made_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "factor_use",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("counter >= 0", name=op.f("ck_factor_use_counter_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_use")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "failed_sign_ins",
        sa.Column("email_key", sa.LargeBinary(length=17), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.Column("locked_until", UTCDateTime(), nullable=True),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_failed_sign_ins_failures_not_negative")),
        sa.PrimaryKeyConstraint("email_key", name=op.f("pk_failed_sign_ins")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("failed_sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_failed_sign_ins_last_at"), ["last_at"], unique=False)

    op.create_table(
        "last_use",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_last_use")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "openid_answered_state",
        sa.Column("state_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_openid_answered_state")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("openid_answered_state", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_openid_answered_state_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "api_token",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
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
        sa.Column("account_id", CompactUuid(), nullable=True),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("credentials_revision", sa.Integer(), nullable=False),
        sa.Column("in_conflict", sa.Boolean(), nullable=False),
        sa.Column("made_by", CompactUuid(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=True),
        sa.Column("countersigned_by", CompactUuid(), nullable=True),
        sa.Column("countersigned_at", UTCDateTime(), nullable=True),
        sa.Column("revoked_by", CompactUuid(), nullable=True),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "(account_id IS NULL) = (credentials_revision = 0)", name=op.f("ck_api_token_revision_of_an_account")
        ),
        sa.CheckConstraint("account_id IS NULL OR expires_at IS NOT NULL", name=op.f("ck_api_token_own_one_ends")),
        sa.CheckConstraint(
            "countersigned_at IS NOT NULL OR secret_hash IS NULL", name=op.f("ck_api_token_secret_once_in_force")
        ),
        sa.CheckConstraint(
            "countersigned_by IS NULL OR countersigned_at IS NOT NULL", name=op.f("ck_api_token_countersigned_at_known")
        ),
        sa.CheckConstraint("expires_at IS NULL OR expires_at > made_at", name=op.f("ck_api_token_ends_after_start")),
        sa.CheckConstraint("revoked_by IS NULL OR revoked_at IS NOT NULL", name=op.f("ck_api_token_revoked_at_known")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_api_token_account_id_account")),
        sa.ForeignKeyConstraint(
            ["countersigned_by"], ["account.id"], name=op.f("fk_api_token_countersigned_by_account")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_api_token_made_by_account")),
        sa.ForeignKeyConstraint(["revoked_by"], ["account.id"], name=op.f("fk_api_token_revoked_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_token_secret_hash")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            "uq_api_token_live_name",
            ["name"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "handled_controller",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("account_id", CompactUuid(), nullable=False),
        sa.Column("handled_by", CompactUuid(), nullable=False),
        sa.Column("handled_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("handled_by <> account_id", name=op.f("ck_handled_controller_handled_by_another")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_handled_controller_account_id_account")),
        sa.ForeignKeyConstraint(["handled_by"], ["account.id"], name=op.f("fk_handled_controller_handled_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handled_controller")),
    )
    with op.batch_alter_table("handled_controller", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handled_controller_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handled_controller_handled_at"), ["handled_at"], unique=False)

    op.create_table(
        "one_time_link",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("kind", states("linkkind", "first-administrator", "set-password", "reset-password"), nullable=False),
        sa.Column("account_id", CompactUuid(), nullable=True),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("credentials_revision", sa.Integer(), nullable=False),
        sa.Column("made_by", CompactUuid(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "(kind = 'first-administrator' AND account_id IS NULL) OR (kind <> 'first-administrator' AND account_id IS NOT NULL)",
            name=op.f("ck_one_time_link_account_where_needed"),
        ),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_one_time_link_ends_after_start")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_one_time_link_account_id_account")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_one_time_link_made_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_one_time_link_secret_hash")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_link_account_id"), ["account_id"], unique=False)

    op.create_table(
        "openid_identity",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("account_id", CompactUuid(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("linked_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("subject <> ''", name=op.f("ck_openid_identity_subject_not_empty")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_openid_identity_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openid_identity")),
        sa.UniqueConstraint("account_id", "issuer", name=op.f("uq_openid_identity_account_id_issuer")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_openid_identity_issuer_subject")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("account_id", CompactUuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=2048), nullable=False),
        sa.Column("transports", sa.String(length=120), nullable=False),
        sa.Column("synced", sa.Boolean(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_passkey_name_not_empty")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passkey_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_account_id"), ["account_id"], unique=False)

    op.create_table(
        "recovery_codes",
        sa.Column("account_id", CompactUuid(), nullable=False),
        sa.Column("hashes", sa.LargeBinary(length=170), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_codes_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "role_assignment",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("account_id", CompactUuid(), nullable=False),
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
        sa.Column("assigned_by", CompactUuid(), nullable=True),
        sa.Column("assigned_at", UTCDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("in_conflict", sa.Boolean(), nullable=False),
        sa.Column("from_provider", sa.Boolean(), nullable=False),
        sa.Column("valid_until", UTCDateTime(), nullable=True),
        sa.Column("countersigned_by", CompactUuid(), nullable=True),
        sa.Column("countersigned_at", UTCDateTime(), nullable=True),
        sa.Column("revoked_by", CompactUuid(), nullable=True),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.Column("declined_because", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint(
            "declined_because = '' OR (countersigned_at IS NULL AND revoked_by IS NOT NULL)",
            name=op.f("ck_role_assignment_declined_unconfirmed"),
        ),
        sa.CheckConstraint(
            "countersigned_by IS NULL OR countersigned_at IS NOT NULL",
            name=op.f("ck_role_assignment_countersigned_at_known"),
        ),
        sa.CheckConstraint(
            "revoked_by IS NULL OR revoked_at IS NOT NULL", name=op.f("ck_role_assignment_revoked_at_known")
        ),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until > assigned_at", name=op.f("ck_role_assignment_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_assignment_account_id_account")),
        sa.ForeignKeyConstraint(["assigned_by"], ["account.id"], name=op.f("fk_role_assignment_assigned_by_account")),
        sa.ForeignKeyConstraint(
            ["countersigned_by"], ["account.id"], name=op.f("fk_role_assignment_countersigned_by_account")
        ),
        sa.ForeignKeyConstraint(["revoked_by"], ["account.id"], name=op.f("fk_role_assignment_revoked_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignment")),
    )
    with op.batch_alter_table("role_assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_assignment_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            "uq_role_assignment_live",
            ["account_id", "role"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "second_factor_rule",
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
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("set_by", CompactUuid(), nullable=True),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"], name=op.f("fk_second_factor_rule_set_by_account")),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_second_factor_rule")),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("account_id", CompactUuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("credentials_revision", sa.Integer(), nullable=False),
        sa.Column("method", states("signinmethod", "password", "link", "passkey", "openid"), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=True),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("first_factor_at", UTCDateTime(), nullable=False),
        sa.Column("second_factor_at", UTCDateTime(), nullable=True),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("expires_at > opened_at", name=op.f("ck_sign_in_session_ends_after_start")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_in_session_secret_hash")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_session_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_session_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "totp_factor",
        sa.Column("id", CompactUuid(), nullable=False),
        sa.Column("account_id", CompactUuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(length=128), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_totp_factor_name_not_empty")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_totp_factor_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_totp_factor")),
    )
    with op.batch_alter_table("totp_factor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_totp_factor_account_id"), ["account_id"], unique=False)

    op.create_table(
        "passkey_challenge",
        sa.Column("session_id", CompactUuid(), nullable=False),
        sa.Column("purpose", states("challengepurpose", "add", "show"), nullable=False),
        sa.Column("challenge", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=17), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sign_in_session.id"], name=op.f("fk_passkey_challenge_session_id_sign_in_session")
        ),
        sa.PrimaryKeyConstraint("session_id", "purpose", name=op.f("pk_passkey_challenge")),
    )


def downgrade() -> None:
    op.drop_table("passkey_challenge")
    with op.batch_alter_table("totp_factor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_totp_factor_account_id"))

    op.drop_table("totp_factor")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_expires_at"))
        batch_op.drop_index(batch_op.f("ix_sign_in_session_account_id"))

    op.drop_table("sign_in_session")
    op.drop_table("second_factor_rule")
    with op.batch_alter_table("role_assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_role_assignment_live",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_role_assignment_account_id"))

    op.drop_table("role_assignment")
    op.drop_table("recovery_codes")
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_account_id"))

    op.drop_table("passkey")
    op.drop_table("openid_identity")
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_link_account_id"))

    op.drop_table("one_time_link")
    with op.batch_alter_table("handled_controller", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handled_controller_handled_at"))
        batch_op.drop_index(batch_op.f("ix_handled_controller_account_id"))

    op.drop_table("handled_controller")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_api_token_live_name",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_api_token_account_id"))

    op.drop_table("api_token")
    with op.batch_alter_table("openid_answered_state", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_openid_answered_state_expires_at"))

    op.drop_table("openid_answered_state")
    op.drop_table("last_use")
    with op.batch_alter_table("failed_sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_failed_sign_ins_last_at"))

    op.drop_table("failed_sign_ins")
    op.drop_table("factor_use")
    op.drop_table("account")
