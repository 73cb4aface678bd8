"""Who may read what, for which purpose: the grants in force, and how many hold each role. GDPR Art. 29, 32(4)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import get_locale, gettext
from sqlalchemy import ColumnElement, func, select

from governance.actor import ROLE_LABELS, Role
from governance.datamap.labels import CATEGORY_LABELS, KINDS_LABELS
from governance.errors import mark, phrase
from governance.oversight.inspection.pages.parts.base import Ground, Place
from governance.oversight.inspection.pages.press import Paper, Press, Title
from governance.oversight.inspection.sheets import Block, Heading, Table, Words
from governance.policies.holders import Holders, holders_of
from governance.policies.labels import ACTION_LABELS, FORM_LABELS
from governance.policies.models import Grant
from governance.web.clockface import day, figure

_GRANTS: Final = mark("Grants in force")
_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Policies:
    """What the gate allows, role by role."""

    key: str = "policies"
    title: str = mark("Who may read what, and why")
    article: str = "GDPR Art. 29, 32(4)"
    missing: str = ""

    def counts(self, ground: Ground) -> Mapping[str, int]:
        """Say how many grants are in force."""
        return {_GRANTS: ground.session.scalar(select(func.count()).select_from(Grant).where(_in_force(ground))) or 0}

    def make(self, ground: Ground, press: Press, place: Place) -> Place | None:
        """Make the list of grants, and of roles."""
        grants = list(_grants(ground))
        holders = holders_of(ground.session, list(Role), ground.now)
        press.sheet(
            Title("policies", phrase("Who may read what, and why")),
            Paper(
                article=self.article,
                lede=mark(
                    "Nobody reads a customer’s data but through these grants: a role, a purpose of the register, a "
                    "category of data, the form in which it is given, until a date. The system refuses the rest."
                ),
                say=lambda: _blocks(ground, grants, holders),
            ),
        )
        return None


def _in_force(ground: Ground) -> ColumnElement[bool]:
    wanted: ColumnElement[bool] = (
        Grant.approved_at.is_not(None)
        & Grant.revoked_at.is_(None)
        & (Grant.valid_from <= ground.now)
        & (Grant.valid_to > ground.now)
    )
    return wanted & Grant.purpose_id.in_(ground.purposes) if ground.only else wanted


def _grants(ground: Ground) -> Iterator[Grant]:
    statement = select(Grant).where(_in_force(ground)).order_by(Grant.purpose_id, Grant.role, Grant.id)
    for grant in ground.session.scalars(statement.execution_options(yield_per=_AT_ONCE)):
        ground.attestor.verify(grant)
        yield grant


def _blocks(ground: Ground, grants: Sequence[Grant], holders: Mapping[Role, Holders]) -> Sequence[Block]:
    english = get_locale().language == "en"
    rows: dict[tuple[str, ...], list[str]] = {}
    for each in grants:
        labels = ground.purposes.get(each.purpose_id, ("", ""))
        said = (
            labels[1] if english else labels[0],
            gettext(ROLE_LABELS[each.role]),
            gettext(KINDS_LABELS[each.subject_kind]),
            gettext(ACTION_LABELS[each.action]),
            gettext(FORM_LABELS[each.form]),
            day(each.valid_to),
        )
        rows.setdefault(said, []).append(gettext(CATEGORY_LABELS[each.category]))
    people = [
        (gettext(ROLE_LABELS[role]), figure(holders[role].people), figure(holders[role].programs)) for role in Role
    ]
    return [
        Heading(gettext("Grants in force")),
        Table(
            name="grants",
            columns=[
                (gettext("Purpose"), 22), (gettext("Role"), 12), (gettext("Whose"), 13), (gettext("What"), 9),
                (gettext("Form"), 10), (gettext("Until"), 13), (gettext("Categories"), 21),
            ],
            rows=[(*said, ", ".join(dict.fromkeys(categories))) for said, categories in rows.items()],
            empty=gettext("No grant is in force: nobody reads customers’ data."),
        ),
        Heading(gettext("Who holds the roles")),
        Words(gettext("Counted, not named: who they are the company says when asked."), quiet=True),
        Table(
            name="roles",
            columns=[(gettext("Role"), 60), (gettext("People"), 20), (gettext("Programs"), 20)],
            rows=people,
        ),
    ]  # fmt: skip
