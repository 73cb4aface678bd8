"""`/preferences/…`: a person's choices, for whoever holds the link of a message. No account, no script.

The pages say what is done with the person's data, never who they are. A link in a message only shows (machines follow
links); what changes something is a POST, and the one of `List-Unsubscribe` needs nothing but its address (RFC 8058).
"""

from collections.abc import Iterable
from typing import Final

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, get_locale, gettext

from audit.log import Log
from consent.evidence.minimising import short_address
from consent.labels import METHOD_LABELS
from consent.preferences.links import PreferenceLink, open_link
from consent.preferences.service import choices_of, choices_to_change, choose, refuse_all
from consent.preferences.values import Answer, Choice, Choices, Choose
from consent.receipts.pages import draw_proof
from consent.receipts.proving import prove_to_person
from consent.receipts.values import ReceiptFormat
from consent.receipts.views import as_document, as_envelope, proof_desk
from consent.states import ConsentState, EventKind
from consent.suppression import service as suppression
from consent.values import ConsentRef
from consent.views import desk
from governance.actor import ROLE_LABELS, Actor, ActorKind, open_to_anyone
from governance.errors import mark
from governance.settings import LOCALES
from governance.vault.sealed_values import SealedValues
from governance.web.context import current
from governance.web.csrf import acts_by_link
from governance.web.limits import limited
from governance.web.strangers import keep_for_strangers
from register.lines.contents import Content, PartyLine
from register.lines.values import Relation, Subject
from register.pages.wording import labelled, word

blueprint: Final = Blueprint("preferences", __name__, url_prefix="/preferences")
keep_for_strangers(blueprint)

# Enough for somebody who tries every button; nobody guesses a sealed value so.
_RATE: Final = "60 per minute"
# A document takes a second or two of a processor.
_RECEIPTS: Final = "10 per minute"

KIND_LABELS: Final = {
    EventKind.REQUESTED: mark("You were asked"),
    EventKind.GIVEN: mark("You said yes"),
    EventKind.REFUSED: mark("You said no"),
    EventKind.WITHDRAWN: mark("You took your yes back"),
    EventKind.RENEWED: mark("You said yes again"),
    EventKind.EXPIRED: mark("Your yes ended"),
    EventKind.INVALIDATED: mark("Your yes was set aside: it cannot be proved"),
}
_BUTTONS: Final = {Answer.YES: mark("Say yes"), Answer.NO: mark("Say no")}
_OBJECTING: Final = {Answer.YES: mark("No longer object"), Answer.NO: mark("Object to this")}


@blueprint.get("/<secret>")
@open_to_anyone
@limited(_RATE, reading=True)
def show(secret: str) -> ResponseReturnValue:
    """Show a person what they chose."""
    link = _link(secret)
    found = choices_of(current().session, desk(), current().get(Log), _actor(), link.subject_id)
    return render_template(
        "preferences/choices.html",
        secret=secret,
        first=_of_message(found, link),
        groups=_groups(found),
        anything=found.any_yes,
        organisation=_organisation(found),
        gestures=_gestures,
        effects=_effects,
        receivers=_receivers,
        kind_labels=KIND_LABELS,
        method_labels=METHOD_LABELS,
    )


@blueprint.get("/<secret>/receipts/<purpose>")
@open_to_anyone
@limited(_RECEIPTS, reading=True)
def receipt(secret: str, purpose: str) -> ResponseReturnValue:
    """Hand a person the proof of one choice: as a document, or as a receipt for machines."""
    link, form = _link(secret), request.args.get("format", ReceiptFormat.PDF.value)
    chosen = next((each for each in _choices(link).choices if each.slug == purpose), None)
    if chosen is None or chosen.channel is None or not chosen.history or form not in set(ReceiptFormat):
        abort(404)
    current().roll_back()
    ref = ConsentRef(subject_id=link.subject_id, purpose=purpose, channel=chosen.channel)
    proof = prove_to_person(current().session, proof_desk(), _actor(), ref)
    if form == ReceiptFormat.PDF:
        return as_document(draw_proof(proof), proof)
    return as_envelope(proof, ReceiptFormat(form))


@blueprint.post("/<secret>/choose")
@open_to_anyone
@acts_by_link
@limited(_RATE)
def answer(secret: str) -> ResponseReturnValue:
    """Carry out one gesture."""
    link, said, purpose = _link(secret), request.form.get("answer"), request.form.get("purpose", "")
    if said not in set(Answer):
        abort(400)
    chosen = next((each for each in _choices(link).choices if each.slug == purpose), None)
    if chosen is None:
        abort(404)
    choose(current().session, desk(), _actor(), _command(link, chosen, Answer(said)))
    flash(gettext("It is done, and counts from now on."), "given")
    return redirect(url_for("preferences.show", secret=secret), code=303)


@blueprint.post("/<secret>/refuse-all")
@open_to_anyone
@acts_by_link
@limited(_RATE)
def refuse_everything(secret: str) -> ResponseReturnValue:
    """Say no to everything at once."""
    link = _link(secret)
    _refuse_everything(link)
    flash(gettext("It is done: you have said no to everything, and that counts from now on."), "given")
    return redirect(url_for("preferences.show", secret=secret), code=303)


@blueprint.get("/<secret>/unsubscribe")
@open_to_anyone
@limited(_RATE, reading=True)
def lead_on(secret: str) -> ResponseReturnValue:
    """Lead whoever follows the address of `List-Unsubscribe` by hand to the page: following a link changes nothing."""
    return redirect(url_for("preferences.show", secret=secret), code=303)


