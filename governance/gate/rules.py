"""The rules of a read for one kind of person and one category, and what follows for each field: pure functions.

What a purpose declares about special categories, offences and the registration number (GDPR Art. 9, 10 and 87, Art. 30
and 46 of the Act of 6 January 1978) stands under a category of its own, whatever box the field lies in: a field with
such a flag is given by a grant on that category and by no other, and observing never relaxes that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from governance.actor import Role
from governance.datamap.values import MappedField
from governance.gate.forms import is_possible
from governance.gate.reasons import Code, Reason
from governance.policies.values import GrantOnFile
from governance.vocabulary import GUARDED, DataCategory, Form, SubjectKind
from register.values import DeclaredPurpose

Pair = tuple[SubjectKind, DataCategory]
STRENGTH: Final[Mapping[Form, int]] = {form: form.code for form in Form}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """What one who asks brings to every rule.

    Attributes:
        roles: The roles that count: those that may ever obtain personal data.
        grants: Their grants for the purpose and the action, by kind and category, whatever their validity.
        observing: Whether missing grants are reported instead of refused.
        now: The moment of the decision.
    """

    roles: frozenset[Role]
    grants: Mapping[Pair, tuple[GrantOnFile, ...]]
    observing: bool
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of one field for one kind of person.

    Attributes:
        form: How it is given; withheld where it is not.
        grant: The grant that gives it; None where it is withheld or given by observing.
        reason: Why it is withheld.
        observed: What would have withheld or weakened it, were the activity enforced.
        exact_lookup: Whether people may be found by it without its being given clear.
        until: When the grants it rests on end; None where it rests on none.
    """

    form: Form
    grant: GrantOnFile | None = None
    reason: Reason | None = None
    observed: tuple[Reason, ...] = ()
    exact_lookup: bool = False
    until: datetime | None = None

    @property
    def given(self) -> bool:
        """Whether the field is given in any form."""
        return self.form is not Form.WITHHELD


def is_sensitive(field: MappedField) -> bool:
    """Return whether the law opens the field on conditions of its own alone."""
    return governing_category(field) in GUARDED


def governing_category(field: MappedField) -> DataCategory:
    """Return the category whose declaration and grants decide about the field."""
    if field.special:
        return DataCategory.SPECIAL
    if field.criminal:
        return DataCategory.OFFENCES
    return DataCategory.NATIONAL_NUMBER if field.nir else field.category


def decide(field: MappedField, kind: SubjectKind, purpose: DeclaredPurpose, holder: Holder) -> Decision:
    """Decide about one field for one kind of person."""
    category = governing_category(field)
    undeclared = _undeclared(kind, category, purpose)
    if undeclared is not None:
        return Decision(form=Form.WITHHELD, reason=undeclared)
    on_file = holder.grants.get((kind, category), ())
    recipients = holder.roles & purpose.recipients
    valid = [grant for grant in on_file if grant.valid_from <= holder.now < grant.valid_to]
    decision = _by_grants(field, [grant for grant in valid if grant.role in recipients])
    if decision is None:
        decision = Decision(form=Form.WITHHELD, reason=_missing((kind, category), holder, recipients))
    return _observed(decision) if holder.observing and not is_sensitive(field) else decision


def decide_for_anybody(field: MappedField, purpose: DeclaredPurpose, holder: Holder) -> Decision:
    """Decide about a field that speaks of nobody: its category must be declared and granted for any kind of person."""
    category = governing_category(field)
    kinds = [kind for kind in SubjectKind if (kind, category) in purpose.data]
    if not kinds:
        return Decision(form=Form.WITHHELD, reason=Reason(code=Code.CATEGORY_NOT_DECLARED, category=category))
    decisions = [decide(field, kind, purpose, holder) for kind in kinds]
    best = max(decisions, key=lambda decision: STRENGTH[decision.form])
    return replace(best, exact_lookup=any(decision.exact_lookup for decision in decisions))


def _undeclared(kind: SubjectKind, category: DataCategory, purpose: DeclaredPurpose) -> Reason | None:
    if (kind, category) not in purpose.data:
        elsewhere = any(declared == category for _, declared in purpose.data)
        code = Code.WRONG_KIND if elsewhere else Code.CATEGORY_NOT_DECLARED
        return Reason(code=code, kind=kind, category=category)
    # Why offences (GDPR Art. 10) and the registration number (Art. 87) may be used is asked at submission.
    if category is DataCategory.SPECIAL and purpose.special_condition is None:
        return Reason(code=Code.SPECIAL_CONDITION_MISSING, category=category)
    return None


def _missing(pair: Pair, holder: Holder, recipients: frozenset[Role]) -> Reason:
    kind, category = pair
    if not recipients:
        return Reason(code=Code.ROLE_NOT_RECIPIENT)
    expired = any(grant.role in recipients for grant in holder.grants.get(pair, ()))
    return Reason(code=Code.GRANT_OUT_OF_VALIDITY if expired else Code.NO_GRANT, kind=kind, category=category)


def _by_grants(field: MappedField, grants: list[GrantOnFile]) -> Decision | None:
    if not grants:
        return None
    lookup = [grant.valid_to for grant in grants if grant.exact_lookup]
    # Of grants that give the same, the one that lasts longest.
    strongest = sorted(grants, key=lambda grant: (STRENGTH[grant.form], grant.valid_to), reverse=True)
    chosen = next((grant for grant in strongest if is_possible(field, grant.form)), None)
    if chosen is None:
        reason = Reason(
            code=Code.FORM_IMPOSSIBLE, field=field.name, category=strongest[0].category, form=strongest[0].form
        )
        return Decision(form=Form.WITHHELD, reason=reason, exact_lookup=bool(lookup), until=_latest(lookup))
    ends = [chosen.valid_to, *([max(lookup)] if lookup else [])]
    return Decision(form=chosen.form, grant=chosen, exact_lookup=bool(lookup), until=min(ends))


def _latest(moments: Iterable[datetime]) -> datetime | None:
    return max(moments, default=None)


def _observed(decision: Decision) -> Decision:
    if decision.form is Form.CLEAR:
        return decision
    told = decision.reason or Reason(code=Code.WEAKER_FORM, form=decision.form)
    return Decision(form=Form.CLEAR, observed=(told,), exact_lookup=True)
