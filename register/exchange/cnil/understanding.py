"""The sheet of an activity, understood: what our words can hold becomes them, the rest stays as it was written.

The template says no lawful basis, no data by purpose, and periods in sentences. What is missing is left to a person and
noted; what cannot be placed is kept in the description, so that nothing that somebody wrote is lost.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from unidecode import unidecode

from governance.actor import Role
from governance.errors import phrase
from governance.vocabulary import SLUG_LENGTH
from register.catalogue.values import MeasureDomain
from register.exchange.cnil.actors import ActorsRead
from register.exchange.cnil.card import Card, CardRow, filled_rows
from register.exchange.cnil.data_rows import data_told, kinds_told, numbers_told
from register.exchange.cnil.drawing import BETWEEN_MEASURES
from register.exchange.cnil.exactly import (
    KEPT_RECIPIENTS,
    KEPT_SERVICE,
    KEPT_TRANSFER,
    is_role_name,
    role_of,
    under,
    usual_type,
)
from register.exchange.cnil.labels import (
    CHANGED,
    CREATED,
    INTERNAL,
    MEASURE_TYPES,
    NAME,
    PRIVACY_SHIELD,
    PROCESSORS,
    RECIPIENT_TYPES,
    REFERENCE,
    SAFEGUARDS,
    Section,
    plain,
)
from register.exchange.cnil.understood import Understood
from register.exchange.country_names import country_code
from register.exchange.days import day_in
from register.exchange.errors import Wrong
from register.exchange.written import (
    WrittenActivity,
    WrittenMeasure,
    WrittenPartaking,
    WrittenParty,
    WrittenPurpose,
    WrittenTerms,
    WrittenTransfer,
)
from register.lines.values import Relation, Safeguard
from register.slugs import is_slug
from register.values import Capacity

_NO_SLUG: Final = re.compile(r"[^a-z0-9]+")
_LABEL: Final = 200
_SAFEGUARDS: Final = {plain(word): safeguard for safeguard, word in SAFEGUARDS.items()}
_TYPES: Final = {plain(words[0]): (domain, words) for domain, words in MEASURE_TYPES.items()}


def understand(card: Card, fallback: WrittenParty | None = None) -> tuple[WrittenActivity, Understood]:
    """Return the activity of a sheet.

    Args:
        card: The sheet.
        fallback: Who answers for activities whose sheets do not say it.
    """
    read = Understood(card=card)
    name = card.said(NAME)
    written = _written_reference(card)
    called = name[0] if name is not None else ""
    read.cells["name_fr"] = read.cells["name_en"] = card.place(name)
    read.cells["slug"] = card.place(card.said(REFERENCE))
    slug = written if is_slug(written) else slug_of(called)
    actors = ActorsRead.of(card, read.wrongs, read.cells)
    parties, roles = _recipients(read)
    data = data_told(read, kinds_told(read))
    activity = WrittenActivity(
        slug=slug,
        reference="" if written == slug else written,
        name_fr=called,
        name_en=called,
        capacity=Capacity.JOINT_CONTROLLER if actors.joint else Capacity.CONTROLLER,
        controller=actors.controller or fallback,
        purposes=tuple(_purposes(read, slug, data, roles)),
        parties=(*parties, *actors.joint),
        transfers=tuple(_transfers(read, parties)),
        measures=tuple(_measures(read)),
        people=tuple(numbers_told(read)),
        created_on=_day(card.said(CREATED)),
        changed_on=_day(card.said(CHANGED)),
    )
    activity = _with_types(_with_places(activity), read)
    return replace(activity, description="\n".join(read.kept)), read


def slug_of(name: str) -> str:
    """Return a slug made of a name."""
    words = _NO_SLUG.sub("-", unidecode(name).lower()).strip("-").lstrip("0123456789-")
    return words[: SLUG_LENGTH - 8].strip("-") or "activite"


def _written_reference(card: Card) -> str:
    row = card.said(REFERENCE)
    return "" if row is None else row[0]


def _purposes(
    read: Understood, slug: str, data: tuple[WrittenTerms, ...], roles: tuple[Role, ...]
) -> Iterator[WrittenPurpose]:
    main: str | None = None
    rows = list(filled_rows(read.card, Section.PURPOSES))
    for place, row in enumerate(rows):
        read.cells[f"purposes[{place}]"] = read.card.place(row)
        own = f"{slug[: SLUG_LENGTH - 8].rstrip('-')}-{place + 1}"
        yield WrittenPurpose(
            slug=own, label_fr=row[0][:_LABEL], label_en=row[0][:_LABEL], parent=main, data=data, recipients=roles
        )
        if len(row[0]) > _LABEL:
            read.kept.append(f"Finalité : {row[0]}")
        main = main or own
    if rows:
        read.note(phrase("This register says no lawful basis: choose one for each purpose."))


def _recipients(read: Understood) -> tuple[tuple[WrittenPartaking, ...], tuple[Role, ...]]:
    parties: dict[tuple[str, Relation], WrittenPartaking] = {}
    roles: list[Role] = []
    for row in filled_rows(read.card, Section.RECIPIENTS):
        kind, told = plain(row[0]), row[1]
        name, _, part = told.partition("\n")
        if kind == plain(INTERNAL):
            role = role_of(told)
            if role is None or not is_role_name(told):
                read.kept.append(under(KEPT_SERVICE, told or row[0]))
            roles += [] if role is None else [role]
        elif not name:
            read.kept.append(under(KEPT_RECIPIENTS, row[0]))
        else:
            relation = Relation.PROCESSOR if kind.startswith(plain(PROCESSORS)) else Relation.RECIPIENT
            read.cells[f"parties[{len(parties)}]"] = read.card.place(row, 1)
            party = WrittenParty(name=name[:_LABEL])
            read.listed.setdefault((party.name, relation), row[0])
            parties.setdefault((name, relation), WrittenPartaking(party=party, relation=relation, part=part))
    ordered = tuple(sorted(dict.fromkeys(roles), key=list(Role).index))
    return tuple(parties.values()), ordered


def _measures(read: Understood) -> Iterator[WrittenMeasure]:
    found: dict[str, WrittenMeasure] = {}
    for row in filled_rows(read.card, Section.MEASURES):
        domain, words = _TYPES.get(plain(row[0]), (MeasureDomain.ORGANISATION, None))
        told, _, more = row[1].partition("\n")
        if words is None:
            # "Others": what they are is the name.
            label, other, remark = (told or row[0])[:_LABEL], (told or row[0])[:_LABEL], more
        else:
            label, other, remark = *words, row[1]
        before = found.get(label)
        remark = remark if before is None else BETWEEN_MEASURES.join(filter(None, (before.remark, remark)))
        read.cells.setdefault(f"measures[{len(found)}]", read.card.place(row))
        found[label] = WrittenMeasure(domain=domain, label_fr=label, label_en=other, remark=remark)
    yield from found.values()


def _transfers(read: Understood, parties: tuple[WrittenPartaking, ...]) -> Iterator[WrittenTransfer]:
    named = {each.party.name: each.party for each in parties}
    for place, row in enumerate(filled_rows(read.card, Section.TRANSFERS)):
        read.cells[f"transfers[{place}]"] = read.card.place(row)
        code = country_code(row[1])
        if code is None:
            reason = phrase("there is no such country: write its name, or the two letters of ISO 3166-1")
            read.wrongs.append(Wrong(read.card.place(row, 1), reason))
            continue
        safeguard = _safeguard(read, row)
        recipient = row[0][:_LABEL]
        party = named.get(recipient)
        yield WrittenTransfer(
            country=code,
            party=party,
            recipient="" if party is not None else recipient or "Destinataires",
            safeguard=safeguard,
            grounds=row[3],
        )


def _safeguard(read: Understood, row: CardRow) -> Safeguard | None:
    words = plain(row[2])
    found = next((each for word, each in _SAFEGUARDS.items() if words and words.startswith(word[:24])), None)
    if found is Safeguard.DEROGATION:
        read.note(phrase("A derogation says for which situation of Article 49: choose it."))
        read.kept.append(under(KEPT_TRANSFER, f"{row[0]}, {row[2]}"))
        return None
    if found is None and words:
        read.kept.append(under(KEPT_TRANSFER, f"{row[0]}, {row[2]}"))
        if words == PRIVACY_SHIELD:
            read.note(phrase("The Privacy Shield protects no more (CJEU C-311/18): choose another safeguard."))
    return found


def _with_places(activity: WrittenActivity) -> WrittenActivity:
    """Let those that data are sent to be in the country that they are sent to."""
    abroad = {each.party.name: each.country for each in activity.transfers if each.party is not None}

    def there(party: WrittenParty) -> WrittenParty:
        return replace(party, country=abroad.get(party.name, party.country))

    return replace(
        activity,
        parties=tuple(
            each if each.relation is Relation.JOINT_CONTROLLER else replace(each, party=there(each.party))
            for each in activity.parties
        ),
        transfers=tuple(
            each if each.party is None else replace(each, party=there(each.party)) for each in activity.transfers
        ),
    )


def _with_types(activity: WrittenActivity, read: Understood) -> WrittenActivity:
    """Let each recipient keep as what the file lists them, where that does not follow from the rest."""

    def typed(each: WrittenPartaking) -> WrittenPartaking:
        listed = read.listed.get((each.party.name, each.relation))
        known = RECIPIENT_TYPES.get(plain(listed or ""))
        if known is None or known == usual_type(each.party, each.relation):
            return each
        return replace(each, part="\n".join(filter(None, (known, each.part))))

    return replace(activity, parties=tuple(map(typed, activity.parties)))


def _day(row: CardRow | None) -> date | None:
    return None if row is None else day_in(row[0])
