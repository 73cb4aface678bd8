"""The tables of identity: accounts, role assignments, tokens, sessions, one-time links, failures, last uses.

What decides who somebody is carries an attestation (`Attested`): a row that was changed by SQL no longer opens
anything. What merely moves (failures counted, last uses) lies apart, so that using a session or a token rewrites no
attested row.

Secrets are never stored: of a session, a token or a link there is only a hash of 256 random bits, of a password only
its Argon2id hash. Sessions and links also name the `credentials_revision` of their account: when the password changes,
a row of the past that somebody puts back by SQL belongs to a revision that is no longer in force.
"""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from governance.actor import Role
from governance.orm import Base
from governance.vault.attest import Attested

# RFC 5321, section 4.5.3.1.3: a path holds 256 octets with its brackets.
EMAIL_LENGTH: Final = 254
NAME_LENGTH: Final = 120
ADDRESS_LENGTH: Final = 45
AGENT_LENGTH: Final = 200
_LOCALE_LENGTH: Final = 8


class SignInMethod(StrEnum):
    """How a session was opened."""

    PASSWORD = "password"  # noqa: S105 -- the name of a method
    LINK = "link"
    PASSKEY = "passkey"
    OPENID = "openid"


class SecondFactorState(StrEnum):
    """What an account has to show after its first factor, whatever its roles require."""

    NONE = "none"
    ENROLLED = "enrolled"
    # Somebody took its factors away for it, so that the next one is added before anything else.
    OWED = "owed"


class LinkKind(StrEnum):
    """What a one-time link lets its holder do, once."""

    FIRST_ADMINISTRATOR = "first-administrator"
    SET_PASSWORD = "set-password"  # noqa: S105 -- the name of a kind
    RESET_PASSWORD = "reset-password"  # noqa: S105 -- the same


