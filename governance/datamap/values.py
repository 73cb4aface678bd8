"""The data map as a value: tables, links to data subjects, fields.

A map as it was parsed bears the number 0 everywhere; the catalogue gives each table and field its stable number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from governance.datamap.errors import UnknownFieldError
from governance.vocabulary import DataCategory, SubjectKind

UNNUMBERED: Final = 0
# Names that rows of every table have, whatever the map says.
RESERVED_FIELDS: Final = frozenset({"id", "state", "revision"})
# What a field says in the place of a link when its table has links and it speaks of none of them.
NOBODY: Final = "nobody"


class FieldKind(StrEnum):
    """What a value looks like; decides how it is checked, masked, generalised and searched."""

    TEXT = "text"
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    IBAN = "iban"
    DATE = "date"
    BIRTH_DATE = "birth-date"
    MOMENT = "moment"
    POSTCODE = "postcode"
    CITY = "city"
    ADDRESS = "address"
    COUNTRY = "country"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    SIRET = "siret"
    SIREN = "siren"
    NAF = "naf"
    URL = "url"
    FREE_TEXT = "free-text"
    CHOICE = "choice"
    REFERENCE = "reference"


class Storage(StrEnum):
    """How a field lies in its database."""

    SEALED = "sealed"
    CLEAR = "clear"


class Origin(StrEnum):
    """Where a datum comes from. GDPR Art. 14(2)(f), Art. 20(1)."""

    PROVIDED = "provided"
    OBSERVED = "observed"
    INFERRED = "inferred"
    THIRD_PARTY = "third-party"


class Search(StrEnum):
    """How a person may be found by a field."""

    EXACT = "exact"
    PHONETIC = "phonetic"
    PREFIX = "prefix"
    AREA = "area"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Whose row it is: one person the row speaks of.

    Attributes:
        name: The link's name in its table.
        kind: In what capacity the person is known.
        of: The table whose row the person belongs to; None where the row itself is the person.
        of_link: The link of that table which is meant; None with `of`.
        columns: Columns of an adopted table that hold the key of the row in `of`; empty in Égide's own tables, where
            the row holds its data subjects' numbers itself.
        line: Where the map says so; 0 outside a file.
    """

    name: str
    kind: SubjectKind
    of: str | None = None
    of_link: str | None = None
    columns: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedField:
    """One column, described.

    Attributes:
        id: The stable number; 0 before it has one.
        name: The name in the data map.
        column: The physical column; of a sealed field, nothing but its name.
        category: What it speaks of.
        link: Whom it speaks of; None where it speaks of nobody.
        kind: What a value looks like.
        storage: Sealed or clear.
        origin: Where the datum comes from.
        search: How a person may be found by it.
        choices: The values of a `choice`.
        of: The table that a `reference` refers to.
        refers_to: The physical name of that table.
        special: Special category. GDPR Art. 9.
        criminal: Convictions and offences. GDPR Art. 10.
        nir: The French national registration number. Art. 30 of the Act of 6 January 1978.
        free_text: People may have written anything here.
        required: A row cannot be without it.
        line: Where the map says so; 0 outside a file.
    """

    id: int = UNNUMBERED
    name: str
    column: str
    category: DataCategory
    link: str | None
    kind: FieldKind
    storage: Storage
    origin: Origin
    search: frozenset[Search] = frozenset()
    choices: tuple[str, ...] = ()
    of: str | None = None
    refers_to: str | None = None
    special: bool = False
    criminal: bool = False
    nir: bool = False
    free_text: bool = False
    required: bool = False
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class MappedTable:
    """One table, described.

    Attributes:
        id: The stable number; 0 before it has one.
        name: The name, unique in the whole data map.
        physical: The table's name in its database.
        schema: The table's schema on PostgreSQL; None for the default one.
        source: The adopted database it stands in; None for Égide's own database.
        key: The columns of an adopted table's primary key; empty for a table that Égide keeps itself.
        links: The persons a row speaks of.
        fields: The columns that can be read; any other is unreachable.
        line: Where the map says so; 0 outside a file.
    """

    id: int = UNNUMBERED
    name: str
    physical: str
    schema: str | None = None
    source: str | None = None
    key: tuple[str, ...] = ()
    links: Mapping[str, Link]
    fields: Mapping[str, MappedField]
    line: int = 0

    @property
    def adopted(self) -> bool:
        """Whether another program keeps the table."""
        return bool(self.key)

    def field(self, name: str) -> MappedField:
        """Return the field of this name.

        Raises:
            UnknownFieldError: If the map has none.
        """
        try:
            return self.fields[name]
        except KeyError:
            raise UnknownFieldError(table=self.name, field=name) from None

    @cached_property
    def boxes(self) -> Mapping[tuple[str, DataCategory], tuple[str, ...]]:
        """The boxes a row has: the sealed fields of each link and category, in the order of the map."""
        found: dict[tuple[str, DataCategory], tuple[str, ...]] = {}
        for field in self.fields.values():
            if field.storage is Storage.SEALED and field.link is not None:
                place = (field.link, field.category)
                found[place] = (*found.get(place, ()), field.name)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class DataMap:
    """Tables of one database.

    Attributes:
        source: The adopted database; None for Égide's own.
        address: Where it is, without a password; the host's settings win.
        tables: By name.
        file: The file it was read from.
    """

    source: str | None
    tables: Mapping[str, MappedTable]
    address: str | None = None
    file: str = ""


def subject_column(link: str) -> str:
    """Return the column of Égide's own tables that holds a link's data subject."""
    return f"{link}_subject_id"


def box_column(link: str, category: DataCategory) -> str:
    """Return the column that holds the box of a link and a category."""
    return f"{link}_{category.value}_box"


def box_companion(link: str, category: DataCategory, what: str) -> str:
    """Return a clear column beside a box: `revision`, `source_id`, `collected_on` or `verified_on`."""
    return f"{link}_{category.value}_{what}"
