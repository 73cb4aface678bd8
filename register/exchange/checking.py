"""What the written activities of a file say against each other, or against themselves, each with its place.

Whatever the use cases would refuse one by one is told here at once, before anything is written.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from governance.actor import Role
from governance.errors import Phrase, phrase
from governance.vocabulary import LawfulBasis
from register.catalogue.countries import COUNTRIES
from register.exchange.errors import MalformedRegisterError, Wrong
from register.exchange.placed import PlacedActivity
from register.exchange.written import WrittenActivity, WrittenContact, WrittenParty, WrittenPurpose, WrittenTransfer
from register.lines.values import Relation, Safeguard
from register.values import SpecialCondition

_Found = tuple[str, Phrase]


def check_register(activities: Sequence[PlacedActivity]) -> None:
    """Refuse activities that contradict themselves or each other.

    Raises:
        MalformedRegisterError: With every contradiction, and where it stands.
    """
    wrongs = tuple(_wrongs(activities))
    if wrongs:
        raise MalformedRegisterError(wrongs=wrongs)


def _wrongs(activities: Sequence[PlacedActivity]) -> Iterator[Wrong]:
    slugs = Counter(each.activity.slug for each in activities)
    purposes = Counter(purpose.slug for each in activities for purpose in each.activity.purposes)
    for placed in activities:
        if slugs[placed.activity.slug] > 1:
            yield Wrong(placed.place_of("slug"), phrase("another activity of the file has this reference too"))
        for place, purpose in enumerate(placed.activity.purposes):
            if purposes[purpose.slug] > 1:
                yield Wrong(
                    placed.place_of(f"purposes[{place}].slug"), phrase("another purpose of the file has this slug too")
                )
        for path, reason in _in_activity(placed.activity):
            yield Wrong(placed.place_of(path), reason)


def _in_activity(activity: WrittenActivity) -> Iterator[_Found]:
    before: set[str] = set()
    for place, purpose in enumerate(activity.purposes):
        for path, reason in _in_purpose(purpose, before):
            yield f"purposes[{place}].{path}", reason
        before.add(purpose.slug)
    for place, transfer in enumerate(activity.transfers):
        for path, reason in _in_transfer(transfer):
            yield f"transfers[{place}].{path}", reason
    yield from _in_contracts(activity)
    yield from _twice("parties", [(each.party, each.relation) for each in activity.parties])
    yield from _twice("transfers", [(each.country, each.party, each.recipient) for each in activity.transfers])
    yield from _twice("measures", [(each.label_fr, each.label_en) for each in activity.measures])
    yield from _twice("people", [each.subject_kind for each in activity.people])
    yield from _twice("decisions", [each.name for each in activity.decisions])
    yield from _twice("assets", [(each.kind, each.name) for each in activity.assets])
    for path, country in _countries(activity):
        if country not in COUNTRIES:
            yield path, phrase("there is no such country: give the two letters of ISO 3166-1")


def _in_purpose(purpose: WrittenPurpose, before: set[str]) -> Iterator[_Found]:
    explicit = purpose.special_condition is SpecialCondition.EXPLICIT_CONSENT
    needed = purpose.basis is LawfulBasis.CONSENT or explicit
    if needed != (purpose.consent_channel is not None):
        yield "consent_channel", phrase("consent needs a channel, and nothing else has one (GDPR Art. 7(1))")
    if purpose.parent is not None and purpose.parent not in before:
        yield "parent", phrase("no purpose before it in this activity has this slug")
    if Role.ADMIN in purpose.recipients:
        yield "recipients", phrase("the role admin never obtains personal data: take it out")
    yield from _twice("data", [(each.subject_kind, each.category) for each in purpose.data])
    yield from _twice("recipients", list(purpose.recipients))


def _in_transfer(transfer: WrittenTransfer) -> Iterator[_Found]:
    if (transfer.party is None) == (not transfer.recipient):
        yield "recipient", phrase("name an organisation, or else a kind of recipient, and not both")
    if (transfer.derogation is not None) != (transfer.safeguard is Safeguard.DEROGATION):
        yield "derogation", phrase("a derogation says for which situation of Article 49, and nothing else does")


def _in_contracts(activity: WrittenActivity) -> Iterator[_Found]:
    for place, partaking in enumerate(activity.parties):
        path = f"parties[{place}].contracts"
        if partaking.contracts and partaking.relation is not Relation.PROCESSOR:
            yield path, phrase("only a processor has a contract under Article 28: take them out")
        for number, one in enumerate(partaking.contracts):
            if one.ends_on is not None and (one.signed_on is None or one.ends_on < one.signed_on):
                yield f"{path}[{number}].ends_on", phrase("a contract ends after it was signed")
        yield from _twice(path, partaking.contracts)


def _countries(activity: WrittenActivity) -> Iterator[tuple[str, str]]:
    named = [("controller", activity.controller)]
    named += [(f"parties[{place}].party", each.party) for place, each in enumerate(activity.parties)]
    named += [(f"transfers[{place}].party", each.party) for place, each in enumerate(activity.transfers)]
    yield from ((f"transfers[{place}].country", each.country) for place, each in enumerate(activity.transfers))
    for path, party in named:
        if party is not None:
            yield f"{path}.country", party.country
            for name, contact in _beside(party):
                if contact is not None:
                    yield f"{path}.{name}.country", contact.country


def _beside(party: WrittenParty) -> Iterator[tuple[str, WrittenContact | None]]:
    yield "representative", party.representative
    yield "dpo", party.dpo
    if party.dpo is not None:
        yield "dpo.firm", party.dpo.firm


def _twice(path: str, keys: Sequence[object]) -> Iterator[_Found]:
    for place, key in enumerate(keys):
        if key in keys[:place]:
            yield f"{path}[{place}]", phrase("this is said already: leave one of the two out")
