"""The language that somebody reads in, kept with their account, so that it waits for them on their next device."""

import uuid
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from governance.identity.models import Account
from governance.settings import LOCALES

_ACCOUNTS: Final = Account.__table__


def keep_language(session: Session, account_id: uuid.UUID, locale: str) -> None:
    """Keep a choice of language; one that the house does not speak is none."""
    if locale not in LOCALES:
        return
    unrecorded(session, "the language in which somebody reads")
    # Of the table and not of the model: a language stands outside the attestation, and choosing one is no policy.
    session.execute(
        update(_ACCOUNTS).where(_ACCOUNTS.c.id == account_id).values(locale=locale, locale_chosen=True)  # type: ignore[arg-type]
    )
