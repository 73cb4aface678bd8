"""The first message to the people of an import: the page that makes it, and says for whom it was made. GDPR Art. 14."""

import uuid
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

import orjson
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from audit.names import ActorNames
from governance.actor import open_to
from governance.customers.errors import CustomersError
from governance.customers.house import House
from governance.customers.importing.models import ImportState
from governance.customers.informing.labels import LEFT_OUT_LABELS
from governance.customers.informing.making import Headings, MakeMessage, make_message
from governance.customers.informing.messages import MessageDesk, Standing, message_standing
from governance.customers.informing.models import FirstMessage
from governance.customers.informing.views import WRITERS, headings, whole_address, whole_file
from governance.customers.informing.ways import Way, addresses_of, told_ways
from governance.customers.labels import TABLE_NAMES, field_label
from governance.gate.errors import ReadRefusedError
from governance.gate.gate import Gate
from governance.vault.errors import AttestationError
from governance.vocabulary import Channel
from governance.web.context import current
from governance.web.problems import sentence
from register.labels import CHANNEL_LABELS
from register.notices.errors import MessageBrokenOffError
from register.notices.labels import TOLD_BY_LABELS
from register.values import NoticeRef

blueprint: Final = Blueprint("first_messages", __name__, url_prefix="/imports/runs")

_EVERYBODY: Final = "everybody"


@blueprint.get("/<uuid:import_id>/message")
@open_to(*WRITERS)
def show(import_id: uuid.UUID) -> ResponseReturnValue:
    """Show what the first message says, by which ways it can be sent, and for whom it was made."""
    return _page(import_id)


@blueprint.post("/<uuid:import_id>/message")
@open_to(*WRITERS)
def make(import_id: uuid.UUID) -> ResponseReturnValue:
    """Hand out the first message as a file: one row a person, each with the notice."""
    purpose, _, channel = request.form.get("how", "").partition(" ")
    if channel not in {each.value for each in CHANNEL_LABELS}:
        return _page(import_id, wrong=gettext("Choose one.")), HTTPStatus.UNPROCESSABLE_ENTITY
    command = MakeMessage(
        import_id=import_id,
        purpose=purpose,
        channel=Channel(channel),
        all_again=request.form.get("whom") == _EVERYBODY,
    )
    parts = make_message(_house(), current().actor, command, _headings())
    try:
        # The first part is made here, so that a refusal is a page of its own and not a broken file.
        first = next(parts)
    except (AttestationError, CustomersError, MessageBrokenOffError, ReadRefusedError) as error:
        return _page(import_id, refusal=sentence(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    return whole_file(first, parts, import_id)


def _page(import_id: uuid.UUID, *, refusal: str | None = None, wrong: str | None = None) -> str:
    context = current()
    gate = context.get(Gate)
    try:
        standing = message_standing(context.session, _house(), import_id)
    except AttestationError:
        return render_template("imports/unbelieved.html")
    table = gate.snapshot().catalogue.tables.get(standing.run.table_name)
    ways = told_ways(gate, context.actor, standing.run)
    made_by = {each.actor_id for each in standing.files if each.actor_id is not None}
    labels = _purpose_labels()
    return render_template(
        "imports/message.html",
        standing=standing,
        run=standing.run,
        asked=standing.asked,
        point=standing.asked.point,
        now=context.clock.now(),
        finished=standing.run.state is ImportState.FINISHED,
        holds_addresses=table is not None and bool(addresses_of(table)),
        ways=_by_purpose(ways, labels),
        told_by=TOLD_BY_LABELS,
        how=request.form.get("how", ""),
        everybody=_whole_again(standing.files),
        texts=_texts(standing),
        left_out={each.id: _left_out(each) for each in standing.files},
        names=context.get(ActorNames).look_up(context.session, made_by),
        purposes=labels,
        channels=CHANNEL_LABELS,
        table=TABLE_NAMES.get(standing.run.table_name, standing.run.table_name),
        refusal=refusal,
        wrong=wrong,
    )


def _by_purpose(ways: Sequence[Way], labels: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    grouped: dict[str, list[tuple[str, str]]] = {}
    for way in ways:
        label = gettext(CHANNEL_LABELS[way.channel])
        grouped.setdefault(labels.get(way.purpose, way.purpose), []).append((f"{way.purpose} {way.channel}", label))
    return grouped


def _whole_again(files: Sequence[FirstMessage]) -> bool:
    """Say whether the last file broke off, so that those in it have to be handed out again."""
    return bool(files) and files[0].people is None


def _left_out(file: FirstMessage) -> list[tuple[str, int]]:
    counts: dict[str, int] = orjson.loads(file.left_out)
    return [(LEFT_OUT_LABELS.get(reason, reason), count) for reason, count in sorted(counts.items())]


def _texts(standing: Standing) -> dict[str, str]:
    """Return the words as they stand in the file, with the address of the whole, by language."""
    words = standing.words
    if words is None:
        return {}
    refs = {each: NoticeRef(slug=words.slug, version=words.version, language=each) for each in words.short}
    return {language: "\n".join([*words.short[language], whole_address(ref)]) for language, ref in refs.items()}


def _headings() -> Headings:
    return headings(
        of=lambda name: gettext(field_label(name)),
        language=gettext("Language"),
        notice=gettext("Text of the notice"),
        address=gettext("Address of the whole notice"),
    )


def _purpose_labels() -> dict[str, str]:
    english = get_locale().language == "en"
    purposes = current().get(Gate).snapshot().purposes.by_slug
    return {slug: each.label_en if english else each.label_fr for slug, each in purposes.items()}


def _house() -> House:
    return current().get(MessageDesk).house
