"""Opening one row, whatever it is like: the reference that the compiled loop must agree with.

A person who is erased, has not consented or objects is left out without a trace in the answer. The marks of everybody
else are authenticated by unwrapping their key, whether or not a box is then opened, for a mark that nobody checked
could have been removed by SQL. A restricted person's row is shown to exist and says nothing more (GDPR Art. 18(2)).

Here whatever does not fit raises; the compiled loop hands over every row that is not plain.
"""

import hashlib
import hmac
import struct
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consent.probe import Probe, Verdict
from consent.soliciting import closing_marks
from governance.gate.columns import uuid_text
from governance.gate.errors import BoxTamperedError, MarksTamperedError, RowTamperedError
from governance.gate.program import BoxSlot, Kinds, LinkSlot, Place, Program, Recipe
from governance.gate.row_macs import given_of
from governance.gate.search import Lookup
from governance.vault.boxes import shape_number
from governance.vault.errors import BoxError
from governance.vault.keyring import EpochKeys
from governance.vault.macs import MAC_VERSION
from governance.vault.models import SubjectState
from governance.vault.subject_keys import AAD_MARKS, NONCE_BYTES, objections_of
from governance.vocabulary import SubjectKind

Row = Sequence[Any]

ERASED: Final = SubjectState.ERASED.code
RESTRICTED: Final = SubjectState.RESTRICTED.code
# What reading an altered column can raise: a nonce cut short, a number out of range, text where bytes belong.
ALTERED: Final = (InvalidTag, ValueError, TypeError, AttributeError, OverflowError, struct.error)


@dataclass(slots=True)
class Tally:
    """What happened to the rows of a read that is not in its answer.

    Attributes:
        left_out: How many rows were left out, by reason.
        restricted: How many rows show nothing but that they exist.
        observed: How many rows would have been left out, were the activity enforced.
        broken_consents: The people whose consent was altered outside Égide.
        older: The places that were withheld from rows, or for which rows were left out, because what stands there was
            collected under no notice that names the purpose.
    """

    left_out: Counter[str] = field(default_factory=Counter)
    restricted: int = 0
    observed: Counter[str] = field(default_factory=Counter)
    broken_consents: set[int] = field(default_factory=set)
    older: set[Place] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a read has besides its program.

    Attributes:
        keys: The keys of the epochs, taken before the rows were fetched.
        now_seconds: The time of the read, in seconds since 1970, by which consents are judged.
        aad_prefix: The constant part of what wrapped keys are bound to.
        keyed_row: The hash object that the MACs of rows begin with.
        make_probe: Makes what judges the consents that the loop does not.
        lookups: What sealed fields are compared with once they are open.
        kinds: By link, the kinds of people by whom a row may be found; a link without a line may be any.
        found_by: The places of the fields that rows are found or ordered by.
        shows_restricted: Whether restricted rows are shown to exist: not where a filter or an order would tell more.
    """

    keys: EpochKeys = field(repr=False)
    now_seconds: int
    aad_prefix: bytes = field(repr=False)
    keyed_row: hashlib.blake2b = field(repr=False)
    make_probe: Callable[[], Probe]
    lookups: tuple[Lookup, ...] = ()
    kinds: Mapping[str, frozenset[SubjectKind]] = field(default_factory=dict)
    found_by: frozenset[Place] = frozenset()
    shows_restricted: bool = True


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody a row speaks of: their kind (None: nobody), their key, and whether they are restricted."""

    kind: SubjectKind | None
    key: bytes | None
    restricted: bool


_NOBODY: Final = _Person(None, None, False)


