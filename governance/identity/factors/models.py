"""The tables of second factors.

What a factor is (its secret, its key, the rule that asks for it) decides and is attested; how far it has been used
moves with each sign-in and lies apart, under a MAC of its own, so that signing in recompiles no plan. The account says
too that it has a factor (`Account.second_factor`): deleting the rows of a factor closes the account.
"""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from governance.actor import Role
from governance.orm import Base
from governance.vault.attest import Attested

FACTOR_NAME_LENGTH: Final = 60
# WebAuthn, section 4: a credential's identifier holds 1023 bytes at most.
CREDENTIAL_ID_LENGTH: Final = 1023
# RSA keys are the longest that are taken, and none of 4096 bits comes near.
_PUBLIC_KEY_LENGTH: Final = 2048
_TRANSPORTS_LENGTH: Final = 120
_MAC_LENGTH: Final = 17


class ChallengePurpose(StrEnum):
    """What a challenge may be answered for."""

    ADD = "add"
    SHOW = "show"


class TotpFactor(Attested, Base, kw_only=True):
    """An authenticator app. There is a row only once its first code was right.

    Attributes:
        sealed_secret: The shared secret, sealed to account and factor (`factors.sealing`): neither read nor moved to
            another account by whoever holds the database.
    """

    __tablename__ = "totp_factor"
    __table_args__ = (CheckConstraint("name <> ''", name="name_not_empty"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(FACTOR_NAME_LENGTH))
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary(128))
    made_at: Mapped[datetime]


class Passkey(Attested, Base, kw_only=True):
    """A passkey: the public half of a key pair that never leaves the person's device or their keychain.

    Attributes:
        public_key: In COSE, as the authenticator gave it.
        transports: How a browser may reach it, comma-separated, as the browser said.
        synced: Whether it is kept in a keychain that other devices share, as the authenticator says.
        closed_at: Since when it opens nothing, because its counter went back: somebody may have copied it.
    """

    __tablename__ = "passkey"
    __table_args__ = (CheckConstraint("name <> ''", name="name_not_empty"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(FACTOR_NAME_LENGTH))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(CREDENTIAL_ID_LENGTH), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(_PUBLIC_KEY_LENGTH))
    transports: Mapped[str] = mapped_column(String(_TRANSPORTS_LENGTH), default="")
    synced: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)


class FactorUse(Base, kw_only=True):
    """How far a factor has been used. It only ever moves forward, by a statement that compares and swaps.

    Attributes:
        id: The factor.
        counter: The last time step of a code, or the signature counter of a passkey.
        mac: Over id and counter. A row that does not fit closes the factor.
    """

    __tablename__ = "factor_use"
    __table_args__ = (CheckConstraint("counter >= 0", name="counter_not_negative"), {"sqlite_with_rowid": False})

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    counter: Mapped[int] = mapped_column(BigInteger)
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    mac: Mapped[bytes] = mapped_column(LargeBinary(_MAC_LENGTH))


class RecoveryCodes(Attested, Base, kw_only=True):
    """What is left of a person's recovery codes: one is taken out when it is used, all when new ones are made.

    Attributes:
        hashes: Keyed hashes of 17 bytes each, one after the other; without the keyring nobody can try codes on them.
    """

    __tablename__ = "recovery_codes"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    hashes: Mapped[bytes] = mapped_column(LargeBinary(10 * _MAC_LENGTH))
    made_at: Mapped[datetime]


class PasskeyChallenge(Attested, Base, kw_only=True):
    """A challenge that waits for its answer: of one session, for one purpose, once, for five minutes."""

    __tablename__ = "passkey_challenge"
    __decides__: ClassVar[bool] = False

    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sign_in_session.id"), primary_key=True)
    purpose: Mapped[ChallengePurpose] = mapped_column(primary_key=True)
    challenge: Mapped[bytes] = mapped_column(LargeBinary(32))
    expires_at: Mapped[datetime]


class SecondFactorRule(Attested, Base, kw_only=True):
    """Whether a role requires a second factor. A role without a rule requires one.

    Attributes:
        set_by: The account that set it; None for the host.
    """

    __tablename__ = "second_factor_rule"

    role: Mapped[Role] = mapped_column(primary_key=True)
    required: Mapped[bool]
    set_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    set_at: Mapped[datetime]
