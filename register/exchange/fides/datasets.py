"""A dataset: where data lie, collection by collection, and what each of its fields is about."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from governance.errors import Phrase
from governance.vocabulary import DataCategory
from register.exchange.fides.taxonomy import category_of, is_of_nobody
from register.exchange.fides.tree import Entry

_TOLD: Final = 4
# What says how a program reads a field, and nothing of people.
_TECHNICAL: Final = ("fides_meta", "fidesops_meta", "data_qualifier", "organization_fides_key", "tags", "meta")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A dataset, understood.

    Attributes:
        holds: The fields of each category of data, by their path below the dataset.
        unknown: Keys of categories that stand for nothing here.
        lines: A line for each collection, with its fields.
        kept: What it says besides.
    """

    key: str
    name: str
    description: str
    where: Phrase
    holds: dict[DataCategory, list[str]] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def fields_of(self, category: DataCategory) -> str:
        """Return the first fields of a category, in one line."""
        found = self.holds[category]
        more = ", …" if len(found) > _TOLD else ""
        return ", ".join(found[:_TOLD]) + more


def read_dataset(entry: Entry) -> Dataset:
    """Return what a dataset says.

    Raises:
        MalformedRegisterError: If something in it is not as the format has it.
    """
    key = entry.needed("fides_key")
    found = Dataset(key=key, name=entry.text("name") or key, description=entry.text("description"), where=entry.where)
    _note_categories(found, entry, found.key)
    for collection in entry.entries("collections"):
        name = collection.needed("name")
        _note_categories(found, collection, name)
        told = list(_fields(found, collection, name))
        retention = collection.text("retention")
        kept = f" ; conservation : {retention}" if retention else ""
        found.lines.append(f"{found.name}, {name} : {', '.join(told)}{kept}")
        _set_aside(found, collection, name)
    _set_aside(found, entry, found.name)
    return found


def _fields(found: Dataset, parent: Entry, path: str) -> Iterator[str]:
    for each in parent.entries("fields"):
        name = each.needed("name")
        below = f"{path}.{name}"
        keys = _note_categories(found, each, below)
        retention = each.text("retention")
        told = ", ".join([*keys, *([f"conservation {retention}"] if retention else [])])
        nested = list(_fields(found, each, below))
        yield from nested or [f"{below.partition('.')[2]} ({told})" if told else below.partition(".")[2]]
        _set_aside(found, each, below)


def _note_categories(found: Dataset, entry: Entry, path: str) -> list[str]:
    keys = entry.texts("data_categories")
    for key in keys:
        category = category_of(key)
        if category is not None:
            found.holds.setdefault(category, []).append(path)
        elif not is_of_nobody(key):
            found.unknown[key] = None
    return keys


def _set_aside(found: Dataset, entry: Entry, path: str) -> None:
    for name in _TECHNICAL:
        entry.pass_over(name)
    entry.pass_over("description")
    found.kept.extend(f"{path}, {name} : {said}" for name, said in entry.left())
