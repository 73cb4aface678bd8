"""The grants on file, verified: what the gate compiles its plans from."""

from collections import defaultdict
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.policies.models import Grant
from governance.policies.values import GrantBook, GrantOnFile, GrantProblem
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError


def grants_on_file(session: Session, attestor: Attestor) -> GrantBook:
    """Return the approved and unrevoked grants whose attestation holds; one that fails is left out and named."""
    found: dict[tuple[Role, int], list[GrantOnFile]] = defaultdict(list)
    problems: list[GrantProblem] = []
    statement = select(Grant).where(Grant.approved_at.is_not(None), Grant.revoked_at.is_(None))
    for row in session.scalars(statement.execution_options(populate_existing=True)):
        try:
            attestor.verify(row)
        except AttestationError:
            problems.append(GrantProblem(grant_id=row.id))
        else:
            found[row.role, row.purpose_id].append(_on_file(row))
    by_role_and_purpose = MappingProxyType({key: tuple(grants) for key, grants in found.items()})
    return GrantBook(by_role_and_purpose=by_role_and_purpose, problems=tuple(problems))


def _on_file(row: Grant) -> GrantOnFile:
    return GrantOnFile(
        id=row.id,
        role=row.role,
        purpose_id=row.purpose_id,
        subject_kind=row.subject_kind,
        category=row.category,
        action=row.action,
        form=row.form,
        exact_lookup=row.exact_lookup,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
