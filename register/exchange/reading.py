"""Activities written out of the tables: part by part, so that memory holds some hundred of them and never all.

What runs or was stopped is written as it is or was in force, its words by that version where they are being rewritten;
the rest as it is proposed. A row that was altered outside Égide is not handed out as if it were the register's word: it
ends the writing.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.days import day_of
from governance.vault.attest import Attested, Attestor
from governance.vault.errors import AttestationError
from governance.vocabulary import DataCategory, SubjectKind
from register.catalogue.models import Contract
from register.catalogue.values import Clause
from register.exchange.written import (
    WrittenActivity,
    WrittenAsset,
    WrittenContact,
    WrittenContract,
    WrittenDecision,
    WrittenMeasure,
    WrittenOfficer,
    WrittenPartaking,
    WrittenParty,
    WrittenPeople,
    WrittenPurpose,
    WrittenRights,
    WrittenTerms,
    WrittenTransfer,
)
from register.in_force import being_rewritten, is_settled, told_in_force, told_in_place, words_told
from register.lifecycle import ActivityState
from register.lines.contents import SPECS
from register.lines.values import Relation, Subject
from register.models import Activity, Party, Purpose, PurposeData, PurposeRecipient
from register.on_file import measures_on_file, parties_and_theirs
from register.values import FORCE, Register, Standing
from register.verified import Altered, verified_rows

# Activities read at once.
_PART: Final = 200
_PROPOSED: Final = frozenset({Standing.PROPOSED, Standing.IN_FORCE})
_KINDS: Final = {kind: place for place, kind in enumerate(SubjectKind)}
_CATEGORIES: Final = {category: place for place, category in enumerate(DataCategory)}
_ROLES: Final = {role: place for place, role in enumerate(Role)}
_ACTIVITY: Final = (
    "id", "slug", "name_fr", "name_en", "reference", "description", "capacity", "controller_id", "state", "running",
    "kept_since", "words_in_force", "version_in_force", "created_at", "changed_at",
)  # fmt: skip
_OF_PURPOSES: Final = (
    "slug", "label_fr", "label_en", "basis", "consent_channel", "special_condition", "number_ground",
    "offences_ground", "legal_reference", "interest", "necessity", "balance",
)  # fmt: skip
_TERMS: Final = (
    "subject_kind", "category", "active_for", "starting_event", "archived_for", "final_fate", "obligatory",
    "provenance", "retention_source", "which_fr", "which_en", "whom_fr", "whom_en",
)  # fmt: skip
_CONTACT: Final = (
    "name", "legal_form", "registration", "address", "postcode", "city", "country", "email", "telephone",
)  # fmt: skip

_CONTRACT: Final = tuple(WrittenContract.__dataclass_fields__)
_NOBODY: Final = uuid.UUID(int=0)

_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Part:
    """Some activities with all that hangs on them, by what it hangs on."""

    activities: Sequence[_Row]
    purposes: Mapping[uuid.UUID, Sequence[_Row]]
    data: Mapping[int, Sequence[_Row]]
    recipients: Mapping[int, Sequence[_Row]]
    lines: Mapping[Subject, Mapping[uuid.UUID, Sequence[_Row]]]
    parties: Mapping[uuid.UUID, WrittenParty]
    contracts: Mapping[uuid.UUID, Sequence[_Row]]
    measures: Mapping[uuid.UUID, tuple[Any, str, str]]


def written_activities(
    session: Session,
    attestor: Attestor,
    only: Collection[str] | None = None,
    register: Register | None = None,
) -> Iterator[WrittenActivity]:
    """Yield activities in the order in which they were drafted, those that were retired left out.

    Args:
        session: A transaction.
        attestor: Who vouches for the rows.
        only: The slugs of those wanted; None for all.
        register: Which of the two registers; None for both.

    Raises:
        AttestationError: If a row was altered outside Égide.
    """
    wanted = select(Activity.id).where(Activity.state != ActivityState.RETIRED).order_by(Activity.id)
    if only is not None:
        wanted = wanted.where(Activity.slug.in_(only))
    if register is not None:
        wanted = wanted.where(Activity.capacity.in_(register.capacities))
    ids = session.scalars(wanted).all()
    for start in range(0, len(ids), _PART):
        part = _read(session, attestor, ids[start : start + _PART])
        for row in part.activities:
            yield _written(part, row)


def _read(session: Session, attestor: Attestor, ids: Sequence[uuid.UUID]) -> _Part:
    activities = _rows(session, attestor, (Activity, _ACTIVITY), Activity.id.in_(ids))
    purposes = _rows(
        session,
        attestor,
        (Purpose, ("id", "activity_id", "parent_id", "standing", *_OF_PURPOSES)),
        Purpose.activity_id.in_(ids),
    )
    _put_words_in_force(session, attestor, activities, purposes)
    numbers = [row["id"] for row in purposes]
    data = _rows(
        session,
        attestor,
        (PurposeData, ("id", "purpose_id", "standing", *_TERMS)),
        PurposeData.purpose_id.in_(numbers),
    )
    recipients = _rows(
        session,
        attestor,
        (PurposeRecipient, ("id", "purpose_id", "standing", "role")),
        PurposeRecipient.purpose_id.in_(numbers),
    )
    lines = {
        subject: _rows(
            session,
            attestor,
            (spec.model, ("id", "activity_id", "standing", *spec.names)),
            spec.model.activity_id.in_(ids),
        )
        for subject, spec in SPECS.items()
    }
    processors = {row["party_id"] for row in lines[Subject.PARTIES] if row["relation"] is Relation.PROCESSOR}
    contracts = _rows(session, attestor, (Contract, ("id", "party_id", *_CONTRACT)), Contract.party_id.in_(processors))
    named = {row["party_id"] for rows in lines.values() for row in rows if row.get("party_id")}
    return _Part(
        activities=activities,
        purposes=_by(purposes, "activity_id"),
        data=_by(data, "purpose_id"),
        recipients=_by(recipients, "purpose_id"),
        lines={subject: _by(rows, "activity_id") for subject, rows in lines.items()},
        parties=_parties(session, named | {row["controller_id"] for row in activities if row["controller_id"]}),
        contracts=_by(contracts, "party_id"),
        measures=_measures(session, {row["measure_id"] for row in lines[Subject.MEASURES]}),
    )


def _rows(
    session: Session, attestor: Attestor, asked: tuple[type[Attested], tuple[str, ...]], where: ColumnElement[bool]
) -> list[_Row]:
    model, names = asked
    found: list[_Row] = []
    for row in verified_rows(session, attestor, model, names, where):
        if isinstance(row, Altered):
            raise AttestationError(kind=row.table, reference=row.reference)
        found.append(dict(zip(names, row, strict=True)))
    return sorted(found, key=lambda each: each["id"])


def _put_words_in_force(
    session: Session, attestor: Attestor, activities: Sequence[_Row], purposes: Sequence[_Row]
) -> None:
    """Put back what was written in place since a record came into force: nobody decided upon it."""
    rewritten = {
        row["id"]: row["version_in_force"]
        for row in activities
        if is_settled(row["state"], running=row["running"]) and being_rewritten(row["words_in_force"], row["state"])
    }
    kept = told_in_force(session, attestor, rewritten)
    for row in activities:
        row.update(words_told(kept[row["id"]]) if row["id"] in kept else {})
    for row in purposes:
        row.update(told_in_place(kept[row["activity_id"]], row["slug"]) if row["activity_id"] in kept else {})


def _by(rows: Sequence[_Row], name: str) -> Mapping[Any, Sequence[_Row]]:
    found: dict[Any, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row[name]].append(row)
    return found


def _parties(session: Session, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, WrittenParty]:
    found = parties_and_theirs(session, ids)
    contacts = {key: WrittenContact(**_said(row)) for key, row in found.items()}
    officers = {
        key: WrittenOfficer(**_said(row), firm=contacts.get(row.firm_id or _NOBODY)) for key, row in found.items()
    }
    return {
        key: WrittenParty(
            **_said(found[key]),
            representative=contacts.get(found[key].representative_id or _NOBODY),
            dpo=officers.get(found[key].dpo_id or _NOBODY),
        )
        for key in found.keys() & ids
    }


def _said(row: Party) -> dict[str, str]:
    return {name: getattr(row, name) for name in _CONTACT}


def _measures(session: Session, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Any, str, str]]:
    found = measures_on_file(session, ids)
    return {key: (row.domain, row.label_fr, row.label_en) for key, row in found.items()}


def _written(part: _Part, row: _Row) -> WrittenActivity:
    # GDPR Art. 30(4): what is in force, whatever is proposed for it.
    standings = FORCE if is_settled(row["state"], running=row["running"]) else _PROPOSED
    lines = {
        subject: _standing(part.lines[subject].get(row["id"], ()), standings, SPECS[subject].key) for subject in Subject
    }
    purposes = _parents_first([each for each in part.purposes.get(row["id"], ()) if each["standing"] in standings])
    slugs = {each["id"]: each["slug"] for each in purposes}
    rights = [WrittenRights(**_content(Subject.RIGHTS, each)) for each in lines[Subject.RIGHTS]]
    return WrittenActivity(
        slug=row["slug"],
        name_fr=row["name_fr"],
        name_en=row["name_en"],
        reference=row["reference"],
        description=row["description"],
        capacity=row["capacity"],
        controller=part.parties.get(row["controller_id"]),
        purposes=tuple(_purpose(part, each, slugs, standings) for each in purposes),
        parties=tuple(_partaking(part, each) for each in lines[Subject.PARTIES]),
        transfers=tuple(_transfer(part, each) for each in lines[Subject.TRANSFERS]),
        measures=tuple(_measure(part, each) for each in lines[Subject.MEASURES]),
        people=tuple(WrittenPeople(**_content(Subject.PEOPLE, each)) for each in lines[Subject.PEOPLE]),
        decisions=tuple(WrittenDecision(**_content(Subject.DECISIONS, each)) for each in lines[Subject.DECISIONS]),
        rights=rights[0] if rights else None,
        assets=tuple(WrittenAsset(**_content(Subject.ASSETS, each)) for each in lines[Subject.ASSETS]),
        state=row["state"],
        created_on=row["kept_since"] or day_of(row["created_at"]),
        changed_on=day_of(row["changed_at"]),
    )


def _parents_first(purposes: Sequence[_Row]) -> list[_Row]:
    """Return purposes by number, each after the one that it stands beneath: whoever reads a file knows that already."""
    waiting = {each["id"]: each for each in purposes}
    found: list[_Row] = []
    for each in purposes:
        line = []
        above = waiting.pop(each["id"], None)
        while above is not None:
            line.append(above)
            above = waiting.pop(above["parent_id"], None)
        found += reversed(line)
    return found


def _standing(rows: Sequence[_Row], standings: Collection[Standing], key: tuple[str, ...]) -> list[_Row]:
    """Return the rows of these standings; where one is proposed beside one that stays, the proposal."""
    found: dict[tuple[Any, ...], _Row] = {}
    for row in rows:
        place = tuple(row[name] for name in key)
        if row["standing"] in standings and (place not in found or row["standing"] is Standing.PROPOSED):
            found[place] = row
    return list(found.values())


def _purpose(part: _Part, row: _Row, slugs: Mapping[int, str], standings: Collection[Standing]) -> WrittenPurpose:
    data = _standing(part.data.get(row["id"], ()), standings, ("subject_kind", "category"))
    roles = {each["role"] for each in part.recipients.get(row["id"], ()) if each["standing"] in standings}
    return WrittenPurpose(
        **{name: row[name] for name in _OF_PURPOSES},
        parent=slugs.get(row["parent_id"]),
        data=tuple(
            WrittenTerms(**{name: each[name] for name in _TERMS})
            for each in sorted(data, key=lambda each: (_KINDS[each["subject_kind"]], _CATEGORIES[each["category"]]))
        ),
        recipients=tuple(sorted(roles, key=_ROLES.__getitem__)),
    )


def _content(subject: Subject, row: _Row) -> _Row:
    return {name: row[name] for name in SPECS[subject].names}


def _partaking(part: _Part, row: _Row) -> WrittenPartaking:
    contracts = part.contracts.get(row["party_id"], ()) if row["relation"] is Relation.PROCESSOR else ()
    return WrittenPartaking(
        party=part.parties[row["party_id"]],
        relation=row["relation"],
        part=row["part"],
        contracts=tuple(written_contract(each) for each in contracts),
    )


def written_contract(row: Mapping[str, Any]) -> WrittenContract:
    """Return a contract as a file has it, from its columns."""
    told = {name: row[name] for name in _CONTRACT}
    return WrittenContract(**{**told, "clauses": tuple(Clause(letter) for letter in told["clauses"])})


def _transfer(part: _Part, row: _Row) -> WrittenTransfer:
    told = _content(Subject.TRANSFERS, row)
    party = told.pop("party_id")
    return WrittenTransfer(**told, party=None if party is None else part.parties[party])


def _measure(part: _Part, row: _Row) -> WrittenMeasure:
    domain, label_fr, label_en = part.measures[row["measure_id"]]
    return WrittenMeasure(domain=domain, label_fr=label_fr, label_en=label_en, remark=row["remark"])