class RowOpener:
    """Opens rows of one read, one by one, and keeps the tally."""

    def __init__(self, program: Program, circumstances: Circumstances) -> None:
        """Take what all rows have in common."""
        self.tally: Final = Tally()
        self.dropped = 0
        self._program: Final = program
        self._given: Final = circumstances
        self._closing: Final = closing_marks(program.plan.purpose)
        self._probe: Probe | None = None

    def open(self, row: Row) -> bytes | None:
        """Return the row as a JSON object, or None where it is left out.

        Raises:
            RowTamperedError: If the row was pointed at somebody else, or a box emptied or replayed, outside Égide.
            MarksTamperedError: If a person's marks were altered outside Égide, or the person deleted.
            BoxTamperedError: If a box does not open.
        """
        self._check(row)
        opened = self._open(row)
        if opened is None:
            self.dropped += 1
        return opened

    def _open(self, row: Row) -> bytes | None:
        people = self._people(row)
        if people is None or not self._may_be_found(people):
            return None
        kinds = tuple(person.kind for person in people)
        closed = self._closed(row, kinds)
        if closed is None:
            self.tally.left_out["older-data"] += 1
            return None
        if any(person.restricted for person in people):
            return self._restricted(row)
        recipe = self._program.recipe(kinds)
        if recipe is None:
            self.tally.left_out["kind"] += 1
            return None
        plain = _Boxes(self, row, people)
        if not all(self._holds(lookup, plain) for lookup in self._given.lookups):
            return None
        self.tally.older |= closed
        return self._encode(row, _without(recipe, closed), plain)

    def _people(self, row: Row) -> list[_Person] | None:
        people = []
        for link in self._program.format.links:
            person = self._person(row, link)
            if person is None:
                return None
            people.append(person)
        return people

    def _closed(self, row: Row, kinds: Kinds) -> frozenset[Place] | None:
        """Return the places of a row that are withheld as older data; None where the row is left out for it.

        A row of which nothing else would be given is left out, and so is one that is found by what is withheld.
        """
        if not self._program.asks_notices:
            return frozenset()
        mac = self._program.format.mac
        opened = self._program.opened(b"" if mac is None else given_of(row[mac.position]))
        given = self._program.given(kinds)
        if given and (not given & opened or not self._given.found_by <= opened):
            self.tally.older |= (given | self._given.found_by) - opened
            return None
        return given - opened

    def subject_position(self, slot: BoxSlot) -> int:
        """Return where a tuple holds the person whose box it is."""
        return self._program.format.links[slot.link].position

    def row_error(self, row: Row, slot: BoxSlot) -> BoxTamperedError:
        """Return the error for a box of a row."""
        return BoxTamperedError(table=self._program.table.name, row=uuid_text(row[0]), category=slot.place[1].value)

    def _check(self, row: Row) -> None:
        slot = self._program.format.mac
        if slot is None:
            return
        table = self._program.table
        parts: list[Any] = []
        for link, revisions in zip(self._program.format.links, slot.revisions, strict=True):
            if row[link.position] is None:
                raise MarksTamperedError(table=table.name, row=uuid_text(row[0]), link=link.name)
            parts += (row[link.position], *(row[at] or 0 for at in revisions))
        fresh = self._given.keyed_row.copy()
        try:
            given = given_of(row[slot.position])
            fresh.update(slot.layout.pack(table.id, row[0], *parts) + given)
            whole = hmac.compare_digest(MAC_VERSION + fresh.digest() + given, row[slot.position])
        except ALTERED:
            whole = False
        if not whole:
            raise RowTamperedError(table=table.name, row=uuid_text(row[0]))

    def _person(self, row: Row, link: LinkSlot) -> _Person | None:
        subject, kind, state, objections, key_version, epoch, wrapped = row[link.position : link.position + 7]
        if subject is None:
            return self._nobody(link)
        if state == ERASED:
            self.tally.left_out["erased"] += 1
            return None
        if not self._consents(row, link, subject):
            return None
        try:
            marks = AAD_MARKS.pack(subject, kind, state, key_version, epoch) + objections
            associated = self._given.aad_prefix + marks
            key = self._given.keys[epoch].decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], associated)
            objected = not self._closing.isdisjoint(objections_of(objections))
            known_as = SubjectKind.from_code(kind)
        except ALTERED:
            error = MarksTamperedError(table=self._program.table.name, row=uuid_text(row[0]), link=link.name)
            raise error from None
        if objected and link.given:
            # GDPR Art. 21(1): the controller shall no longer process.
            self.tally.left_out["objected"] += 1
            return None
        return _Person(known_as, key, state == RESTRICTED)

    def _nobody(self, link: LinkSlot) -> _Person | None:
        if link.consent is not None:
            # Nobody consented.
            self.tally.left_out["no-consent"] += 1
            return None
        return _NOBODY

    def _consents(self, row: Row, link: LinkSlot, subject: int) -> bool:
        rule = self._program.plan.consent
        if rule is None or link.consent is None:
            return True
        self._probe = probe = self._probe or self._given.make_probe()
        verdict = probe(subject, *row[link.consent : link.consent + 4])
        if verdict is Verdict.GIVEN:
            return True
        if verdict is Verdict.BROKEN:
            self.tally.left_out["broken-consent"] += 1
            self.tally.broken_consents.add(subject)
            return False
        if rule.enforced:
            self.tally.left_out["no-consent"] += 1
            return False
        self.tally.observed["no-consent"] += 1
        return True

    def _restricted(self, row: Row) -> bytes | None:
        if not self._given.shows_restricted:
            self.tally.left_out["restricted"] += 1
            return None
        self.tally.restricted += 1
        return orjson.dumps({"id": self.shown_id(row), "state": SubjectState.RESTRICTED.value})

    def shown_id(self, row: Row) -> str:
        """Return the identifier under which the reader knows the row."""
        if self._program.plan.opaque:
            return self._program.veil.hide(self._program.table.id, row[0]).decode()
        return uuid_text(row[0])

    def _may_be_found(self, people: Sequence[_Person]) -> bool:
        by_link = self._given.kinds
        if not by_link:
            return True
        return all(
            link.name not in by_link or (person.kind or link.kind) in by_link[link.name]
            for link, person in zip(self._program.format.links, people, strict=True)
        )

    def _holds(self, lookup: Lookup, plain: "_Boxes") -> bool:
        place = (lookup.field.link, lookup.field.category)
        slot = next(slot for slot in self._program.format.boxes if slot.place == place)
        return lookup.matches(plain.values(slot).get(lookup.field.name))

    def _encode(self, row: Row, recipe: Recipe, plain: "_Boxes") -> bytes:
        shown: dict[str, Any] = {"id": self.shown_id(row)}
        for box in recipe.boxes:
            values = plain.values(box.slot)
            given = {name: values.get(name) for name in box.given}
            for name, transform in box.transforms:
                given[name] = transform(given[name])
            shown |= given
        for clear in recipe.clear:
            raw = row[clear.slot.position]
            shown[clear.slot.field.name] = raw if clear.give is None else clear.give(raw)
        return orjson.dumps(shown)


