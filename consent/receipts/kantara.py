"""A proof as a Kantara Consent Receipt 1.1. It tells of a yes; of a refusal it cannot tell."""

from typing import Any, Final

from consent.labels import METHOD_LABELS
from consent.receipts.errors import NothingGivenError
from consent.receipts.values import Proof
from governance.clock import to_rfc3339
from governance.vocabulary import Channel, DataCategory
from register.lines.contents import PartyLine
from register.lines.values import Relation, Subject
from register.models import Party

MEDIA_TYPE: Final = "application/json"
# Of the envelope: what it holds.
KIND: Final = "kantara-consent-receipt"
VERSION: Final = "KI-CR-v1.1.0"
# The categories of the specification's appendix, where they say what ours do.
_DATA: Final = {
    DataCategory.IDENTITY: "1 - Biographical",
    DataCategory.CONTACT: "2 - Contact",
    DataCategory.RELATIONSHIP: "4 - Communications/Social",
    DataCategory.ECONOMIC: "7 - Financial",
}
_MARKETING: Final = "6 - Marketing"
_PERSONAL: Final = "5 - Personalize Experience"
_SENSITIVE: Final = frozenset({DataCategory.SPECIAL, DataCategory.NATIONAL_NUMBER, DataCategory.OFFENCES})


def to_kantara(proof: Proof) -> dict[str, Any]:
    """Return the receipt, as what its schema asks for.

    Raises:
        NothingGivenError: If the person never said yes.
    """
    given = proof.given
    if given is None:
        raise NothingGivenError
    categories = [] if proof.terms is None else [row.category for row in proof.terms.data]
    language = "fr" if given.notice is None else given.notice.language
    sensitive = sorted({each.value for each in categories if each in _SENSITIVE})
    return {
        "version": VERSION,
        "jurisdiction": _country(proof),
        "consentTimestamp": int(given.event.occurred_at.timestamp()),
        "collectionMethod": METHOD_LABELS[given.event.method],
        "consentReceiptID": str(proof.receipt_id),
        "publicKey": str(proof.key),
        "language": language,
        "piiPrincipalId": f"urn:uuid:{proof.principal_id}",
        "piiControllers": [_controller(proof)],
        "policyUrl": _policy(proof),
        "services": [{"service": _service(proof), "purposes": [_purpose(proof, categories)]}],
        "sensitive": bool(sensitive),
        "spiCat": sensitive,
    }


def _purpose(proof: Proof, categories: list[DataCategory]) -> dict[str, Any]:
    receivers = _receivers(proof)
    told: dict[str, Any] = {
        "purpose": proof.purpose.label_en or proof.purpose.label_fr,
        "purposeCategory": [_PERSONAL if proof.record.ref.channel is Channel.PROFILING else _MARKETING],
        "consentType": "EXPLICIT",
        "piiCategory": [_DATA.get(each, each.value) for each in categories],
        "primaryPurpose": True,
        "termination": _termination(proof),
        "thirdPartyDisclosure": bool(receivers),
    }
    return told | ({"thirdPartyName": ", ".join(receivers)} if receivers else {})


def _termination(proof: Proof) -> str:
    if proof.withdrawn_at is not None:
        return f"withdrawn {to_rfc3339(proof.withdrawn_at)}"
    if proof.record.expires_at is not None:
        return f"until {to_rfc3339(proof.record.expires_at)}, or until it is withdrawn"
    return "until it is withdrawn"


def _controller(proof: Proof) -> dict[str, Any]:
    party = None if proof.stated is None else proof.stated.controller
    officer = None if proof.stated is None else proof.stated.dpo
    contact = next((each.name for each in (officer, party) if each is not None), "")
    return {
        "piiController": "" if party is None else party.name,
        "onBehalf": False,
        "contact": contact,
        "address": {} if party is None else _address(party),
        "email": _reach(officer, party, "email"),
        "phone": _reach(officer, party, "telephone"),
        "piiControllerUrl": proof.base_url,
    }


def _address(party: Party) -> dict[str, str]:
    told = {
        "streetAddress": party.address,
        "postalCode": party.postcode,
        "addressLocality": party.city,
        "addressCountry": party.country,
    }
    return {name: value for name, value in told.items() if value}


def _reach(officer: Party | None, party: Party | None, name: str) -> str:
    found = (getattr(each, name) for each in (officer, party) if each is not None)
    return next((value for value in found if value), "")


def _country(proof: Proof) -> str:
    party = None if proof.stated is None else proof.stated.controller
    return (party.country if party is not None else "") or "FR"


def _service(proof: Proof) -> str:
    if proof.stated is None:
        return proof.purpose.slug
    return proof.stated.activity.name_en or proof.stated.activity.name_fr


def _policy(proof: Proof) -> str:
    shown = None if proof.given is None else proof.given.notice
    if shown is None or not shown.kept:
        return proof.base_url
    return f"{proof.base_url}/notices/{shown.slug}/{shown.version}/{shown.language}"


def _receivers(proof: Proof) -> list[str]:
    lines = () if proof.stated is None else proof.stated.lines[Subject.PARTIES]
    return [
        line.called[0]
        for line in lines
        if line.called is not None
        and isinstance(line.content, PartyLine)
        and line.content.relation is Relation.RECIPIENT
    ]
