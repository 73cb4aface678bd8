"""`/problems/<slug>`: what the `type` of a problem document leads to (RFC 9457, section 3.1.1), for whoever met it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup, escape

from governance.actor import open_to_anyone
from governance.errors import mark
from governance.web.context import current
from governance.web.problems import EDGE_PROBLEMS, Problem

blueprint: Final = Blueprint("problems", __name__, url_prefix="/problems")

_PLACE: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of problem that a room can meet.

    Attributes:
        problem: Its status, slug and title.
        sentences: What the answer may say of it in `detail`, in English, with places for facts.
    """

    problem: Problem
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProblemBook:
    """Every kind of problem of the rooms, by slug; given by the roof."""

    kinds: Mapping[str, Kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Advice:
    """What a problem means, and how to mend it; both marked for translation."""

    means: str
    mend: str


_BY_STATUS: Final[Mapping[int, _Advice]] = {
    400: _Advice(
        means=mark("The request is not one that HTTP or the format of its content allows. Nothing was changed."),
        mend=mark("Check method, headers and body against the description of the API, then send it again."),
    ),
    401: _Advice(
        means=mark("Nobody is signed in, or the session or token that was shown is no longer in force."),
        mend=mark("Sign in again; programs send a token that is in force, in the header Authorization: Bearer."),
    ),
    403: _Advice(
        means=mark("You are known here, but this is not for your role, or is decided by somebody else."),
        mend=mark(
            "The answer says what is missing. An administrator assigns roles, and the controller confirms them; the "
            "owner of an activity asks for grants, and the controller approves them."
        ),
    ),
    404: _Advice(
        means=mark("There is nothing at this address, or nothing that may be known there: the two look the same."),
        mend=mark("Check the address and its identifiers. A row's is good only for the purpose it was given for."),
    ),
    405: _Advice(
        means=mark("The address is right, but does not take this method."),
        mend=mark("The header Allow of the answer names the methods that it takes."),
    ),
    406: _Advice(
        means=mark("What was asked for is there, but not in a form that the request accepts."),
        mend=mark("Accept application/json, or the form that the description of the API names."),
    ),
    409: _Advice(
        means=mark("What is stored is not, or no longer, as the request takes it to be. Nothing was changed."),
        mend=mark("Read again what is there now, decide on that, and send the request again."),
    ),
    413: _Advice(
        means=mark("The request holds more than is taken at once. Nothing was changed."),
        mend=mark("Send it in smaller parts; the answer names the limit where there is one to choose by."),
    ),
    415: _Advice(
        means=mark("The content of the request is of another kind than the one taken here."),
        mend=mark("Name the kind in the header Content-Type: application/json, except where the API says otherwise."),
    ),
    422: _Advice(
        means=mark("The request was understood, but something in it cannot be taken. Nothing was changed."),
        mend=mark("Correct what the answer names (errors tells the field), then send it again."),
    ),
    429: _Advice(
        means=mark("The same thing was asked for too often in a short time."),
        mend=mark("Wait as many seconds as the header Retry-After says, then try once more."),
    ),
    500: _Advice(
        means=mark("The service has a fault, or something stored was altered outside it. Nothing was given out."),
        mend=mark("Nothing can be mended from your side: tell your administrator the time and the reference."),
    ),
    503: _Advice(
        means=mark("The service, or something it cannot do without, does not answer for the moment."),
        mend=mark("Try again in a moment. If it lasts, tell your administrator."),
    ),
}
_BY_SLUG: Final[Mapping[str, _Advice]] = {
    "form-expired": _Advice(
        means=mark("A form is good for twelve hours, in the session that opened its page. Nothing was changed."),
        mend=mark("Open its page again and send it from there. A program that shows a token needs no form."),
    ),
    "second-factor-needed": _Advice(
        means=mark("The password was right, and the account or one of its roles asks for a second factor as well."),
        mend=mark("Show the second factor on the page after sign-in, or add one there. A program uses a token."),
    ),
    "fresh-second-factor-needed": _Advice(
        means=mark("This changes what protects an account, and it is long ago that its holder showed who they are."),
        mend=mark("Show the second factor again (without one, the password), within ten minutes before the change."),
    ),
    "from-another-site": _Advice(
        means=mark("Another site made the browser ask for a page that records who opens it."),
        mend=mark("Open the page from the site itself, or type its address."),
    ),
    "read-refused": _Advice(
        means=mark("At least one rule of the gate failed, and nothing was read. The refusal stands in the log."),
        mend=mark(
            "Each of the reasons has a code for programs and a message for people. What a grant lacks, the owner of "
            "the activity asks for and the controller approves; what a person has not consented to, only they can."
        ),
    ),
    "write-refused": _Advice(
        means=mark("At least one rule of the gate failed, and nothing was written. The refusal stands in the log."),
        mend=mark(
            "Each of the reasons has a code for programs and a message for people. What a grant lacks, the owner of "
            "the activity asks for and the controller approves."
        ),
    ),
}


@blueprint.get("/<slug>")
@open_to_anyone
def show(slug: str) -> ResponseReturnValue:
    """Say what a kind of problem means and how to mend it."""
    kinds = {each.slug: Kind(problem=each, sentences=()) for each in EDGE_PROBLEMS}
    kind = {**current().get(ProblemBook).kinds, **kinds}.get(slug)
    if kind is None:
        abort(404)
    advice = _BY_SLUG.get(slug) or _BY_STATUS[kind.problem.status]
    return render_template(
        "errors/kind.html", kind=kind, advice=advice, sentences=[_with_places(each) for each in kind.sentences]
    )


def _with_places(sentence: str) -> Markup:
    """Return the sentence in the reader's language, the places of its facts marked as such."""
    return Markup(_PLACE.sub(r"<var>\1</var>", str(escape(gettext(sentence)))))  # noqa: S704 -- escaped just here
