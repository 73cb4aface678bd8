"""What is on file, and may be written but not read, shows in no refusal of a write."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from audit.transaction import unrecorded
from governance.actor import SYSTEM, Role
from governance.customers.reference import reference_map
from governance.datamap.catalogue import load_catalogue
from governance.datamap.values import FieldKind, MappedField
from governance.gate.bulk import BulkContext, NewRow, load
from governance.gate.commands import ChangeRow
from governance.gate.errors import ReadRefusedError, ValuesInvalidError
from governance.gate.query import Query
from governance.gate.writer import Writer
from governance.gate.writing import WriterParts
from governance.vocabulary import GrantedAction, SubjectKind
from tests.builders.customers import CATEGORIES, PURPOSE, TestHouse
from tests.builders.ground import an_actor
from tests.builders.policies import a_grant
from tests.builders.register import a_purpose

_WRITER: Final = an_actor(Role.SUPPORT)
# For each kind of field, what can be written and what hardly can, beside something or at all.
_PROBES: Final[Mapping[FieldKind, tuple[object, ...]]] = {
    FieldKind.POSTCODE: ("69001", "SW1A 1AA", "1000", None),
    FieldKind.COUNTRY: ("FR", "GB", None),
    FieldKind.DATE: ("2020-01-01", "2150-01-01", None),
    FieldKind.BIRTH_DATE: ("1980-01-01", "2150-01-01", None),
    FieldKind.CITY: ("Lyon", None),
    FieldKind.NAME: ("Durand",),
    FieldKind.PHONE: ("+33639980001", None),
    FieldKind.IBAN: ("FR7630006000011234567890189", None),
}
# Rows as they may lie on file: what any rule could look at differs from one to the next.
_ON_FILE: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"country": "FR", "postcode": "33000", "city": "Bordeaux", "birth_date": "1950-02-03", "since": "2001-01-01"},
    {"country": "GB", "postcode": "SW1A 1AA", "city": "London", "status": "former", "segment": "premium"},
    {"country": "FR", "birth_date": "2020-02-03", "phone": "+33153010004", "iban": "FR7630006000011234567890189"},
    {"postcode": "SW1A 1AA", "since": "2026-01-01", "status": "prospect"},
)


class Office:
    """A house where support may change everything about customers, and read nothing."""

    def __init__(self, house: TestHouse) -> None:
        with house.write() as session:
            unrecorded(session, "the test's own preparation")
            pairs = [(SubjectKind.CUSTOMER, category) for category in CATEGORIES]
            a_purpose(session, slug=PURPOSE, data=pairs, recipients=(Role.SUPPORT,))
            for _, category in pairs:
                a_grant(session, category=category, action=GrantedAction.CHANGE)
            self._catalogue = load_catalogue(session, house.attestor, reference_map())
        self._house = house
        self._writer = Writer(
            WriterParts(
                database=house.database,
                clock=house.clock,
                ids=house.ids,
                keyring=house.keyring,
                plan=house.gate.plan,
                snapshot=house.gate.snapshot,
            )
        )

    def put_on_file(self) -> tuple[uuid.UUID, ...]:
        house = self._house
        context = BulkContext(
            keyring=house.keyring,
            clock=house.clock,
            ids=house.ids,
            catalogue=self._catalogue,
            actor=SYSTEM,
            purpose=PURPOSE,
        )
        new = [NewRow(values={"family_name": f"Durand-{place}", **each}) for place, each in enumerate(_ON_FILE)]
        with house.write() as session:
            return tuple(load(session, context, self._catalogue.table("customers"), new).row_ids)

    def answer(self, row: uuid.UUID, name: str, value: object) -> object:
        """Change one value of a row, and return how that was answered."""
        command = ChangeRow(purpose=PURPOSE, table="customers", id=row, revision=1, values={name: value}, twice=True)
        try:
            return self._writer.change(_WRITER, command).revision
        except ValuesInvalidError as refused:
            return refused.problems


@pytest.fixture
def office(house: TestHouse) -> Office:
    return Office(house)


def probes() -> Iterator[tuple[MappedField, object]]:
    for mapped in reference_map().tables["customers"].fields.values():
        for value in _PROBES.get(mapped.kind, ()):
            yield mapped, value


def test_whatever_is_written_is_answered_alike_whatever_unread_values_stand_beside_it(
    house: TestHouse, office: Office
) -> None:
    with pytest.raises(ReadRefusedError):
        house.gate.read(_WRITER, Query(purpose=PURPOSE, table="customers"))

    refused = set()
    for mapped, value in probes():
        answers = {office.answer(row, mapped.name, value) for row in office.put_on_file()}
        assert len(answers) == 1, (mapped.name, value)
        refused |= answers - {2}

    assert refused == {(("birth_date", "future"),), (("since", "future"),)}
