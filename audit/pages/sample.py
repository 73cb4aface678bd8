"""`/log/sample`: entries that nobody chose, drawn by a seed that anybody can use again, and their proofs."""

import io
import secrets
import zipfile
from typing import Any, Final

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from audit.checkpoints import latest_note
from audit.errors import NothingSignedError
from audit.forms import SampleForm
from audit.names import PurposeNames
from audit.pages.entrance import READERS, blueprint, names_of, record_look, row_of, signed_size
from audit.proving import prove
from audit.sampling import Sample, sample
from governance.actor import open_to
from governance.web.context import current

_SEED_BYTES: Final = 8


@blueprint.get("/sample", endpoint="sample")
@open_to(*READERS)
def show() -> ResponseReturnValue:
    """Show a sample of the entries that the last checkpoint covers, or ask for one."""
    session = current().session
    signed = signed_size(latest_note(session))
    form = SampleForm(formdata=request.args)
    asked = "seed" in request.args
    if not asked:
        form.seed.data = secrets.token_hex(_SEED_BYTES)
        form.size.data = 20
    valid = asked and form.validate()
    drawn = sample(session, form.seed.data, _of(form, signed), form.size.data) if valid else None
    page = render_template(
        "log/sample.html",
        form=form,
        signed=signed,
        sample=drawn,
        rows=[] if drawn is None else _rows(drawn, signed),
    )
    return page, 422 if asked and not valid else 200


@blueprint.get("/sample/proofs")
@open_to(*READERS)
def sample_proofs() -> ResponseReturnValue:
    """Hand out the proofs of a sample, each as a file of its own, in one archive."""
    session = current().session
    note = latest_note(session)
    if note is None:
        raise NothingSignedError
    form = SampleForm(formdata=request.args)
    if not form.validate():
        return show()
    drawn = sample(session, form.seed.data, _of(form, signed_size(note)), form.size.data)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("checkpoint", note)
        for index in drawn.places:
            if index in drawn.found:
                archive.writestr(f"entry-{index}.tlog-proof", prove(session, note, index))
    record_look(len(drawn.found))
    response = Response(packed.getvalue(), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="sample-of-{drawn.of}.zip"'
    return response


def _of(form: SampleForm, signed: int) -> int:
    """Return the size to draw from: the one asked for, so that a sample can be drawn again after the log has grown."""
    wanted: int | None = form.of.data
    return signed if wanted is None else min(wanted, signed)


def _rows(drawn: Sample, signed: int) -> list[dict[str, Any]]:
    session = current().session
    purposes = current().get(PurposeNames).look_up(session)
    names = names_of(session, drawn.found.values())
    record_look(len(drawn.found))
    return [
        row_of(drawn.found[index], names, purposes, signed) if index in drawn.found else {"index": index, "gone": True}
        for index in drawn.places
    ]
