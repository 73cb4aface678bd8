"""What the plan and the library know of something of the register: for the pages of the rooms below."""

from typing import Final

from flask_babel import gettext

from governance.actor import Actor, Role
from governance.oversight.evidence.service import list_documents
from governance.oversight.models import Document
from governance.oversight.pages.entrance import address_of
from governance.oversight.permissions import SEERS
from governance.oversight.plan.labels import ABOUT_LABELS, STATE_LABELS
from governance.oversight.plan.service import list_actions
from governance.oversight.values import About, Thing
from governance.oversight.values.evidence import DocumentFilter
from governance.oversight.values.plan import OPEN, ActionFilter
from governance.vault.attest import Attestor
from governance.web.clockface import day
from governance.web.context import current
from register.pages.beside import Leads, Told

_MOST: Final = 20


def beside(about: str, reference: str) -> Told:
    """Return what is to be done about something, and what proves it, in a fixed number of statements."""
    context = current()
    session, actor, thing = context.session, context.actor, Thing(About(about), reference)
    whole = context.get(Attestor).is_whole
    actions = list_actions(session, actor, ActionFilter(states=OPEN, about=thing), after=None, limit=_MOST)
    documents = list_documents(
        session, context.get(Attestor), actor, DocumentFilter(proving=thing), after=None, limit=_MOST
    )
    assessed = DocumentFilter(proving=Thing(About.ASSESSMENT, reference))
    has_one = thing.about is About.ACTIVITY
    assessments = (
        list_documents(session, context.get(Attestor), actor, assessed, after=None, limit=_MOST).rows if has_one else ()
    )
    assessment = gettext(ABOUT_LABELS[About.ASSESSMENT])
    asked = {"about": about, "reference": reference}
    return Told(
        actions=[
            Leads(
                title=each.title,
                note=f"{gettext(STATE_LABELS[each.state])} · {day(each.due_on)}" if whole(each) else "",
                url=address_of("oversight.action", action_id=each.id),
                altered=not whole(each),
            )
            for each in actions.rows
        ],
        documents=[
            *(_proof(each, f"{assessment} · {day(each.dated_on)}") for each in assessments),
            *(_proof(each, day(each.dated_on)) for each in documents.rows),
        ],
        add_action=address_of("oversight.new_action", **asked) if _speaks(actor) else None,
        add_document=address_of("oversight.new_document", **asked) if _speaks(actor) else None,
        everything=address_of("oversight.plan", state="all", **asked),
    )


def _proof(document: Document, note: str) -> Leads:
    whole = current().get(Attestor).is_whole(document)
    url = address_of("oversight.document", document_id=document.id)
    return Leads(title=document.title, note=note if whole else "", url=url, altered=not whole)


def _speaks(actor: Actor) -> bool:
    return bool(actor.roles & {*SEERS, Role.OWNER})
