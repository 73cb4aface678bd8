"""Policies without a database: a snapshot of one purpose, its grants and the shop's data map."""

import itertools
import uuid
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from governance.actor import Role
from governance.datamap.catalogue import Catalogue, Numbers, Shape, build_catalogue
from governance.datamap.values import DataMap
from governance.gate.snapshot import PolicySnapshot, index_grants
from governance.policies.values import GrantBook, GrantOnFile
from governance.vocabulary import Channel, DataCategory, Form, GrantedAction, LawfulBasis, SubjectKind
from register.lifecycle import ActivityState, Mode
from register.values import DeclaredPurpose, DeclaredPurposes, SpecialCondition
from tests.builders.gate import own_map

NOW: Final = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
EVERYTHING: Final = frozenset((SubjectKind.CUSTOMER, category) for category in DataCategory)

_numbers = itertools.count(1)


def a_catalogue(data_map: DataMap | None = None) -> Catalogue:
    """Return the shop's catalogue, numbered in the order of the map."""
    data_map = data_map or own_map()
    tables = {name: number for number, name in enumerate(data_map.tables, start=1)}
    fields: dict[tuple[int, str], int] = {}
    shapes: list[Shape] = []
    for name, table in data_map.tables.items():
        for each in table.fields:
            fields[tables[name], each] = len(fields) + 1
        for (link, category), names in table.boxes.items():
            shapes.append(Shape(id=len(shapes) + 1, table_id=tables[name], link=link, category=category, fields=names))
    return build_catalogue([data_map], Numbers(tables=tables, fields=fields, shapes=tuple(shapes)))


def a_declared_purpose(**parts: Any) -> DeclaredPurpose:
    """Return a purpose in force that declares every category of customers to the support, unless told otherwise."""
    told: dict[str, Any] = {
        "id": 1,
        "slug": "customer-relationship",
        "label_fr": "Gestion de la relation client",
        "label_en": "Customer relationship",
        "activity_slug": "customers",
        "activity_state": ActivityState.ACTIVE,
        "open": True,
        "mode": Mode.ENFORCE,
        "observes_until": NOW + timedelta(days=30),
        "basis": LawfulBasis.CONTRACT,
        "consent_channel": None,
        "special_condition": None,
        "data": EVERYTHING,
        "recipients": frozenset({Role.SUPPORT}),
        "declared": MappingProxyType({}),
        "collected_for": True,
    }
    return DeclaredPurpose(**(told | parts))


def a_grant_on_file(**parts: Any) -> GrantOnFile:
    """Return a grant of the customers' identity, clear, to the support, unless told otherwise."""
    told: dict[str, Any] = {
        "id": uuid.UUID(int=next(_numbers)),
        "role": Role.SUPPORT,
        "purpose_id": 1,
        "subject_kind": SubjectKind.CUSTOMER,
        "category": DataCategory.IDENTITY,
        "action": GrantedAction.READ,
        "form": Form.CLEAR,
        "exact_lookup": False,
        "valid_from": NOW - timedelta(days=1),
        "valid_to": NOW + timedelta(days=1),
    }
    return GrantOnFile(**(told | parts))


def a_snapshot(
    grants: Iterable[GrantOnFile] = (),
    purposes: Collection[DeclaredPurpose] | None = None,
    catalogue: Catalogue | None = None,
) -> PolicySnapshot:
    """Return the policies."""
    book: dict[tuple[Role, int], tuple[GrantOnFile, ...]] = {}
    for grant in grants:
        key = (grant.role, grant.purpose_id)
        book[key] = (*book.get(key, ()), grant)
    declared = [a_declared_purpose()] if purposes is None else purposes
    return PolicySnapshot(
        epoch=7,
        catalogue=catalogue or a_catalogue(),
        purposes=DeclaredPurposes(by_slug={purpose.slug: purpose for purpose in declared}),
        grants=index_grants(GrantBook(by_role_and_purpose=book)),
    )


CONSENT: Final = {"basis": LawfulBasis.CONSENT, "consent_channel": Channel.EMAIL}
EXPLICIT: Final = SpecialCondition.EXPLICIT_CONSENT
