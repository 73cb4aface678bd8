"""The pictures of one activity in words: what is drawn of its purposes, and what of it is told beside the drawing."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from flask_babel import gettext

from governance.actor import ROLE_LABELS
from governance.datamap.catalogue import Catalogue
from governance.datamap.pages.wording import table_title
from governance.errors import mark
from governance.periods import Period
from governance.vocabulary import DataCategory, SubjectKind
from register.catalogue.countries import EEA
from register.lines.contents import Content, PartyLine, TransferLine
from register.lines.labels import RELATION_TAGS, SAFEGUARD_LABELS
from register.lines.told import Called
from register.lines.values import Relation
from register.models import PurposeData
from register.pages.line_words import called_here
from register.pages.wording import country_name, labelled, span, word
from register.pictures.flow import Flow, flow_of
from register.pictures.timeline import Course
from register.stated import StatedPurpose
from register.values import StartingEvent

_STATIONS: Final = (
    mark("Whose data"), mark("Where they come from"), mark("Where they lie"), mark("Who receives them"),
    mark("Outside the EEA"), mark("Their end"),
)  # fmt: skip
# Whom we process for gives the data, and receives nothing that is not its own.
_RECEIVING: Final = frozenset(Relation) - {Relation.PRINCIPAL}


class _Line(Protocol):
    @property
    def content(self) -> Content: ...
    @property
    def called(self) -> Called | None: ...


def ways_of(purposes: Iterable[StatedPurpose], lines: Iterable[_Line], catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return, for each purpose, kind of people and category, the way of its data in words.

    Args:
        purposes: What the activity does.
        lines: What else it says, the organisations that take part and the transfers among it. Which of the purposes
            an organisation serves no record says, so that it stands with each of them.
        catalogue: The data map.
    """
    return list(_ways(purposes, _abroad(lines), _tables(catalogue)))


def flow_in_words(ways: Iterable[Mapping[str, Any]]) -> Flow:
    """Return the flow that these ways make, with its stations in the reader's language."""
    return flow_of(_journeys(ways), [gettext(name) for name in _STATIONS], gettext("and {count} more"))


def courses_of(purposes: Iterable[StatedPurpose]) -> list[Course]:
    """Return the lives of the data of these purposes, those that are alike together."""
    merged: dict[tuple[Any, ...], dict[SubjectKind, dict[str, None]]] = {}
    for each in purposes:
        for terms in each.data:
            alike = (terms.starting_event, terms.active_for, terms.archived_for, terms.final_fate)
            kinds = merged.setdefault(alike, {})
            kinds.setdefault(terms.subject_kind, {})[word(terms.category)] = None
    return [
        Course(
            label=gettext("%(whose)s: %(what)s", whose=word(kind), what=", ".join(categories)),
            event=gettext("from %(event)s", event=word(event)),
            from_collection=event is StartingEvent.COLLECTION,
            active_for=active,
            archived_for=archive,
            fate=word(fate),
        )
        for (event, active, archive, fate), kinds in merged.items()
        for kind, categories in kinds.items()
    ]


def _ways(
    purposes: Iterable[StatedPurpose],
    others: Mapping[str, Sequence[str]],
    tables: Mapping[tuple[SubjectKind, DataCategory], Sequence[str]],
) -> Iterator[dict[str, Any]]:
    nowhere = gettext("outside the mapped databases")
    for each in purposes:
        inside: dict[str, Sequence[str]] = {gettext(ROLE_LABELS[role]): () for role in each.recipients}
        recipients = {**inside, **others} or {gettext("nobody yet"): ()}
        for terms in each.data:
            yield {
                "purpose": labelled(each.purpose),
                "kind": word(terms.subject_kind),
                "category": word(terms.category),
                "source": word(terms.provenance),
                "tables": tables.get((terms.subject_kind, terms.category), [nowhere]),
                "recipients": recipients,
                "outside": list(dict.fromkeys(place for places in recipients.values() for place in places)),
                "end": _end(terms),
            }


def _journeys(rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        for table in row["tables"]:
            for recipient, outside in row["recipients"].items():
                for place in outside or ("",):
                    yield row["kind"], row["source"], table, recipient, place, row["end"]


def _abroad(lines: Iterable[_Line]) -> Mapping[str, list[str]]:
    """Return who else receives data, in words, each with where outside the European Economic Area it takes them."""
    found: dict[str, list[str]] = {}
    names: dict[uuid.UUID, list[str]] = {}
    transfers: list[tuple[TransferLine, str]] = []
    for line in lines:
        content, name = line.content, called_here(line.called)
        if isinstance(content, PartyLine) and content.relation in _RECEIVING:
            told = gettext("%(relation)s: %(name)s", relation=gettext(RELATION_TAGS[content.relation]), name=name)
            found[told] = []
            names.setdefault(content.party_id, []).append(told)
        elif isinstance(content, TransferLine):
            transfers.append((content, name))
    for transfer, name in transfers:
        place = [] if transfer.country in EEA else [_outside(transfer)]
        fallback = [transfer.recipient or name]
        for told in fallback if transfer.party_id is None else names.get(transfer.party_id, fallback):
            found[told] = [*found.get(told, ()), *place]
    return found


def _outside(line: TransferLine) -> str:
    safeguard = mark("no safeguard named") if line.safeguard is None else SAFEGUARD_LABELS[line.safeguard]
    return str(gettext("%(country)s: %(to)s", country=country_name(line.country), to=gettext(safeguard)))


def _tables(catalogue: Catalogue) -> Mapping[tuple[SubjectKind, DataCategory], list[str]]:
    """Return where the data map has each category of each kind of people, in words."""
    found: dict[tuple[SubjectKind, DataCategory], dict[str, None]] = {}
    for table in catalogue.tables.values():
        for field in table.fields.values():
            link = table.links.get(field.link or "")
            if link is not None and field.category is not None:
                found.setdefault((link.kind, field.category), {})[table_title(table.name)] = None
    return {pair: list(titles) for pair, titles in found.items()}


def _end(terms: PurposeData) -> str:
    spans = _together(terms.active_for, terms.archived_for)
    if not spans:
        return str(gettext("%(fate)s at %(event)s", fate=word(terms.final_fate), event=word(terms.starting_event)))
    return str(
        gettext(
            "%(fate)s %(span)s after %(event)s",
            fate=word(terms.final_fate),
            span=spans,
            event=word(terms.starting_event),
        )
    )


def _together(active: Period, archived: Period) -> str:
    """Return how long data are kept in both phases together; nothing where no day."""
    both = active.plus(archived)
    if both is None:
        return str(gettext("%(first)s and %(then)s", first=span(active), then=span(archived)))
    return span(both) if both else ""
