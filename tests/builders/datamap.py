"""A small map of one's own tables, and its physical tables."""

from typing import Any, Final

from sqlalchemy import MetaData, Table

from governance.database import Database
from governance.datamap.loader import parse_map
from governance.datamap.physical import governed_table
from governance.datamap.values import DataMap, FieldKind, MappedField, Origin, Storage
from governance.orm import Base
from governance.vault.models import DataSubject
from governance.vocabulary import DataCategory

# Twelve fields in three categories, as the benchmarks have them.
PEOPLE_YAML: Final = """\
version: 1
tables:
  people:
    links:
      person: {kind: customer}
    fields:
      family_name: {category: identity, link: person, kind: name, origin: provided, search: [phonetic, prefix]}
      given_name: {category: identity, link: person, kind: name, origin: provided}
      birth_date: {category: identity, link: person, kind: birth-date, origin: provided}
      civility: {category: identity, link: person, kind: choice, choices: [madame, monsieur], origin: provided}
      email: {category: contact, link: person, kind: email, origin: provided, search: [exact]}
      phone: {category: contact, link: person, kind: phone, origin: provided, search: [exact]}
      address: {category: contact, link: person, kind: address, origin: provided}
      postcode: {category: contact, link: person, kind: postcode, origin: provided, search: [area]}
      city: {category: contact, link: person, kind: city, origin: provided}
      iban: {category: economic, link: person, kind: iban, origin: provided}
      profession: {category: economic, link: person, kind: text, origin: provided}
      note: {category: economic, link: person, kind: free-text, origin: observed}
  visits:
    links:
      visitor: {kind: customer, of: people}
    fields:
      happened_at: {category: behaviour, link: visitor, kind: moment, storage: clear, origin: observed, required: true}
      pages: {category: behaviour, link: visitor, kind: integer, storage: clear, origin: observed}
      place: {category: location, link: visitor, kind: text, origin: observed}
"""


def a_field(kind: FieldKind, **differing: Any) -> MappedField:
    """Return a sealed field of this kind, of one person, but for what differs."""
    usual: dict[str, Any] = {
        "name": "field",
        "column": "field",
        "category": DataCategory.IDENTITY,
        "link": "person",
        "storage": Storage.SEALED,
        "origin": Origin.PROVIDED,
        "choices": ("madame", "monsieur") if kind is FieldKind.CHOICE else (),
    }
    return MappedField(kind=kind, **{**usual, **differing})


def people_map() -> DataMap:
    """Return the small map, without numbers."""
    return parse_map(PEOPLE_YAML, "people.yaml")


def own_tables(data_map: DataMap) -> dict[str, Table]:
    """Return the physical tables of a map of one's own tables, in a metadata apart from the house's."""
    metadata = MetaData(naming_convention=Base.metadata.naming_convention)
    Base.metadata.tables[DataSubject.__tablename__].to_metadata(metadata)
    return {name: governed_table(table, metadata) for name, table in data_map.tables.items()}


def create_own_tables(database: Database, data_map: DataMap | None = None) -> dict[str, Table]:
    """Make the tables of a map (the small one where None) in an empty house."""
    tables = own_tables(data_map or people_map())
    with database.write_connection() as connection:
        for table in tables.values():
            table.create(connection)
    return tables
