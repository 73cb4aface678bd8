"""The links of a table: whose row it is, directly or through the row of another table."""

from collections.abc import Mapping
from dataclasses import replace

from governance.datamap.reading import Reader, joined, quoted
from governance.datamap.values import NOBODY, Link, MappedTable
from governance.errors import phrase
from governance.vocabulary import SubjectKind


def read_links(table: Reader, *, adopted: bool) -> dict[str, Link]:
    """Return a table's links as they are written; `resolve_links` finds what they refer to.

    Args:
        table: The table's part of the file.
        adopted: Whether another program keeps the table.

    Raises:
        MapError: If one of them cannot be used.
    """
    links: dict[str, Link] = {}
    for name, reader in table.sections("links", phrase("link")):
        if name == NOBODY:
            reader.fail(
                reader.line,
                phrase("{name} is what a field says that speaks of no person; choose another name", name=NOBODY),
            )
        reader.only("kind", "of", "link", "columns")
        columns = tuple(reader.identifier(column, reader.line_of("columns")) for column in reader.texts("columns"))
        of = reader.text("of")
        if of is None and (columns or reader.get("link") is not None):
            reader.fail(reader.line, phrase("columns and link say how to find a row of another table; add of: TABLE"))
        if of is not None and adopted and not columns:
            reader.fail(
                reader.line, phrase("say which columns hold the key of {table}; write columns: [...]", table=quoted(of))
            )
        if columns and not adopted:
            reader.fail(
                reader.line_of("columns"), phrase("a table that Égide keeps holds its persons itself; remove columns")
            )
        links[name] = Link(
            name=name,
            kind=reader.word("kind", SubjectKind),
            of=of,
            of_link=reader.text("link"),
            columns=columns,
            line=reader.line,
        )
    return links


def resolve_links(document: Reader, tables: Mapping[str, MappedTable], table: MappedTable) -> MappedTable:
    """Return the table with links that say exactly which link of which table they mean.

    Raises:
        MapError: If a link leads nowhere, in a circle, or to a person of another kind.
    """
    links = {name: _resolved(document, tables, table, link) for name, link in table.links.items()}
    return replace(table, links=links)


def _resolved(document: Reader, tables: Mapping[str, MappedTable], table: MappedTable, link: Link) -> Link:
    target = _target(document, tables, link)
    if target is None:
        return link
    _, meant = target
    _refuse_circles(document, tables, table, link)
    if meant.kind is not link.kind:
        document.fail(
            link.line,
            phrase("this person is a {kind} in {table}; write kind: {kind}", kind=meant.kind.value, table=link.of),
        )
    return replace(link, of_link=meant.name)


def _target(document: Reader, tables: Mapping[str, MappedTable], link: Link) -> tuple[MappedTable, Link] | None:
    if link.of is None:
        return None
    other = tables.get(link.of)
    if other is None:
        document.fail(
            link.line,
            phrase(
                "of: {table} is not a table of this map; it has {tables}",
                table=quoted(link.of),
                tables=joined(list(tables)),
            ),
        )
    if link.columns and len(link.columns) != len(other.key):
        reason = phrase(
            "{table} has a key of {key} columns, and columns names {columns}",
            table=other.name,
            key=len(other.key),
            columns=len(link.columns),
        )
        document.fail(link.line, phrase("{reason}; name them in the same order", reason=reason))
    return other, _meant(document, other, link)


def _meant(document: Reader, other: MappedTable, link: Link) -> Link:
    if link.of_link is not None:
        named = other.links.get(link.of_link)
        if named is None:
            document.fail(
                link.line,
                phrase(
                    "{table} has no link {link}; it has {links}",
                    table=other.name,
                    link=quoted(link.of_link),
                    links=joined(list(other.links)),
                ),
            )
        return named
    themselves = [candidate for candidate in other.links.values() if candidate.of is None]
    candidates = themselves or list(other.links.values())
    if len(candidates) != 1:
        found = joined([candidate.name for candidate in candidates])
        document.fail(
            link.line,
            phrase("say which link of {table} is meant ({found}); write link: NAME", table=other.name, found=found),
        )
    return candidates[0]


def _refuse_circles(document: Reader, tables: Mapping[str, MappedTable], table: MappedTable, link: Link) -> None:
    seen = {(table.name, link.name)}
    target = _target(document, tables, link)
    while target is not None:
        other, meant = target
        if (other.name, meant.name) in seen:
            document.fail(link.line, phrase("this link leads back to itself; one table's row must be the person"))
        seen.add((other.name, meant.name))
        target = _target(document, tables, meant)
