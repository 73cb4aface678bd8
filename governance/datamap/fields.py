"""One field of a map: what a column holds, whose it is, how it is kept and found."""

from collections.abc import Mapping
from typing import Final

from governance.datamap.reading import Reader, joined, quoted
from governance.datamap.values import (
    NOBODY,
    RESERVED_FIELDS,
    FieldKind,
    MappedField,
    MappedTable,
    Origin,
    Search,
    Storage,
)
from governance.errors import phrase
from governance.vocabulary import DataCategory

# Sealed values are found through blind indexes, which exist for these only.
SEALED_SEARCHES: Final[Mapping[FieldKind, frozenset[Search]]] = {
    FieldKind.EMAIL: frozenset({Search.EXACT}),
    FieldKind.PHONE: frozenset({Search.EXACT}),
    FieldKind.SIRET: frozenset({Search.EXACT}),
    FieldKind.NAME: frozenset({Search.PHONETIC, Search.PREFIX}),
    FieldKind.POSTCODE: frozenset({Search.AREA}),
}
# A readable column is compared by its database, which knows nothing of sounds or areas.
_CLEAR_SEARCHES: Final = frozenset({Search.EXACT, Search.PREFIX})
_KEYS: Final = (
    "column", "category", "link", "kind", "choices", "of", "storage", "origin", "search",
    "special", "criminal", "nir", "free_text", "required",
)  # fmt: skip


def read_field(reader: Reader, name: str, table: MappedTable) -> MappedField:
    """Return one field.

    Args:
        reader: The field's part of the file.
        name: The field's name.
        table: Its table, with its links, without its fields.

    Raises:
        MapError: If it cannot be used.
    """
    reader.only(*_KEYS)
    if name in RESERVED_FIELDS:
        reader.fail(reader.line, phrase("every row has its own {name}; choose another field name", name=name))
    kind, category = reader.word("kind", FieldKind), reader.word("category", DataCategory)
    storage = reader.word("storage", Storage, Storage.CLEAR if table.adopted else Storage.SEALED)
    link = _link(reader, table)
    search = frozenset(reader.words("search", Search))
    _check_storage(reader, table, storage, link, kind)
    _check_search(reader, kind, storage, search)
    return MappedField(
        name=name,
        column=_column(reader, name, table),
        category=category,
        link=link,
        kind=kind,
        storage=storage,
        origin=reader.word("origin", Origin),
        search=search,
        choices=_choices(reader, kind),
        of=_reference(reader, table, kind),
        special=reader.flag("special") or category is DataCategory.SPECIAL,
        criminal=reader.flag("criminal") or category is DataCategory.OFFENCES,
        nir=reader.flag("nir") or category is DataCategory.NATIONAL_NUMBER,
        free_text=reader.flag("free_text") or kind is FieldKind.FREE_TEXT,
        required=reader.flag("required"),
        line=reader.line,
    )


def _column(reader: Reader, name: str, table: MappedTable) -> str:
    if not table.adopted and reader.get("column") is not None:
        reader.fail(
            reader.line_of("column"), phrase("a table that Égide keeps names its columns by its fields; remove column")
        )
    return reader.physical("column", name)


def _link(reader: Reader, table: MappedTable) -> str | None:
    written = reader.text("link")
    if not table.links:
        if written not in {None, NOBODY}:
            reader.fail(
                reader.line_of("link"),
                phrase("{table} has no links; add {link} to its links", table=table.name, link=quoted(written or "")),
            )
        return None
    names = joined([*table.links, NOBODY])
    if written is None:
        # A field whose person was forgotten would be read as if it were nobody's.
        reader.fail(
            reader.line,
            phrase(
                "{what} needs link, for its table speaks of persons; it is one of {names}",
                what=reader.what,
                names=names,
            ),
        )
    if written == NOBODY:
        return None
    if written not in table.links:
        reader.fail(
            reader.line_of("link"),
            phrase(
                "{written} is not a link of {table}; it is one of {names}",
                written=quoted(written),
                table=table.name,
                names=names,
            ),
        )
    return written


def _check_storage(reader: Reader, table: MappedTable, storage: Storage, link: str | None, kind: FieldKind) -> None:
    line = reader.line_of("storage")
    if storage is Storage.CLEAR:
        if kind is FieldKind.NUMBER and not table.adopted:
            reader.fail(
                line, phrase("a number with decimals is sealed in a table that Égide keeps; or use integer, in cents")
            )
        return
    if table.adopted:
        reader.fail(line, phrase("adopted tables stay clear in this version; write storage: clear"))
    if link is None:
        reader.fail(line, phrase("a box is sealed under a person's key; name the link, or write storage: clear"))
    if kind is FieldKind.REFERENCE:
        reader.fail(line, phrase("a reference is an identifier that the database follows; write storage: clear"))


def _check_search(reader: Reader, kind: FieldKind, storage: Storage, search: frozenset[Search]) -> None:
    possible = SEALED_SEARCHES.get(kind, frozenset()) if storage is Storage.SEALED else _CLEAR_SEARCHES
    for wanted in sorted(search - possible):
        found = joined(sorted(possible))
        reader.fail(
            reader.line_of("search"),
            phrase(
                "a field of kind {kind}, {storage}, cannot be found by {wanted}; by: {found}",
                kind=kind.value,
                storage=storage.value,
                wanted=wanted,
                found=found,
            ),
        )


def _choices(reader: Reader, kind: FieldKind) -> tuple[str, ...]:
    choices = reader.texts("choices")
    if kind is FieldKind.CHOICE and not choices:
        reader.fail(reader.line, phrase("a choice needs its values; write choices: [...]"))
    if kind is not FieldKind.CHOICE and choices:
        reader.fail(reader.line_of("choices"), phrase("only a choice has choices; write kind: choice, or remove them"))
    return choices


def _reference(reader: Reader, table: MappedTable, kind: FieldKind) -> str | None:
    of = reader.text("of")
    if kind is not FieldKind.REFERENCE:
        if of is not None:
            reader.fail(reader.line_of("of"), phrase("only a reference has of; write kind: reference, or remove it"))
        return None
    if table.adopted:
        reader.fail(
            reader.line, phrase("references are for tables that Égide keeps; use the kind of the column's values")
        )
    if of is None:
        reader.fail(reader.line, phrase("a reference needs the table it refers to; write of: TABLE"))
    return of