def _without(recipe: Recipe, closed: frozenset[Place]) -> Recipe:
    if not closed:
        return recipe
    clear = (column for column in recipe.clear if (column.slot.field.link, column.slot.field.category) not in closed)
    return Recipe(boxes=tuple(box for box in recipe.boxes if box.slot.place not in closed), clear=tuple(clear))


class _Boxes:
    """The boxes of one row, each opened when it is first needed."""

    def __init__(self, opener: RowOpener, row: Row, people: Sequence[_Person]) -> None:
        self._opener: Final = opener
        self._row: Final = row
        self._people: Final = people
        self._opened: Final[dict[int, Mapping[str, Any]]] = {}

    def values(self, slot: BoxSlot) -> Mapping[str, Any]:
        if slot.position not in self._opened:
            self._opened[slot.position] = self._open(slot)
        return self._opened[slot.position]

    def _open(self, slot: BoxSlot) -> Mapping[str, Any]:
        box, revision = self._row[slot.position : slot.position + 2]
        key = self._people[slot.link].key
        if box is None and revision is None:
            return {}
        try:
            if key is None or box is None:
                raise self._opener.row_error(self._row, slot)
            binding = slot.known[shape_number(box) or 0]
            values: Mapping[str, Any] = orjson.loads(
                binding.open(
                    AESGCM(key),
                    row_id=self._row[0],
                    subject_id=self._row[self._opener.subject_position(slot)],
                    key_version=self._row[self._opener.subject_position(slot) + 4],
                    revision=revision,
                    box=box,
                )
            )
        except (KeyError, BoxError, *ALTERED):
            raise self._opener.row_error(self._row, slot) from None
        return values
