"""What is called how on the pages, of what stands for several activities; marked for translation."""

from collections.abc import Mapping
from typing import Final

from governance.errors import mark
from register.catalogue.values import Clause, ContractState, Lack, MeasureDomain, SubProcessing

CLAUSE_LABELS: Final[Mapping[Clause, str]] = {
    Clause.INSTRUCTIONS: mark("(a) It works on documented instructions only, transfers among them"),
    Clause.CONFIDENTIALITY: mark("(b) Its people are bound to confidentiality"),
    Clause.SECURITY: mark("(c) It takes the security measures of Article 32"),
    Clause.SUB_PROCESSORS: mark("(d) It engages others only as authorised, and on the same terms"),
    Clause.RIGHTS: mark("(e) It helps to answer people’s requests"),
    Clause.ASSISTANCE: mark("(f) It helps with security, breaches and impact assessments"),
    Clause.RETURN: mark("(g) It deletes or returns the data at the end"),
    Clause.AUDIT: mark("(h) It shows that it complies, and lets itself be audited"),
}
LACK_LABELS: Final[Mapping[Lack, str]] = {
    Lack.SIGNATURE: mark("the day of its signature"),
    Lack.BEGINNING: mark("a day of signature that has come"),
    Lack.LOOK: mark("that somebody here looks at it: it came in a file"),
    Lack.SUB_PROCESSORS: mark("the names of those it may engage"),
    Lack.DOCUMENT: mark("where it is kept"),
}
SUB_PROCESSING_LABELS: Final[Mapping[SubProcessing, str]] = {
    SubProcessing.NONE: mark("None: it may engage nobody"),
    SubProcessing.SPECIFIC: mark("Specific: only those named below"),
    SubProcessing.GENERAL: mark("General: it announces changes, and you may object"),
}
CONTRACT_STATE_LABELS: Final[Mapping[ContractState, str]] = {
    ContractState.MISSING: mark("no contract on file"),
    ContractState.INCOMPLETE: mark("contract incomplete"),
    ContractState.VALID: mark("contract valid"),
    ContractState.ENDING: mark("contract ends within 90 days"),
    ContractState.OVER: mark("contract over"),
}
CONTRACT_TONES: Final[Mapping[ContractState, str]] = {
    ContractState.MISSING: "refused",
    ContractState.INCOMPLETE: "due",
    ContractState.VALID: "given",
    ContractState.ENDING: "due",
    ContractState.OVER: "refused",
}
DOMAIN_LABELS: Final[Mapping[MeasureDomain, str]] = {
    MeasureDomain.ACCESS: mark("Who gets in"),
    MeasureDomain.ENCRYPTION: mark("Encryption and pseudonyms"),
    MeasureDomain.TRACING: mark("Traces and alerts"),
    MeasureDomain.SOFTWARE: mark("Protection of software"),
    MeasureDomain.CONTINUITY: mark("Backup and continuity"),
    MeasureDomain.PREMISES: mark("Premises and paper"),
    MeasureDomain.PEOPLE: mark("People and training"),
    MeasureDomain.PROCESSORS: mark("Control of processors"),
    MeasureDomain.ORGANISATION: mark("Organisation and procedures"),
}
