"""Which purposes solicit people, and which objections in a person's own row close a purpose. GDPR Art. 21."""

from collections.abc import Iterable
from typing import Final

from governance.actor import Role
from governance.vault.subject_keys import EVERY_SOLICITATION
from governance.vocabulary import MESSAGING, LawfulBasis
from register.values import DeclaredPurpose

# Art. 21(1): tasks of public interest and legitimate interests. Prospecting may rest on consent too, and Art. 21(2) and
# (3) let a person object to it whatever it rests on.
OPEN_TO_OBJECTION: Final = frozenset({LawfulBasis.LEGITIMATE_INTERESTS, LawfulBasis.PUBLIC_TASK, LawfulBasis.CONSENT})
_SELLERS: Final = frozenset({Role.MARKETING, Role.SALES})


def solicits(purpose: DeclaredPurpose) -> bool:
    """Say whether people may be solicited for a purpose, or profiled for that. GDPR Art. 21(2).

    The register does not say so in a word. Whatever asks consent to messages does; so does what a person may object to
    and those receive who sell. Too much closed is a letter not sent; too little is a refusal not heard.
    """
    if purpose.basis not in OPEN_TO_OBJECTION:
        return False
    return purpose.consent_channel in MESSAGING or not purpose.recipients.isdisjoint(_SELLERS)


def closing_marks(purpose: DeclaredPurpose) -> frozenset[int]:
    """Return the objections any of which closes a purpose.

    The one to everything that solicits does not close what rests on a yes: there nothing opens without one, and who
    refused everything may say yes to one thing afterwards (`consent.suppression.hearing` says by what means).
    """
    marks = frozenset({purpose.id})
    return marks | {EVERY_SOLICITATION} if purpose.consent_channel is None and solicits(purpose) else marks


def closed_by_everything(purposes: Iterable[DeclaredPurpose]) -> frozenset[int]:
    """Return the numbers of the purposes that an objection to everything closes by itself."""
    return frozenset(each.id for each in purposes if EVERY_SOLICITATION in closing_marks(each))
