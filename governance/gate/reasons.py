"""Why something is not given: one code for each rule that can fail, stable for programs, and a sentence for people.

Several reasons may stand together: a refusal names every rule that failed, so that nobody mends one to meet the next.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from governance.actor import Role
from governance.datamap.labels import CATEGORY_LABELS, KIND_LABELS
from governance.errors import Phrase, mark, phrase
from governance.gate.labels import FORM_LABELS
from governance.vocabulary import DataCategory, Form, SubjectKind


class Rule(StrEnum):
    """The rules of the gate, in the order in which a reader meets them."""

    SIGN_IN = "sign-in"
    ROLE = "role"
    PURPOSE = "purpose"
    ACTIVITY = "activity"
    DATA_MAP = "data-map"
    CATEGORY = "category"
    RECIPIENT = "recipient"
    GRANT = "grant"
    FORM = "form"
    CONSENT = "consent"
    NOTICE = "notice"


class Code(StrEnum):
    """What exactly failed."""

    NOT_SIGNED_IN = "not-signed-in"
    ROLE_NEVER_READS = "role-never-reads"
    UNKNOWN_PURPOSE = "unknown-purpose"
    ACTIVITY_NOT_ACTIVE = "activity-not-active"
    UNKNOWN_TABLE = "unknown-table"
    UNKNOWN_FIELD = "unknown-field"
    CATEGORY_NOT_DECLARED = "category-not-declared"
    WRONG_KIND = "wrong-kind"
    SPECIAL_CONDITION_MISSING = "special-condition-missing"
    ROLE_NOT_RECIPIENT = "role-not-recipient"
    NO_GRANT = "no-grant"
    GRANT_OUT_OF_VALIDITY = "grant-out-of-validity"
    FORM_IMPOSSIBLE = "form-impossible"
    WEAKER_FORM = "weaker-form"
    NO_CONSENT = "no-consent"
    OLDER_DATA = "older-data"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meaning:
    """What a code stands for."""

    rule: Rule
    sentence: str
    remedy: str


_ASK: Final = mark("Ask the owner of the activity for a grant; the controller approves it.")
_DECLARE: Final = mark("The owner of the activity declares it in the register; the controller activates it.")
_MEANINGS: Final[Mapping[Code, _Meaning]] = {
    Code.NOT_SIGNED_IN: _Meaning(
        rule=Rule.SIGN_IN, sentence=mark("Nobody is signed in."), remedy=mark("Sign in, or give a token.")
    ),
    Code.ROLE_NEVER_READS: _Meaning(
        rule=Rule.ROLE,
        sentence=mark("None of the roles held ever obtains personal data."),
        remedy=mark("Work under a business role; the controller countersigns it."),
    ),
    Code.UNKNOWN_PURPOSE: _Meaning(
        rule=Rule.PURPOSE, sentence=mark("The register declares no such purpose."), remedy=_DECLARE
    ),
    Code.ACTIVITY_NOT_ACTIVE: _Meaning(
        rule=Rule.ACTIVITY,
        sentence=mark("The processing activity of this purpose is not active."),
        remedy=mark("The controller activates the activity."),
    ),
    Code.UNKNOWN_TABLE: _Meaning(
        rule=Rule.DATA_MAP,
        sentence=mark("The data map has no such table."),
        remedy=mark("Whoever keeps the data map adds it."),
    ),
    Code.UNKNOWN_FIELD: _Meaning(
        rule=Rule.DATA_MAP,
        sentence=mark("The data map has no such field in this table."),
        remedy=mark("Whoever keeps the data map adds it."),
    ),
    Code.CATEGORY_NOT_DECLARED: _Meaning(
        rule=Rule.CATEGORY,
        sentence=mark("The purpose declares no data of the category {category}."),
        remedy=_DECLARE,
    ),
    Code.WRONG_KIND: _Meaning(
        rule=Rule.CATEGORY,
        sentence=mark("The purpose declares data of the category {category}, but not about a {kind}."),
        remedy=_DECLARE,
    ),
    Code.SPECIAL_CONDITION_MISSING: _Meaning(
        rule=Rule.CATEGORY,
        sentence=mark("The purpose states no condition under which special categories may be processed."),
        remedy=_DECLARE,
    ),
    Code.ROLE_NOT_RECIPIENT: _Meaning(
        rule=Rule.RECIPIENT,
        sentence=mark("None of the roles held is a recipient of this purpose."),
        remedy=_DECLARE,
    ),
    Code.NO_GRANT: _Meaning(
        rule=Rule.GRANT, sentence=mark("No grant gives the category {category} of a {kind}."), remedy=_ASK
    ),
    Code.GRANT_OUT_OF_VALIDITY: _Meaning(
        rule=Rule.GRANT,
        sentence=mark("The grant of the category {category} of a {kind} has not begun or has ended."),
        remedy=_ASK,
    ),
    Code.FORM_IMPOSSIBLE: _Meaning(
        rule=Rule.FORM,
        sentence=mark("The grant gives this category in the form {form}, which this field does not have."),
        remedy=_ASK,
    ),
    Code.WEAKER_FORM: _Meaning(
        rule=Rule.FORM, sentence=mark("The grant gives this category in the form {form} only."), remedy=_ASK
    ),
    Code.NO_CONSENT: _Meaning(
        rule=Rule.CONSENT,
        sentence=mark("The person has not consented."),
        remedy=mark("Only the person can agree: ask them for this purpose."),
    ),
    Code.OLDER_DATA: _Meaning(
        rule=Rule.NOTICE,
        sentence=mark("It was collected under no notice that names this purpose: older data is closed to it."),
        remedy=mark(
            "The controller opens older data to a purpose by a compatibility test, once people are informed (GDPR "
            "Art. 6(4), 13(3)); or the person is given a notice that names it, and gives the data anew."
        ),
    ),
}
# What the person who asked reaches by asking elsewhere, rather than by being allowed.
NOT_IN_DATA_MAP: Final = frozenset({Code.UNKNOWN_TABLE, Code.UNKNOWN_FIELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One rule that failed, with the facts of its failing; none of them is personal."""

    code: Code
    field: str | None = None
    kind: SubjectKind | None = None
    category: DataCategory | None = None
    form: Form | None = None
    role: Role | None = None

    @property
    def rule(self) -> Rule:
        """The rule that failed."""
        return _MEANINGS[self.code].rule

    @property
    def sentence(self) -> Phrase:
        """The reason in words, with its facts."""
        kind = phrase("data subject") if self.kind is None else phrase(KIND_LABELS[self.kind])
        category = "…" if self.category is None else phrase(CATEGORY_LABELS[self.category])
        form = "…" if self.form is None else phrase(FORM_LABELS[self.form])
        return phrase(_MEANINGS[self.code].sentence, kind=kind, category=category, form=form)

    @property
    def remedy(self) -> Phrase:
        """Who can give what is missing."""
        return phrase(_MEANINGS[self.code].remedy)

    @property
    def facts(self) -> dict[str, str]:
        """The facts that are known, by name."""
        known = ((each.name, getattr(self, each.name)) for each in fields(self))
        return {name: str(value) for name, value in known if value is not None and name != "code"}

    def __str__(self) -> str:
        return str(self.sentence)

    def as_json(self, say: Callable[[Phrase], str] = str) -> dict[str, str]:
        """The reason as programs read it, its sentence as `say` says it."""
        return {"code": self.code.value, "rule": self.rule.value, "message": say(self.sentence), **self.facts}
