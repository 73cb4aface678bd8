"""The grants on file, verified: what the gate compiles its plans from."""

import uuid
from collections import defaultdict
from types import MappingProxyType

from sqlalchemy.orm import Session

from governance.actor import Role
from governance.policies.models import Grant
from governance.policies.values import GrantBook, GrantOnFile, GrantProblem
from governance.vault.attest import Attestor
from register.verified import Altered, verified_rows


def grants_on_file(session: Session, attestor: Attestor) -> GrantBook:
    """Return the approved and unrevoked grants whose attestation holds; one that fails is left out and named."""
    found: dict[tuple[Role, int], list[GrantOnFile]] = defaultdict(list)
    problems: list[GrantProblem] = []
    standing = (Grant.approved_at.is_not(None), Grant.revoked_at.is_(None))
    for row in verified_rows(session, attestor, Grant, GrantOnFile._fields, *standing):
        if isinstance(row, Altered):
            problems.append(GrantProblem(grant_id=uuid.UUID(row.reference)))
        else:
            grant = GrantOnFile._make(row)
            found[grant.role, grant.purpose_id].append(grant)
    by_role_and_purpose = MappingProxyType({key: tuple(grants) for key, grants in found.items()})
    return GrantBook(by_role_and_purpose=by_role_and_purpose, problems=tuple(problems))
