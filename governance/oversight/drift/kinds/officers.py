"""The data protection officer whom the register names, where the designation on file says otherwise.

What people are told, what is exported and what is printed name the register's; the designation is what the authority
was told. GDPR Art. 13(1)(b), 30(1)(a), 37(7).
"""

from collections.abc import Iterator

from governance.actor import Role
from governance.oversight.accountability.officer import Parting, in_office, list_officers, named_officer, parting
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.values import Finding, Kind, Severity
from governance.vault.errors import AttestationError


def officers(ground: Ground) -> Iterator[Finding]:
    """Yield one finding at most; five statements. Neither a designation nor an organisation that was altered counts."""
    designations = [row for row in list_officers(ground.session) if ground.is_whole(row)]
    try:
        named = named_officer(ground.session)
    except AttestationError:
        return
    if named is None:
        return
    officer = in_office(designations, ground.today)
    code = parting(named, officer)
    if code is None:
        return
    yield Finding(
        kind=Kind.OFFICER,
        severity=Severity.KNOW if code is Parting.UNDESIGNATED else Severity.SETTLE,
        key=(str(named.controller.id), code.value),
        code=code.value,
        concerns=Role.DPO,
        name=named.controller.name,
        parts=("" if named.dpo is None else named.dpo.name, "" if officer is None else officer.name),
    )
