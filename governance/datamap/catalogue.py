"""The whole data map in force, with its stable numbers: an immutable value.

It is the base map that comes with the program and the latest version of each map that was loaded. A loaded map whose
attestation fails, or that no longer parses, is left out and told of: its tables close.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.datamap.errors import DataMapError, NotNumberedError, UnknownShapeError, UnknownTableError
from governance.datamap.loader import parse_map
from governance.datamap.models import BoxShape, FieldNumber, MapDocument, TableNumber
from governance.datamap.values import DataMap, MappedTable
from governance.errors import DomainError
from governance.vault.attest import Attested, Attestor
from governance.vault.boxes import BoxBinding, BoxColumn
from governance.vault.errors import AttestationError
from governance.vocabulary import DataCategory

Place = tuple[int, str, DataCategory]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The list of fields of a box, numbered."""

    id: int
    table_id: int
    link: str
    category: DataCategory
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Every table that can be read, and every shape a box ever had.

    Attributes:
        maps: The maps in force, the base map first.
        tables: Their tables by name, numbered.
        shapes: By number, those of older maps too.
        current: The shape of new boxes, by table number, link and category.
        problems: Why loaded maps were left out.
    """

    maps: tuple[DataMap, ...]
    tables: Mapping[str, MappedTable]
    shapes: Mapping[int, Shape]
    current: Mapping[Place, Shape]
    problems: tuple[DomainError, ...] = ()

    def table(self, name: str) -> MappedTable:
        """Return the table of this name.

        Raises:
            UnknownTableError: If the data map has none.
        """
        try:
            return self.tables[name]
        except KeyError:
            raise UnknownTableError(table=name) from None

    def map_of(self, source: str) -> DataMap | None:
        """Return the map in force of an adopted database; None where it has none."""
        return next((each for each in self.maps if each.source == source), None)

    def table_by_id(self, table_id: int) -> MappedTable:
        """Return the table of this number.

        Raises:
            UnknownTableError: If no table in force has it.
        """
        for table in self.tables.values():
            if table.id == table_id:
                return table
        raise UnknownTableError(table=str(table_id))

    def shape(self, table: MappedTable, link: str, category: DataCategory) -> Shape:
        """Return the shape of new boxes of a link and category.

        Raises:
            UnknownShapeError: If the table has no such box.
        """
        try:
            return self.current[table.id, link, category]
        except KeyError:
            raise UnknownShapeError(shape=0) from None

    def binding(self, installation: bytes, shape_id: int) -> BoxBinding:
        """Return what boxes of a shape are bound to. Prepare it once per plan.

        Raises:
            UnknownShapeError: If no box has this shape.
        """
        shape = self.shapes.get(shape_id)
        if shape is None:
            raise UnknownShapeError(shape=shape_id)
        column = BoxColumn(installation=installation, table=shape.table_id, link=shape.link, category=shape.category)
        return BoxBinding.of(column, shape.id, shape.fields)

    def bindings(
        self, installation: bytes, table: MappedTable, link: str, category: DataCategory
    ) -> dict[int, BoxBinding]:
        """Return every binding that a box of a column may have, by shape number; the current one is among them."""
        place = (table.id, link, category)
        return {
            shape.id: self.binding(installation, shape.id)
            for shape in self.shapes.values()
            if (shape.table_id, shape.link, shape.category) == place
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The stable numbers on file. A table whose number was altered outside Égide has None: it closes."""

    tables: Mapping[str, int | None]
    fields: Mapping[tuple[int, str], int]
    shapes: tuple[Shape, ...]


def load_catalogue(session: Session, attestor: Attestor, base: DataMap) -> Catalogue:
    """Return the data map in force.

    Args:
        session: A transaction of Égide's own database.
        attestor: Checks that Égide wrote the loaded maps.
        base: The map that comes with the program.

    Raises:
        NotNumberedError: If a part of a map has no number yet.
    """
    maps: list[DataMap] = [base]
    problems: list[DomainError] = []
    for document in documents_in_force(session):
        try:
            attestor.verify(document)
            maps.append(parse_map(document.text, document.file))
        except (AttestationError, DataMapError) as error:
            problems.append(error)
    numbers = load_numbers(session, attestor, problems)
    return build_catalogue(maps, numbers, problems)