class Account(Attested, Base, kw_only=True):
    """A person who may sign in. Attested: a password hash put in by SQL closes the account.

    Attributes:
        email: Normalised, unique.
        name: How colleagues call them, where given.
        password_hash: Argon2id in the PHC string format, which names its parameters; None until a password is set.
        credentials_revision: Counts the changes of password; sessions and links of an older one are closed.
        vouched: Whether nobody but its holder can have its credentials: False once they were set through a link, a
            password or a reset of somebody who might have kept them and could not confirm a role.
        second_factor: Stands here too, so that factors deleted by SQL leave the account closed, not open.
        locale_chosen: Whether the person chose the language themselves. A language opens nothing, and choosing one is
            no change of policy: both stand outside the attestation.
        known_to_provider: Whether an identity of the OpenID provider ever opened it; it stays so once the link is taken
            back, for an address opens an account by itself only once.
        made_by: The account that made this one; None for the host.
        disabled_at: Since when nobody can use it.
    """

    __tablename__ = "account"
    __attests__: ClassVar[tuple[str, ...] | None] = (
        "id",
        "email",
        "name",
        "password_hash",
        "credentials_revision",
        "vouched",
        "second_factor",
        "known_to_provider",
        "made_by",
        "made_at",
        "disabled_at",
    )
    __table_args__ = (
        CheckConstraint("email <> ''", name="email_not_empty"),
        CheckConstraint("credentials_revision > 0", name="credentials_revision_positive"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    locale: Mapped[str] = mapped_column(String(_LOCALE_LENGTH), default="fr")
    locale_chosen: Mapped[bool] = mapped_column(default=False)
    password_hash: Mapped[str | None] = mapped_column(String(255), default=None)
    credentials_revision: Mapped[int] = mapped_column(default=1)
    vouched: Mapped[bool] = mapped_column(default=True)
    second_factor: Mapped[SecondFactorState] = mapped_column(default=SecondFactorState.NONE)
    known_to_provider: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"), default=None)
    made_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None] = mapped_column(default=None)


def _live(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class RoleAssignment(Attested, Base, kw_only=True):
    """A role that a person holds, from its countersignature on, until it ends or is taken back.

    Attributes:
        assigned_by: The account that asked for it; None for the host.
        countersigned_by: The controller who confirmed it; None for the first controller, whom the host names once.
        in_conflict: Accepted although the person holds a role that conflicts with it, or given by whoever holds it or
            made the account, for want of a second person.
        from_provider: The OpenID provider proposed it, and takes it away by no longer saying so.
        declined_because: Why a controller turned it down before it ever counted; empty where none did.
    """

    __tablename__ = "role_assignment"
    __table_args__ = (
        CheckConstraint(
            "declined_because = '' OR (countersigned_at IS NULL AND revoked_by IS NOT NULL)",
            name="declined_unconfirmed",
        ),
        CheckConstraint("valid_until IS NULL OR valid_until > assigned_at", name="ends_after_start"),
        CheckConstraint("countersigned_by IS NULL OR countersigned_at IS NOT NULL", name="countersigned_at_known"),
        CheckConstraint("revoked_by IS NULL OR revoked_at IS NOT NULL", name="revoked_at_known"),
        # One live assignment of a role per person; those taken back stay as history.
        Index("uq_role_assignment_live", "account_id", "role", unique=True, **_live("revoked_at IS NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Role]
    assigned_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    assigned_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="")
    in_conflict: Mapped[bool] = mapped_column(default=False)
    from_provider: Mapped[bool] = mapped_column(default=False)
    valid_until: Mapped[datetime | None] = mapped_column(default=None)
    countersigned_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"), default=None)
    countersigned_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"), default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    declined_because: Mapped[str] = mapped_column(Text, default="")


class ApiToken(Attested, Base, kw_only=True):
    """A secret by which a program (or a person's own commands) acts in one role.

    Attributes:
        account_id: The person whose own token it is, which gives at most what that person holds; None for a program,
            whose token needs the controller's countersignature.
        secret_hash: SHA-256 of the secret; None until the token is in force, so that whoever asked for it knows nothing
            that a countersignature would put in force.
        credentials_revision: For a person's own, the account's when it was made: it dies with their credentials.
            0 for a program's.
        made_by: The account that made it; None for the host.
        in_conflict: Put in force by whoever made it, for want of a second person.
    """

    __tablename__ = "api_token"
    __table_args__ = (
        CheckConstraint("countersigned_at IS NOT NULL OR secret_hash IS NULL", name="secret_once_in_force"),
        CheckConstraint("(account_id IS NULL) = (credentials_revision = 0)", name="revision_of_an_account"),
        CheckConstraint("account_id IS NULL OR expires_at IS NOT NULL", name="own_one_ends"),
        CheckConstraint("expires_at IS NULL OR expires_at > made_at", name="ends_after_start"),
        CheckConstraint("countersigned_by IS NULL OR countersigned_at IS NOT NULL", name="countersigned_at_known"),
        CheckConstraint("revoked_by IS NULL OR revoked_at IS NOT NULL", name="revoked_at_known"),
        Index("uq_api_token_live_name", "name", unique=True, **_live("revoked_at IS NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    role: Mapped[Role]
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"), index=True, default=None)
    secret_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True, default=None)
    credentials_revision: Mapped[int] = mapped_column(default=0)
    in_conflict: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    countersigned_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"), default=None)
    countersigned_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"), default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)


class SignInSession(Attested, Base, kw_only=True):
    """A person signed in on one device. It decides nothing about policy, so that signing in recompiles no plan.

    Attributes:
        secret_hash: SHA-256 of the secret in the cookie.
        credentials_revision: The account's, when the session was opened.
        first_factor_at: When the first factor was last shown: at the opening, or since, to confirm a change.
        second_factor_at: When a second factor was last shown; None where only the first was.
        expires_at: The end that no use moves.
    """

    __tablename__ = "sign_in_session"
    __table_args__ = (CheckConstraint("expires_at > opened_at", name="ends_after_start"),)
    __decides__: ClassVar[bool] = False

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    credentials_revision: Mapped[int]
    method: Mapped[SignInMethod]
    address: Mapped[str | None] = mapped_column(String(ADDRESS_LENGTH))
    agent: Mapped[str] = mapped_column(String(AGENT_LENGTH))
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    first_factor_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)


class OneTimeLink(Attested, Base, kw_only=True):
    """A link that acts once, after a POST on the page it opens, and never by being opened.

    Attributes:
        account_id: Whose password it sets; None for the first administrator, who names their own e-mail.
        secret_hash: SHA-256 of the secret in the link.
        credentials_revision: The account's, when the link was made; 0 without an account.
    """

    __tablename__ = "one_time_link"
    __table_args__ = (
        CheckConstraint("expires_at > made_at", name="ends_after_start"),
        CheckConstraint(
            "(kind = 'first-administrator' AND account_id IS NULL) "
            "OR (kind <> 'first-administrator' AND account_id IS NOT NULL)",
            name="account_where_needed",
        ),
    )
    __decides__: ClassVar[bool] = False

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[LinkKind]
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"), index=True, default=None)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    credentials_revision: Mapped[int] = mapped_column(default=0)
    made_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class HandledController(Attested, Base, kw_only=True):
    """Somebody had a way into a controller's account in hand: a link that they saw, or a second factor taken away.

    Attributes:
        account_id: The controller.
        handled_by: Who did it, and is no stranger to that controller for a while (`service/second_person.py`).
    """

    __tablename__ = "handled_controller"
    __table_args__ = (CheckConstraint("handled_by <> account_id", name="handled_by_another"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    handled_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    handled_at: Mapped[datetime] = mapped_column(index=True)


class FailedSignIns(Base, kw_only=True):
    """Failures since the last success, for one e-mail, known or not.

    Attributes:
        email_key: A keyed hash of the normalised e-mail, so that a mistyped address or one of a stranger is not kept.
        failures: Attempts counted before they are checked; a success forgets them.
    """

    __tablename__ = "failed_sign_ins"
    __table_args__ = (
        CheckConstraint("failures >= 0", name="failures_not_negative"),
        {"sqlite_with_rowid": False},
    )

    email_key: Mapped[bytes] = mapped_column(LargeBinary(17), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
    locked_until: Mapped[datetime | None] = mapped_column(default=None)


class LastUse(Base, kw_only=True):
    """When a session or a token was last used, or an account signed in to, to the minute."""

    __tablename__ = "last_use"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    used_at: Mapped[datetime]
