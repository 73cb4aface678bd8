"""Who would read columns that a map describes for the first time, by the rules of the gate as they stand.

What was granted counts until it ends, also where it begins later or its activity is suspended: whoever takes one up
again sees no columns.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from governance.actor import BUSINESS_ROLES, Role
from governance.datamap.opening import NewColumn, Opening, Openings, WhoReads
from governance.datamap.values import MappedField
from governance.gate.plan import NEVER_READ
from governance.gate.rules import Decision, Holder, decide, decide_for_anybody
from governance.gate.snapshot import GrantCells, GrantKey, index_grants
from governance.policies.book import grants_on_file
from governance.vault.attest import Attestor
from governance.vocabulary import Form, GrantedAction, SubjectKind
from register.declared import declared_purposes
from register.values import DeclaredPurpose

# Adopted tables are read, and never written.
_ACTIONS: Final = (GrantedAction.READ, GrantedAction.EXPORT)
_Alike = tuple[SubjectKind | None, MappedField]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """One role, one purpose, one action."""

    role: Role
    purpose: DeclaredPurpose
    action: GrantedAction
    holder: Holder


def who_reads_by(attestor: Attestor) -> WhoReads:
    """Return what says who would read new columns."""

    def who_reads(session: Session, now: datetime, columns: Sequence[NewColumn]) -> Openings:
        if not columns:
            return Openings()
        purposes = declared_purposes(session, attestor)
        book = grants_on_file(session, attestor)
        if purposes.problems or book.problems:
            return Openings(altered=True)
        alike = _alike(columns)
        found = [
            opening
            for question in _questions(purposes.by_slug.values(), index_grants(book), now)
            for opening in _answers(question, alike)
        ]
        return Openings(found=tuple(found))

    return who_reads


def _alike(columns: Sequence[NewColumn]) -> Mapping[_Alike, list[NewColumn]]:
    """Put together what the rules cannot tell apart: a table may have hundreds of columns."""
    found: dict[_Alike, list[NewColumn]] = defaultdict(list)
    for each in columns:
        found[each.kind, replace(each.field, id=0, name="", column="", line=0, link=None, choices=())].append(each)
    return found


def _questions(
    purposes: Iterable[DeclaredPurpose], grants: Mapping[GrantKey, GrantCells], now: datetime
) -> Iterator[_Question]:
    for role in Role:
        if role in NEVER_READ:
            continue
        for purpose in sorted(purposes, key=lambda each: each.id):
            for action in _ACTIONS:
                held = _from_now(grants.get((role, purpose.id, action), {}), now)
                reads = action is GrantedAction.READ and role in purpose.recipients & BUSINESS_ROLES
                observing = reads and purpose.observes(now)
                if held or observing:
                    holder = Holder(roles=frozenset({role}), grants=held, observing=observing, now=now)
                    yield _Question(role=role, purpose=purpose, action=action, holder=holder)


def _from_now(cells: GrantCells, now: datetime) -> GrantCells:
    """Return the grants that have not ended, as if each had begun."""
    lasting = {pair: [each for each in grants if each.valid_to > now] for pair, grants in cells.items()}
    return {
        pair: tuple(each._replace(valid_from=min(each.valid_from, now)) for each in grants)
        for pair, grants in lasting.items()
        if grants
    }


def _answers(question: _Question, alike: Mapping[_Alike, list[NewColumn]]) -> Iterator[Opening]:
    found: dict[tuple[SubjectKind | None, Form], list[NewColumn]] = defaultdict(list)
    for (kind, field), columns in alike.items():
        decision = _decide(field, kind, question)
        if decision.given or (decision.exact_lookup and field.search):
            found[kind, decision.form].extend(columns)
    for (kind, form), columns in found.items():
        yield Opening(
            role=question.role,
            purpose=question.purpose.slug,
            label_fr=question.purpose.label_fr,
            label_en=question.purpose.label_en,
            action=question.action,
            form=form,
            kind=kind,
            columns=tuple(columns),
        )


def _decide(field: MappedField, kind: SubjectKind | None, question: _Question) -> Decision:
    if kind is None:
        return decide_for_anybody(field, question.purpose, question.holder)
    return decide(field, kind, question.purpose, question.holder)