def documents_in_force(session: Session) -> list[MapDocument]:
    """Return the latest version of each loaded map, unverified, in the order of the sources' names."""
    latest = select(MapDocument.source, func.max(MapDocument.version).label("version"))
    latest_versions = latest.group_by(MapDocument.source).subquery()
    return list(
        session.scalars(
            select(MapDocument)
            .join(
                latest_versions,
                (MapDocument.source == latest_versions.c.source) & (MapDocument.version == latest_versions.c.version),
            )
            .order_by(MapDocument.source)
        )
    )


def load_numbers(session: Session, attestor: Attestor, problems: list[DomainError]) -> Numbers:
    """Return the numbers on file.

    Args:
        session: A transaction of Égide's own database.
        attestor: Checks that Égide gave the numbers.
        problems: Where what was altered is told of. The number of an altered table is not used; where a field's or a
            shape's was altered, none is, for it could be any table's.
    """
    tables: dict[str, int | None] = {}
    for row in session.scalars(select(TableNumber).order_by(TableNumber.id)):
        tables[row.name] = row.id if _whole(attestor, row, problems) else None
    fields = session.scalars(select(FieldNumber)).all()
    shapes = session.scalars(select(BoxShape).order_by(BoxShape.id)).all()
    numbered: list[Attested] = [*fields, *shapes]
    # Each is looked at, so that all that were altered are told of.
    if not all([_whole(attestor, row, problems) for row in numbered]):  # noqa: C419
        return Numbers(tables=dict.fromkeys(tables), fields={}, shapes=())
    return Numbers(
        tables=tables,
        fields={(row.table_id, row.name): row.id for row in fields},
        shapes=tuple(_shape(row) for row in shapes),
    )


def _whole(attestor: Attestor, row: Attested, problems: list[DomainError]) -> bool:
    try:
        attestor.verify(row)
    except AttestationError as error:
        problems.append(error)
        return False
    return True


def build_catalogue(maps: Iterable[DataMap], numbers: Numbers, problems: Iterable[DomainError] = ()) -> Catalogue:
    """Put maps and numbers together.

    Raises:
        NotNumberedError: If a part of a map has no number.
    """
    maps = tuple(maps)
    described = [table for each in maps for table in each.tables.values()]
    tables = {table.name: _numbered(table, numbers) for table in described if not _altered(table, numbers)}
    by_fields = {(shape.table_id, shape.link, shape.category, shape.fields): shape for shape in numbers.shapes}
    current: dict[Place, Shape] = {}
    for table in tables.values():
        for (link, category), fields in table.boxes.items():
            shape = by_fields.get((table.id, link, category, fields))
            if shape is None:
                raise NotNumberedError(part=f"{table.name}.{link}.{category.value}")
            current[table.id, link, category] = shape
    return Catalogue(
        maps=maps,
        tables=tables,
        shapes={shape.id: shape for shape in numbers.shapes},
        current=current,
        problems=tuple(problems),
    )


def _altered(table: MappedTable, numbers: Numbers) -> bool:
    return table.name in numbers.tables and numbers.tables[table.name] is None


def _numbered(table: MappedTable, numbers: Numbers) -> MappedTable:
    number = numbers.tables.get(table.name)
    if number is None:
        raise NotNumberedError(part=table.name)
    fields = {}
    for name, field in table.fields.items():
        field_number = numbers.fields.get((number, name))
        if field_number is None:
            raise NotNumberedError(part=f"{table.name}.{name}")
        fields[name] = replace(field, id=field_number)
    return replace(table, id=number, fields=fields)


def _shape(row: BoxShape) -> Shape:
    return Shape(
        id=row.id,
        table_id=row.table_id,
        link=row.link,
        category=DataCategory.from_code(row.category),
        fields=tuple(orjson.loads(row.fields)),
    )
