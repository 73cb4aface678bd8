"""A plan in the words of the reader's language: what is given of a table, in which form; what is not, and why."""

from collections.abc import Iterator

from governance.cli.words import spoken, tell
from governance.clock import to_rfc3339
from governance.datamap.labels import KIND_LABELS
from governance.gate.explain import Explanation, Given
from governance.gate.labels import FORM_LABELS
from governance.gate.reasons import Reason
from governance.vocabulary import SubjectKind


def explained(explanation: Explanation) -> Iterator[str]:
    """Yield the lines of an explanation."""
    given = tell("given") if explanation.plan else tell("refused")
    yield tell("{table} for {purpose}: {given}", table=explanation.table, purpose=explanation.purpose, given=given)
    for reason in explanation.refused:
        yield "  " + tell("refused: {reason}", reason=_with_remedy(reason))
    for each in explanation.given:
        yield f"  {_given(each)}"
    for name, reason in explanation.withheld.items():
        yield "  " + tell("{field}: withheld. {reason}", field=name, reason=_with_remedy(reason))
    plan = explanation.plan
    if plan is not None and plan.consent is not None:
        left_out = "people who have not consented by {channel} are left out"
        counted = "people who have not consented by {channel} are given and counted, for the activity is only observed"
        sentence = left_out if plan.consent.enforced else counted
        yield "  " + tell(sentence, channel=plan.consent.channel.value)
    if plan is not None and plan.opaque:
        yield "  " + tell("rows bear pseudonyms of this purpose, and come in an order of its own")


def _given(each: Given) -> str:
    grant, until = each.decision.grant, each.decision.until
    if grant is None:
        why = tell("because the activity is only observed")
    else:
        why = tell("by a grant to {role}", role=grant.role.value)
    end = "" if until is None else " " + tell("until {moment}", moment=to_rfc3339(until))
    observed = "".join(
        f" ({tell('enforced: {reason}', reason=spoken(reason.sentence))})" for reason in each.decision.observed
    )
    form = tell(FORM_LABELS[each.decision.form])
    return tell("{whose}: {form}, {why}", whose=_whose(each.field, each.kind), form=form, why=why) + end + observed


def _whose(field: str, kind: SubjectKind | None) -> str:
    return field if kind is None else tell("{field} of a {kind}", field=field, kind=tell(KIND_LABELS[kind]))


def _with_remedy(reason: Reason) -> str:
    return f"{spoken(reason.sentence)} {spoken(reason.remedy)}"
