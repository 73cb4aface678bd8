"""A map file becomes a `DataMap`, or an error with its line that says how to mend it.

The file describes one database. Every name is checked, every reference resolved, and nothing unknown passes: a column
that is described wrongly would be read wrongly.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePath
from typing import Final

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from governance.datamap.errors import MapError
from governance.datamap.fields import read_field
from governance.datamap.links import read_links, resolve_links
from governance.datamap.reading import MAX_NAME, Reader, joined, quoted
from governance.datamap.values import (
    DataMap,
    MappedField,
    MappedTable,
    box_column,
    box_companion,
    subject_column,
)
from governance.datamap.yaml_tree import Section, TreeError, read_tree
from governance.errors import phrase

VERSION: Final = "1"
# The name under which Égide's own database is known; no adopted one may take it.
OWN_DATABASE: Final = "egide"
_SETTING: Final = "EGIDE_SOURCE_"
# Some of the databases' own tables show raw pages of all the others.
_CATALOGUES: Final = ("sqlite_", "pg_")
_CATALOGUE_SCHEMAS: Final = frozenset({"pg_catalog", "information_schema"})
_COMPANIONS: Final = ("revision", "source_id", "collected_on", "verified_on")


@lru_cache(maxsize=16)
def parse_map(text: str, name: str) -> DataMap:
    """Return the map that a file describes.

    Args:
        text: The file's content.
        name: The file's name, for errors.

    Raises:
        MapError: If the file cannot be used.
    """
    try:
        root = read_tree(text)
    except TreeError as error:
        raise MapError(file=name, line=error.line, reason=error.reason) from None
    if not isinstance(root, Section):
        raise MapError(file=name, line=root.line, reason=phrase("this is not a map; a map begins with `version: 1`"))
    document = Reader(name, root, phrase("a map"))
    document.only("version", "source", "address", "tables")
    if document.required("version", VERSION) != VERSION:
        document.fail(
            document.line_of("version"),
            phrase("this version of Égide reads maps of version {version}", version=VERSION),
        )
    source, address = _source(document)
    tables = {
        table_name: _table(reader, table_name, source)
        for table_name, reader in document.sections("tables", phrase("table"), needed=True)
    }
    _check_physical(document, tables)
    tables = {table.name: resolve_links(document, tables, table) for table in tables.values()}
    tables = {table.name: _resolve_references(document, tables, table) for table in tables.values()}
    return DataMap(source=source, tables=tables, address=address, file=name)


def _source(document: Reader) -> tuple[str | None, str | None]:
    source, address = document.text("source"), document.text("address")
    if source is None:
        if address is not None:
            document.fail(
                document.line_of("address"), phrase("an address needs a name for the database; add source: NAME")
            )
        return None, None
    line = document.line_of("source")
    document.slug(source, line, phrase("a source"))
    if source == OWN_DATABASE:
        document.fail(line, phrase("egide is Égide's own database; leave source out, or choose another name"))
    if address is not None:
        _check_address(document, source, address)
    return source, address


def _check_address(document: Reader, source: str, address: str) -> None:
    line, setting = document.line_of("address"), f"{_SETTING}{source.upper()}"
    try:
        url = make_url(address)
        dialect = url.get_backend_name()
    except (ArgumentError, ValueError):
        document.fail(
            line,
            phrase(
                "this is not an address; write sqlite:///file or postgresql://host/name, or set {setting}",
                setting=setting,
            ),
        )
    if url.password is not None or "password" in url.query:
        document.fail(
            line,
            phrase(
                "a password must not stand in a map; remove the address here and set {setting} on the host",
                setting=setting,
            ),
        )
    if dialect not in {"sqlite", "postgresql"}:
        document.fail(
            line,
            phrase(
                "{dialect} is not supported; the address is sqlite:///... or postgresql://...", dialect=quoted(dialect)
            ),
        )
    if dialect == "sqlite" and not PurePath(url.database or "").is_absolute():
        # The server and the worker run in folders of their own.
        document.fail(line, phrase("write the whole path of the file, as in sqlite:////srv/shop/shop.sqlite"))


def _table(reader: Reader, name: str, source: str | None) -> MappedTable:
    reader.only("table", "schema", "key", "links", "fields")
    key = tuple(reader.identifier(column, reader.line_of("key")) for column in reader.texts("key"))
    if source is not None and not key:
        reader.fail(
            reader.line, phrase("{what} needs the columns of its primary key; write key: [Id]", what=reader.what)
        )
    schema = reader.text("schema")
    table = MappedTable(
        name=name,
        physical=reader.physical("table", name),
        schema=None if schema is None else reader.identifier(schema, reader.line_of("schema")),
        source=source,
        key=key,
        links=read_links(reader, adopted=bool(key)),
        fields={},
        line=reader.line,
    )
    fields: dict[str, MappedField] = {}
    for field_name, field_reader in reader.sections("fields", phrase("field"), needed=True):
        fields[field_name] = read_field(field_reader, field_name, table)
    return _checked(reader, table, fields)


def _checked(reader: Reader, table: MappedTable, fields: Mapping[str, MappedField]) -> MappedTable:
    complete = replace(table, fields=fields)
    if complete.adopted:
        _check_columns_once(reader, complete)
    else:
        _check_own_columns(reader, complete)
    return complete


def _check_columns_once(reader: Reader, table: MappedTable) -> None:
    seen: dict[str, MappedField] = {}
    for field in table.fields.values():
        first = seen.setdefault(field.column, field)
        if first is not field:
            # Two descriptions of one column would let the weaker one decide.
            reader.fail(
                field.line,
                phrase(
                    "field {field} has the column of field {first}; keep one of them",
                    field=field.name,
                    first=first.name,
                ),
            )


def _check_own_columns(reader: Reader, table: MappedTable) -> None:
    clear = {field.name: field.line for field in table.fields.values()}
    made = [subject_column(link) for link in table.links]
    for link, category in table.boxes:
        made += [box_column(link, category), *(box_companion(link, category, what) for what in _COMPANIONS)]
    for column in made:
        if column in clear:
            reader.fail(
                clear[column],
                phrase("{column} is a column that Égide adds by itself; choose another field name", column=column),
            )
        if len(column) > MAX_NAME:
            reader.fail(
                table.line,
                phrase(
                    "the column {column} would be longer than {most}; choose a shorter link name",
                    column=column,
                    most=MAX_NAME,
                ),
            )


def _check_physical(document: Reader, tables: Mapping[str, MappedTable]) -> None:
    seen: dict[tuple[str | None, str], MappedTable] = {}
    for table in tables.values():
        if table.physical.casefold().startswith(_CATALOGUES) or (table.schema or "").casefold() in _CATALOGUE_SCHEMAS:
            document.fail(
                table.line, phrase("{table} describes the database's own catalogue; remove it", table=table.name)
            )
        first = seen.setdefault((table.schema, table.physical), table)
        if first is not table:
            document.fail(
                table.line,
                phrase(
                    "{table} describes the same table as {first}; keep one of them", table=table.name, first=first.name
                ),
            )


def _resolve_references(document: Reader, tables: Mapping[str, MappedTable], table: MappedTable) -> MappedTable:
    own = {name: other.physical for name, other in tables.items() if not other.adopted}
    fields = dict(table.fields)
    for name, field in table.fields.items():
        if field.of is None:
            continue
        if field.of not in own:
            document.fail(
                field.line, phrase("of names no table that Égide keeps; these are: {tables}", tables=joined(list(own)))
            )
        fields[name] = replace(field, refers_to=own[field.of])
    return replace(table, fields=fields)
