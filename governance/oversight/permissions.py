"""Who keeps the action plan and the file of evidence, who sees it whole, and who only what is theirs."""

import uuid
from typing import Final

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from governance.actor import Actor, Role
from governance.errors import listed
from governance.identity.permissions import person
from governance.ids import parse_id
from governance.oversight.errors import NotYoursError, PersonNeededError, ThingNotFoundError
from governance.oversight.links import read_links
from governance.oversight.models import Document, DocumentLink, PlanAction
from governance.oversight.things import find_thing
from governance.oversight.values import About, Thing
from governance.vault.attest import Attestor
from register.models import Activity

# GDPR Art. 39(1)(b): the officer monitors; Art. 24(1): the controller answers. Both write for anybody.
KEEPERS: Final = (Role.DPO, Role.CONTROLLER)
# Those to whom an action may be given.
DOERS: Final = (*KEEPERS, Role.OWNER, Role.SECURITY, Role.ADMIN)
# Those who see everything; whoever else may look sees what is theirs.
SEERS: Final = (*KEEPERS, Role.AUDITOR)
LOOKERS: Final = (*DOERS, Role.AUDITOR)
# What the heads of business lines may speak of: the register, which they read whole, and what leads to them.
_OF_LINES: Final = frozenset(
    {
        About.ACTIVITY,
        About.ASSESSMENT,
        About.PARTY,
        About.CONTRACT,
        About.ACCESS_REVIEW,
        About.DRIFT,
        About.ACTION,
    }
)


def keeps(actor: Actor) -> bool:
    """Say whether somebody writes for anybody."""
    return bool(actor.roles & set(KEEPERS))


def writer(actor: Actor, roles: tuple[Role, ...] = DOERS) -> uuid.UUID:
    """Return the account of a person who may write here.

    Raises:
        PersonNeededError: If no person acts: what is kept here has an author.
        NotYoursError: If their roles write nothing here.
    """
    account = person(actor)
    if account is None:
        raise PersonNeededError
    if not actor.roles & set(roles):
        raise NotYoursError(roles=listed(sorted(roles)))
    return account


def check_speaks_of(actor: Actor, thing: Thing | None) -> None:
    """Refuse to name what somebody may not know of.

    Raises:
        NotYoursError: If it is only for those who keep the file.
    """
    if thing is None or keeps(actor) or (Role.OWNER in actor.roles and thing.about in _OF_LINES):
        return
    raise NotYoursError(roles=listed(sorted(KEEPERS)))


def actions_seen(session: Session, actor: Actor) -> ColumnElement[bool]:
    """Return the condition that somebody may see an action.

    That is any, or one given to them, made by them, or about an activity of their line.
    """
    if actor.roles & set(SEERS):
        return true()
    account = person(actor)
    if account is None:
        return false()
    lines = (PlanAction.about == About.ACTIVITY) & PlanAction.reference.in_(own_activities(session, account))
    return or_(PlanAction.owner_id == account, PlanAction.made_by == account, lines)


def documents_seen(session: Session, attestor: Attestor, actor: Actor) -> ColumnElement[bool]:
    """Return the condition that somebody may see a document.

    That is any, or one brought by them, or that proves something of an activity of their line or an action of theirs:
    by a link that Égide wrote, for one put in by SQL opens nothing.
    """
    if actor.roles & set(SEERS):
        return true()
    account = person(actor)
    if account is None:
        return false()
    actions = session.scalars(select(PlanAction).where(PlanAction.owner_id == account))
    mine = [each.id for each in actions if attestor.is_whole(each)]
    links, _ = read_links(
        session,
        attestor,
        or_(
            DocumentLink.about.in_([About.ACTIVITY, About.ASSESSMENT])
            & DocumentLink.reference.in_(own_activities(session, account)),
            (DocumentLink.about == About.ACTION) & DocumentLink.reference.in_([str(each) for each in mine]),
        ),
    )
    return or_(Document.brought_by == account, Document.id.in_({each.document_id for each in links}))


def kinds_known(actor: Actor) -> frozenset[About]:
    """Return the kinds of things that somebody may be told the names of, beside what was given to them."""
    if actor.roles & set(SEERS):
        return frozenset(About)
    return _OF_LINES if Role.OWNER in actor.roles else frozenset({About.ACTION})


def known_thing(session: Session, actor: Actor, about: About, reference: str) -> Thing:
    """Return a thing by its identifier, where the actor may know of it.

    Raises:
        ThingNotFoundError: If it is not there, or not for them.
    """
    thing = Thing(about, find_thing(session, about, reference).reference)
    if about not in kinds_known(actor):
        raise ThingNotFoundError(kind=about.value)
    if about is About.ACTION:
        seen = select(PlanAction.id).where(PlanAction.id == parse_id(thing.reference), actions_seen(session, actor))
        if session.scalar(seen) is None:
            raise ThingNotFoundError(kind=about.value)
    return thing


def own_activities(session: Session, account: uuid.UUID) -> list[str]:
    """Return the activities of somebody's line, as references name them."""
    return [str(each) for each in session.scalars(select(Activity.id).where(Activity.owner_id == account))]
