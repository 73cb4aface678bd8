"""The register in files, on pages: out in every format, and in by way of a look at what a file would bring."""

from http import HTTPStatus
from typing import Final

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from governance.actor import open_to
from governance.errors import DomainError, Phrase
from governance.spreadsheets.errors import SpreadsheetError
from governance.web.bodies import takes_file
from governance.web.context import current
from governance.web.problems import sentence, spoken
from register.errors import RegisterError
from register.exchange import waiting
from register.exchange.drafting import Candidate, Fate, ImportRegister, import_register, look_over
from register.exchange.errors import TOLD, MalformedRegisterError, NoFileWaitsError, ReadingBusyError
from register.exchange.exporting import READERS as READERS_IN_FILES
from register.exchange.formats import FORMATS
from register.exchange.json_file import MOST_BYTES as JSON_BYTES
from register.exchange.opening import MOST_BYTES
from register.exchange.placed import ReadRegister
from register.exchange.tables.labels import CERTAINTY_LABELS, FIELD_GROUPS
from register.exchange.waiting import Waiting
from register.labels import REGISTER_LABELS
from register.pages.answers import exported_file
from register.pages.entrance import DRAFTERS, READERS, blueprint, exchange_desk
from register.values import Register

# So many activities of a file are shown one by one; of any other, one whose name is taken is left out.
_SHOWN: Final = 300
_MEGABYTE: Final = 1024 * 1024


@blueprint.get("/-/exchange")
@open_to(*READERS)
def exchange() -> ResponseReturnValue:
    """Offer every format, and to bring a file in."""
    return _page()


@blueprint.get("/-/exchange/<form>")
@open_to(*READERS)
def export(form: str) -> ResponseReturnValue:
    """Hand the register out as a file."""
    wanted = request.args.get("capacity", "")
    known = form in FORMATS and (not wanted or wanted in set(Register))
    if not known or not current().actor.roles & READERS_IN_FILES:
        abort(HTTPStatus.NOT_FOUND)
    return exported_file(form, register=Register(wanted) if wanted else None)


@blueprint.post("/-/exchange")
@open_to(*DRAFTERS)
@takes_file(MOST_BYTES)
def bring_file() -> ResponseReturnValue:
    """Take a file, and show what it would bring."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(gettext("Choose a file."))
    try:
        brought = waiting.bring(exchange_desk(), current().actor, file.filename, file.stream)
    except ReadingBusyError:
        raise
    except (RegisterError, SpreadsheetError) as error:
        return _page(refused=error)
    step = "register.look_over_file" if brought.settled else "register.file_columns"
    return redirect(url_for(step), code=303)


@blueprint.get("/-/exchange/file")
@open_to(*DRAFTERS)
def look_over_file() -> ResponseReturnValue:
    """Show what the file that waits would bring, and what of it is there already."""
    try:
        found = _waiting()
    except NoFileWaitsError:
        return redirect(url_for("register.exchange"), code=303)
    if found.register is None:
        return redirect(url_for("register.file_columns"), code=303)
    return _look(found, found.register)


@blueprint.post("/-/exchange/file")
@open_to(*DRAFTERS)
def import_file() -> ResponseReturnValue:
    """Draft what was chosen of the file that waits."""
    exchanging, actor = exchange_desk(), current().actor
    try:
        register = waiting.decided(exchanging, actor, request.form.get("digest", ""))
        # Of what nothing is said, what was shown first holds: what is new is drafted.
        fates = {
            place: Fate.DRAFT if request.form[f"fate-{place}"] == Fate.DRAFT else Fate.LEAVE_OUT
            for place in range(min(len(register.activities), _SHOWN))
            if f"fate-{place}" in request.form
        }
        command = ImportRegister(register=register, fates=fates, clashing=Fate.LEAVE_OUT)
        done = import_register(exchanging, actor, command)
    except (NoFileWaitsError, ReadingBusyError):
        raise
    except RegisterError as error:
        found = _waiting()
        if found.register is None:
            raise
        return _look(found, found.register, error)
    count = len(done.drafted)
    flash(ngettext("%(num)d activity is drafted.", "%(num)d activities are drafted.", count), "given")
    return redirect(url_for("register.activities", state="draft"), code=303)


@blueprint.post("/-/exchange/file/discard")
@open_to(*DRAFTERS)
def discard_file() -> ResponseReturnValue:
    """Forget the file that waits."""
    waiting.discard(exchange_desk(), current().actor)
    flash(gettext("The file is forgotten. Nothing of it was imported."), "given")
    return redirect(url_for("register.exchange"), code=303)


def _page(wrong: str | None = None, refused: DomainError | None = None) -> tuple[str, int]:
    page = render_template(
        "register/exchange.html",
        formats=FORMATS,
        registers=REGISTER_LABELS,
        may_draft=bool(current().actor.roles & frozenset(DRAFTERS)),
        megabytes=MOST_BYTES // _MEGABYTE,
        json_megabytes=JSON_BYTES // _MEGABYTE,
        wrong=wrong,
        **refusal_told(refused),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if wrong or refused else HTTPStatus.OK


def refusal_told(refused: DomainError | None) -> dict[str, object]:
    """Return what is wrong with a file: each thing on a line of its own, where there are several."""
    if isinstance(refused, MalformedRegisterError):
        each = [(_spoken_place(wrong.place), spoken(wrong.reason)) for wrong in refused.wrongs[:TOLD]]
        told = gettext("Nothing was imported. Mend this in the file, and bring it in again.")
        return {"refusal": told, "each": each, "untold": max(len(refused.wrongs) - TOLD, 0)}
    return {"refusal": None if refused is None else sentence(refused), "each": [], "untold": 0}


def _spoken_place(place: Phrase | str) -> str:
    return spoken(place) if isinstance(place, Phrase) else place


def _waiting() -> Waiting:
    return waiting.waiting(exchange_desk(), current().actor)


def _look(found: Waiting, register: ReadRegister, refused: DomainError | None = None) -> tuple[str, int]:
    context = current()
    with context.database.read() as session:
        candidates = look_over(session, register)
    page = render_template(
        "register/exchange_file.html",
        file=found,
        begun=waiting.begun(exchange_desk(), context.actor, register),
        candidates=candidates[:_SHOWN],
        more=max(len(candidates) - _SHOWN, 0),
        chosen=_chosen(candidates),
        groups=FIELD_GROUPS,
        certainty=CERTAINTY_LABELS,
        spoken=spoken,
        **refusal_told(refused),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK


def _chosen(candidates: list[Candidate]) -> list[str]:
    """Return what the form says of each: as it was sent, or what is new is drafted and nothing else."""
    return [
        request.form.get(f"fate-{place}", Fate.DRAFT if each.clashes_with is None else Fate.LEAVE_OUT)
        for place, each in enumerate(candidates[:_SHOWN])
    ]
