"""Correcting a map on its way: what a person says of one table and of its columns, whole."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from governance.datamap.adopt.proposal import Grounds
from governance.datamap.drafting.draft import DECIDED, SELF, DraftColumn, DraftLink, DraftTable
from governance.datamap.values import FieldKind, Link, MappedField, Origin, Search
from governance.vocabulary import DataCategory, SubjectKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnWords:
    """What a person says of a column.

    Attributes:
        kept: Whether the map takes it in.
        link: The link it speaks of; None for nobody.
    """

    kept: bool
    category: DataCategory
    kind: FieldKind
    origin: Origin
    link: str | None = None
    search: frozenset[Search] = frozenset()
    choices: tuple[str, ...] = ()
    special: bool = False
    criminal: bool = False
    nir: bool = False
    free_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableWords:
    """What a person says of a table.

    Attributes:
        kept: Whether the map takes it in.
        person: In what capacity each row is a person itself; None where it is not.
        links: The links to other tables' persons that hold.
        columns: What is said of columns, by their names in the database; of others nothing changes.
    """

    kept: bool
    person: SubjectKind | None
    links: frozenset[str]
    columns: Mapping[str, ColumnWords] = field(default_factory=dict)


def corrected(table: DraftTable, words: TableWords) -> DraftTable:
    """Return the table as a person describes it. What they change rests on their word from now on."""
    links = tuple(_links(table, words))
    names = {each.link.name for each in links if each.kept}
    said = words.columns
    if names and not table.link_names:
        # Until now its columns could speak of nobody: they speak of the person that its rows are.
        own = min(names)
        said = {name: replace(each, link=each.link or own) for name, each in words.columns.items()}
    columns = tuple(_column(each, said.get(each.field.column), names) for each in table.columns)
    changed = words.kept != table.kept or words.person is not table.person
    return replace(table, kept=words.kept, links=links, columns=columns, grounds=DECIDED if changed else table.grounds)


def _links(table: DraftTable, words: TableWords) -> Iterable[DraftLink]:
    own = [each for each in table.links if each.link.of is None]
    if not own and words.person is not None:
        yield DraftLink(link=Link(name=_own_name(table), kind=words.person), kept=True, grounds=DECIDED)
    for each in table.links:
        if each.link.of is None:
            yield _own(each, words.person)
        else:
            kept = each.link.name in words.links
            yield replace(each, kept=kept, grounds=_grounds(each.grounds, changed=kept != each.kept))


def _own(link: DraftLink, person: SubjectKind | None) -> DraftLink:
    if person is None:
        return replace(link, kept=False, grounds=_grounds(link.grounds, changed=link.kept))
    changed = not link.kept or link.link.kind is not person
    return replace(
        link, kept=True, link=replace(link.link, kind=person), grounds=_grounds(link.grounds, changed=changed)
    )


def _own_name(table: DraftTable) -> str:
    taken = {each.link.name for each in table.links}
    return SELF if SELF not in taken else f"own_{SELF}"


def _column(draft: DraftColumn, words: ColumnWords | None, links: Collection[str]) -> DraftColumn:
    if words is None:
        # A column of a link that is gone speaks of nobody, until somebody says whose it is.
        link = draft.field.link if draft.field.link in links else None
        return replace(draft, field=replace(draft.field, link=link))
    described = _described(draft.field, words, links)
    kept = words.kept and draft.possible
    changed = kept != draft.kept or (kept and described != draft.field)
    return replace(draft, field=described, kept=kept, grounds=_grounds(draft.grounds, changed=changed))


def _described(before: MappedField, words: ColumnWords, links: Collection[str]) -> MappedField:
    return replace(
        before,
        category=words.category,
        kind=words.kind,
        origin=words.origin,
        link=words.link if words.link in links else None,
        search=words.search,
        choices=words.choices if words.kind is FieldKind.CHOICE else (),
        # What the loader adds by itself, so that the two say the same.
        special=words.special or words.category is DataCategory.SPECIAL,
        criminal=words.criminal or words.category is DataCategory.OFFENCES,
        nir=words.nir or words.category is DataCategory.NATIONAL_NUMBER,
        free_text=words.free_text or words.kind is FieldKind.FREE_TEXT,
    )


def _grounds(before: Grounds, *, changed: bool) -> Grounds:
    return DECIDED if changed else before


def relinked(tables: Iterable[DraftTable]) -> tuple[DraftTable, ...]:
    """Return the tables with links that say of what kind their persons are now, from table to table."""
    by_name = {table.name: table for table in tables}
    return tuple(replace(table, links=tuple(_kinded(each, by_name) for each in table.links)) for table in tables)


def _kinded(draft: DraftLink, tables: Mapping[str, DraftTable]) -> DraftLink:
    kind = _kind_of(draft.link, tables, frozenset())
    return draft if kind is draft.link.kind else replace(draft, link=replace(draft.link, kind=kind))


def _kind_of(link: Link, tables: Mapping[str, DraftTable], seen: frozenset[tuple[str, str | None]]) -> SubjectKind:
    place = (link.of or "", link.of_link)
    target = tables.get(link.of or "")
    if target is None or place in seen:
        return link.kind
    meant = next((each.link for each in target.links if each.link.name == link.of_link), None)
    return link.kind if meant is None else _kind_of(meant, tables, seen | {place})
