"""What a line of a record must be before it is kept: it names what is on file, and does not contradict itself."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from register.catalogue.countries import COUNTRIES
from register.catalogue.errors import CountryUnknownError
from register.errors import DerogationError, TransferRecipientError
from register.lines.contents import Content, MeasureLine, PartyLine, TransferLine
from register.lines.values import Safeguard
from register.service.catalogue.choices import find_measure
from register.service.catalogue.parties import find_party


def check_content(session: Session, content: Content) -> None:
    """Refuse a line that names what is not on file, or that contradicts itself.

    Raises:
        RegisterError: Saying which.
    """
    check = _CHECKS.get(type(content))
    if check is not None:
        check(session, content)


def _check_party(session: Session, content: PartyLine) -> None:
    find_party(session, content.party_id)


def _check_transfer(session: Session, content: TransferLine) -> None:
    if content.country not in COUNTRIES:
        raise CountryUnknownError(country=content.country)
    if (content.party_id is None) == (not content.recipient):
        raise TransferRecipientError
    if content.party_id is not None:
        find_party(session, content.party_id)
    if (content.derogation is not None) != (content.safeguard is Safeguard.DEROGATION):
        raise DerogationError


def _check_measure(session: Session, content: MeasureLine) -> None:
    find_measure(session, content.measure_id)


_CHECKS: Final[Mapping[type[Content], Callable[[Session, Any], None]]] = {
    PartyLine: _check_party,
    TransferLine: _check_transfer,
    MeasureLine: _check_measure,
}