@blueprint.post("/<secret>/unsubscribe")
@open_to_anyone
@acts_by_link
@limited(_RATE)
def unsubscribe(secret: str) -> ResponseReturnValue:
    """Say no to the purpose of the message, by one POST and nothing else. RFC 8058, GDPR Art. 7(3), 21(2)."""
    link = _link(secret)
    of_message = _of_message(_choices(link), link)
    if link.purpose_id is None:
        _refuse_everything(link)
    elif of_message is not None:
        # A purpose that has ended, or was altered outside Égide, is not there any more: nothing is read for it.
        _refuse(link, [of_message])
    return make_response(render_template("preferences/unsubscribed.html", secret=secret), 200)


def _refuse_everything(link: PreferenceLink) -> None:
    # First what solicits, now or later; then each purpose that this left open.
    suppression.refuse_everything(current().session, desk(), _actor(), link.subject_id)
    _refuse(link, _choices(link).choices)


def _refuse(link: PreferenceLink, choices: Iterable[Choice]) -> None:
    commands = [_command(link, each, Answer.NO) for each in choices if _says_anything(each)]
    refuse_all(current().session, desk(), _actor(), commands)


def _says_anything(choice: Choice) -> bool:
    """Whether a no changes anything: what was refused or withdrawn stays as it is."""
    undecided = choice.channel is not None and choice.state in {None, ConsentState.REQUESTED}
    return choice.answer is Answer.YES or undecided


def _choices(link: PreferenceLink) -> Choices:
    return choices_to_change(current().session, desk(), link.subject_id)


def _of_message(found: Choices, link: PreferenceLink) -> Choice | None:
    return next((each for each in found.choices if each.purpose_id == link.purpose_id), None)


def _command(link: PreferenceLink, choice: Choice, said: Answer) -> Choose:
    language = request.form.get("language", "")
    language = language if language in LOCALES else str(get_locale())
    with force_locale(language):
        wording = _wording(choice, said)
    return Choose(
        subject_id=link.subject_id,
        purpose=choice.slug,
        answer=said,
        wording=wording,
        language=language,
        address=request.remote_addr,
        device=request.user_agent.string,
    )


def _wording(choice: Choice, said: Answer) -> str:
    """Return the words beside a gesture: what is agreed to or refused, in one sentence. They are kept as proof."""
    label = labelled(choice)
    if choice.channel is None:
        if said is Answer.NO:
            return str(gettext("I object to my data being used for this: %(purpose)s.", purpose=label))
        return str(gettext("I no longer object to my data being used for this: %(purpose)s.", purpose=label))
    way = word(choice.channel)
    if said is Answer.NO:
        return str(gettext("No, I do not agree to this: %(purpose)s (%(way)s).", purpose=label, way=way))
    return str(gettext("Yes, I agree to this: %(purpose)s (%(way)s).", purpose=label, way=way))


def _gestures(choice: Choice) -> list[tuple[Answer, str, str]]:
    """Return what is offered: an answer, its button and its words. A no is always there, as large as any yes."""
    if choice.answer is Answer.YES:
        offered = [Answer.NO]
    elif not choice.open:
        offered = []
    elif choice.channel is not None and choice.state in {None, ConsentState.REQUESTED}:
        offered = [Answer.YES, Answer.NO]
    else:
        offered = [Answer.YES]
    labels = _BUTTONS if choice.channel is not None else _OBJECTING
    return [(each, gettext(labels[each]), _wording(choice, each)) for each in offered]


def _groups(found: Choices) -> list[tuple[str, str, list[Choice]]]:
    """Return the choices under two headings: what waits for a yes, and what goes on until somebody objects."""
    asked = [each for each in found.choices if each.channel is not None]
    others = [each for each in found.choices if each.channel is None]
    groups = [
        (gettext("What is done only if you agree"), gettext("Nothing of it happens without your yes."), asked),
        (
            gettext("What is done unless you object"),
            gettext("The organisation may do this without asking you first. You may object to each."),
            others,
        ),
    ]
    return [group for group in groups if group[2]]


def _effects(choice: Choice) -> str:
    """Return what the gesture that is offered changes."""
    if choice.answer is Answer.YES and choice.channel is None:
        return str(gettext("From the moment you object, your data are not used for this any more."))
    if choice.answer is Answer.YES:
        return str(gettext("From the moment you say no, your data are not used for this any more."))
    return str(gettext("You can say no again at any time, by the same gesture."))


def _receivers(choice: Choice) -> list[str]:
    """Return who receives the data: the services of the organisation, then others by name."""
    if choice.activity is None or choice.terms is None:
        return []
    others = (line.called for line in choice.activity.lines[Subject.PARTIES] if _receives(line.content))
    english = get_locale().language == "en"
    return [
        *(gettext(ROLE_LABELS[role]) for role in choice.terms.recipients),
        *(called[1] if english else called[0] for called in others if called is not None),
    ]


def _receives(content: Content) -> bool:
    return isinstance(content, PartyLine) and content.relation in {Relation.PROCESSOR, Relation.RECIPIENT}


def _organisation(found: Choices) -> str | None:
    """Return in whose name the page speaks: whoever answers for what it shows."""
    answering = (each.activity.controller for each in found.choices if each.activity is not None)
    return next((party.name for party in answering if party is not None), None)


def _link(secret: str) -> PreferenceLink:
    return open_link(current().get(SealedValues), current().clock, secret)


def _actor() -> Actor:
    address = short_address(request.remote_addr)
    return Actor(kind=ActorKind.SUBJECT, id=None, roles=frozenset(), address=address)
