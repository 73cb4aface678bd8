"""Everything that decides, loaded and verified once per policy epoch; immutable, shared by all threads of a process."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from governance.actor import Role
from governance.datamap.catalogue import Catalogue, load_catalogue
from governance.datamap.values import DataMap
from governance.policies.book import grants_on_file
from governance.policies.values import GrantBook, GrantOnFile
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from register.declared import declared_purposes
from register.values import DeclaredPurposes

GrantKey = tuple[Role, int, GrantedAction]
Pair = tuple[SubjectKind, DataCategory]
GrantCells = Mapping[Pair, tuple[GrantOnFile, ...]]
_NONE: Final[GrantCells] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A row that decides and was left out, because its attestation does not hold: what it would open stays closed."""

    table: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PolicySnapshot:
    """The policies of one epoch.

    Attributes:
        epoch: Counted up by every change of anything that decides.
        digest: Of everything that decides; with the epoch it names this set and no other.
        catalogue: The data map in force.
        purposes: The register's purposes by slug.
        grants: The grants by role, purpose and action, then by kind and category.
        left_out: Rows that decide and do not count.
    """

    epoch: int
    catalogue: Catalogue
    purposes: DeclaredPurposes
    grants: Mapping[GrantKey, GrantCells]
    digest: bytes = field(repr=False, default=b"")
    left_out: tuple[LeftOut, ...] = ()

    def grants_of(self, role: Role, purpose_id: int, action: GrantedAction) -> GrantCells:
        """Return a role's grants for a purpose and an action, whatever their validity."""
        return self.grants.get((role, purpose_id, action), _NONE)

    def pseudonymous_purposes(self) -> frozenset[int]:
        """Return the numbers of the purposes for which anybody is granted pseudonyms, now or at another time."""
        return frozenset(
            purpose_id
            for (_, purpose_id, _), cells in self.grants.items()
            for grants in cells.values()
            if any(grant.form is Form.PSEUDONYM for grant in grants)
        )


def load_snapshot(session: Session, attestor: Attestor, base: DataMap, *, at_least: int = 0) -> PolicySnapshot:
    """Load and verify everything that decides.

    Args:
        session: A transaction of Égide's own database.
        attestor: Checks who wrote what decides.
        base: The map that comes with the program.
        at_least: `attestor.seen_epoch`, taken before the transaction began.

    Raises:
        PolicySetError: If rows that decide were deleted, restored or exchanged outside Égide; then nothing opens.
        AttestationError: If the policy set itself was altered.
        NotNumberedError: If the data map changed with the program and has no numbers yet.
    """
    # The epoch is read first: what is loaded after it is of this epoch or newer, and a newer one voids the plans.
    state = attestor.verify_policy_set(session, at_least=at_least)
    purposes = declared_purposes(session, attestor)
    book = grants_on_file(session, attestor)
    catalogue = load_catalogue(session, attestor, base)
    return PolicySnapshot(
        epoch=state.epoch,
        digest=state.digest,
        catalogue=catalogue,
        purposes=purposes,
        grants=index_grants(book),
        left_out=(
            *(LeftOut(table=problem.table, reference=problem.reference) for problem in purposes.problems),
            *(LeftOut(table="access_grant", reference=str(problem.grant_id)) for problem in book.problems),
            *(
                LeftOut(table=problem.kind, reference=problem.reference)
                for problem in catalogue.problems
                if isinstance(problem, AttestationError)
            ),
        ),
    )


def index_grants(book: GrantBook) -> Mapping[GrantKey, GrantCells]:
    """Sort the grants into the cells that a plan looks at, so that it looks at no others."""
    cells: dict[GrantKey, dict[Pair, list[GrantOnFile]]] = defaultdict(lambda: defaultdict(list))
    for grants in book.by_role_and_purpose.values():
        for grant in grants:
            cells[grant.role, grant.purpose_id, grant.action][grant.subject_kind, grant.category].append(grant)
    return MappingProxyType(
        {
            key: MappingProxyType({pair: tuple(grants) for pair, grants in by_pair.items()})
            for key, by_pair in cells.items()
        }
    )
