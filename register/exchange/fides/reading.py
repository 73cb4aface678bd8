"""A file of Fides: its systems and datasets, as activities."""

from collections.abc import Iterator, Sequence
from typing import Final

from governance.datamap.yaml_tree import Section, TreeError, read_tree
from governance.errors import Phrase, listed, phrase
from register.exchange.cnil.understanding import slug_of
from register.exchange.codec import WrongValueError, read
from register.exchange.codec import plain as as_plain
from register.exchange.errors import MalformedRegisterError, Wrong
from register.exchange.fides.datasets import Dataset, read_dataset
from register.exchange.fides.systems import read_system
from register.exchange.fides.tree import Entry, refuse
from register.exchange.placed import PlacedActivity, ReadRegister
from register.exchange.unique import once_each
from register.exchange.written import WrittenActivity, WrittenAsset
from register.lines.values import AssetKind

NAME: Final = "fides"
# Nested fields, in nested fields.
_DEPTH: Final = 60
_LABEL: Final = 200
_MOST: Final = 10_000
_NAMED: Final = 10


def read_fides(text: str, digest: str) -> ReadRegister:
    """Return the activities of a file.

    Raises:
        MalformedRegisterError: If it is not as the format has it, with the path and the line.
    """
    try:
        root = read_tree(text, depth=_DEPTH)
    except TreeError as error:
        place = phrase("line {line}", line=error.line)
        raise MalformedRegisterError(wrongs=(Wrong(place, phrase("{reason}", reason=error.reason)),)) from None
    if not isinstance(root, Section):
        refuse("$", root.line, phrase("it must be a mapping of names to values"))
    if not {"system", "dataset"} & root.entries.keys():
        refuse("$", root.line, phrase("it names neither systems nor datasets, as a file of Fides does"))
    top = _Top(root, "")
    datasets = {each.key: each for each in map(read_dataset, top.entries("dataset"))}
    systems = top.entries("system")
    named = {each.text("fides_key"): each.text("name") or each.text("fides_key") for each in systems}
    notes: list[Phrase] = []
    found = [read_system(each, datasets, named) for each in systems if _of_people(each, notes)]
    lying = {each.name for placed in found for each in placed.activity.assets}
    found += [_alone(each) for each in datasets.values() if each.name[:_LABEL] not in lying]
    left = [name for name, _ in top.left()]
    if left:
        notes.append(phrase("Not read, for the register has nothing of the kind: {names}.", names=listed(left)))
    return ReadRegister(format=NAME, digest=digest, activities=once_each(_checked(found)), notes=notes)


class _Top(Entry):
    """The whole file, whose paths begin with the name of a list."""

    def entries(self, name: str) -> list[Entry]:
        """Return a list of mappings."""
        return [Entry(each, path.lstrip(".")) for path, each in self.items_of(name)]


def _of_people(system: Entry, notes: list[Phrase]) -> bool:
    if system.flag("processes_personal_data", otherwise=True):
        return True
    name = system.text("name") or system.needed("fides_key")
    notes.append(phrase("“{name}” processes no personal data, as the file says, and is left out.", name=name[:_LABEL]))
    return False


def _alone(dataset: Dataset) -> PlacedActivity:
    """Return an activity for data that no system names: somebody has to say why they are there."""
    told = "\n".join(filter(None, (dataset.description, *dataset.lines, *dataset.kept)))
    notes = [phrase("A dataset says no purpose: write why these data are kept, or leave it out.")]
    if dataset.unknown:
        keys = listed(list(dataset.unknown)[:_NAMED])
        sentence = "“{dataset}” names kinds of data that stand for nothing here: {keys}."
        notes.append(phrase(sentence, dataset=dataset.name, keys=keys))
    if len(told) > _MOST:
        notes.append(phrase("What it says besides does not fit into the description, and is cut."))
    activity = WrittenActivity(
        slug=slug_of(dataset.key),
        name_fr=dataset.name[:_LABEL],
        name_en=dataset.name[:_LABEL],
        description=told[:_MOST],
        assets=(WrittenAsset(kind=AssetKind.APPLICATION, name=dataset.name[:_LABEL]),),
    )
    return PlacedActivity(activity=activity, where=dataset.where, notes=tuple(notes))


def _checked(found: Sequence[PlacedActivity]) -> list[PlacedActivity]:
    wrongs = list(_wrongs(found))
    if wrongs:
        raise MalformedRegisterError(wrongs=tuple(wrongs))
    return list(found)


def _wrongs(found: Sequence[PlacedActivity]) -> Iterator[Wrong]:
    for placed in found:
        try:
            read(WrittenActivity, as_plain(placed.activity), "")
        except WrongValueError as error:
            yield Wrong(placed.place_of(str(error.wrong.place).lstrip(".")), error.wrong.reason)
