"""Documents of the register as answers, to whoever asks on a page or over REST."""

import uuid
from typing import Final

from flask import Response
from flask_babel import get_locale

from audit.log import Log
from governance.datamap.pages.blueprint import catalogue_in_force
from governance.days import day_of
from governance.vault.attest import Attestor
from governance.web.context import current
from register import service
from register.exchange.exporting import ExportRegister, exported
from register.exchange.formats import FORMATS
from register.linked.graph import MEDIA_TYPE, register_pieces
from register.pages.paper import draw_activity
from register.printing.service import PrintDesk, find_print, open_volume
from register.service.loading import ActivityRef
from register.stated import Stated, state_activities
from register.values import Register

PDF: Final = "application/pdf"


def activity_document(reference: ActivityRef) -> Response:
    """Return the document of one activity, in the reader's language.

    Raises:
        ActivityNotFoundError: If there is none.
        AttestationError: If its record was altered outside Égide.
        DocumentError: If no document could be made.
    """
    context = current()
    stated = stated_now(reference)
    html = draw_activity(stated, catalogue_in_force(), context.clock.now())
    name = f"{stated.activity.slug}.pdf"
    # Making it takes a second or two: nobody waits for the database meanwhile.
    context.roll_back()
    return as_file(context.get(PrintDesk).printer.print(html), PDF, name)


def activity_linked(reference: ActivityRef) -> Response:
    """Return one activity as linked data.

    Raises:
        ActivityNotFoundError: If there is none.
        AttestationError: If its record was altered outside Égide.
    """
    stated = stated_now(reference)
    told = b"".join(register_pieces([stated], current().clock.now()))
    return as_file(told, MEDIA_TYPE, f"{stated.activity.slug}.jsonld")


def volume_document(print_id: uuid.UUID, number: int) -> Response:
    """Return a volume.

    Raises:
        PrintNotFoundError: If there is none, it is somebody else's, or its day is over.
        AttestationError, SealedFileError: If it was altered outside Égide.
    """
    context = current()
    with open_volume(context.session, context.get(PrintDesk), context.actor, print_id, number) as copy:
        made = copy.read()
    told = find_print(context.session, context.get(PrintDesk), context.actor, print_id)
    ending = f"-{number}" if len(told.volumes) > 1 else ""
    return as_file(made, PDF, f"register-{told.asked.made_at:%Y-%m-%d}{ending}.pdf")


def as_file(body: bytes, kind: str, name: str) -> Response:
    """Return what the browser is to keep as a file."""
    answer = Response(body, mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def stated_now(reference: ActivityRef) -> Stated:
    """Return what is stated of one activity now.

    Raises:
        ActivityNotFoundError: If there is none.
        AttestationError: If its record was altered outside Égide.
    """
    context = current()
    activity = service.get_activity(context.session, reference)
    return state_activities(context.session, context.get(Attestor), [activity], day_of(context.clock.now()))[0]


def exported_file(form: str, only: tuple[str, ...] | None = None, register: Register | None = None) -> Response:
    """Return the register as a file to keep."""
    context = current()
    language = "en" if get_locale().language == "en" else "fr"
    command = ExportRegister(format=form, at=context.clock.now(), language=language, only=only, register=register)
    attestor, log = context.get(Attestor), context.get(Log)
    with exported(context.session, attestor, log, context.actor, command) as written:
        name = f"register-{command.at:%Y-%m-%d}{FORMATS[form].suffix}"
        return as_file(written.read(), FORMATS[form].media_type, name)
