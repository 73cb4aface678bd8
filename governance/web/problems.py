"""Errors as the caller reads them: problem documents (RFC 9457) for programs, pages for people.

Which error of the domain is which problem stands in one table at the roof; here is only how it is told. Nothing that
the program did not mean to say gets out: an unexpected error is told as such, with a reference under which the server's
own log names its kind and place, and neither its message nor its values.
"""

import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import orjson
from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug import Response as BaseResponse
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from governance.database import is_out_of_reach
from governance.errors import DomainError, Phrase, in_words, mark, said
from governance.law import quoted
from governance.web.access import SecondFactorMissing
from governance.web.context import RequestContext
from governance.web.fetch_metadata import CrossSiteError

MEDIA_TYPE: Final = "application/problem+json"
# Places of a traceback that one line of the server's log holds.
_FRAMES: Final = 6
# A database that is started again is there within seconds.
_TRY_AGAIN_SECONDS: Final = 10
# Beyond these paths people read the answer.
_FOR_PROGRAMS: Final = ("/api/", "/health/", "/metrics")
_KEPT_HEADERS: Final = frozenset({"allow", "retry-after", "www-authenticate"})
# A page, or what leads to another one.
Drawn = str | BaseResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A kind of problem. Its slug is stable, its title is marked for translation."""

    status: int
    slug: str
    title: str


# What HTTP itself refuses, before any room was asked.
HTTP_PROBLEMS: Final[Mapping[int, Problem]] = {
    problem.status: problem
    for problem in (
        Problem(status=400, slug="bad-request", title=mark("The request could not be understood.")),
        Problem(status=401, slug="not-signed-in", title=mark("You are not signed in.")),
        Problem(status=403, slug="not-open-to-you", title=mark("This is not open to your role.")),
        Problem(status=404, slug="not-found", title=mark("There is nothing here.")),
        Problem(status=405, slug="method-not-allowed", title=mark("This cannot be done here.")),
        Problem(status=406, slug="not-acceptable", title=mark("This is not available in the form asked for.")),
        Problem(status=409, slug="conflict", title=mark("Something changed in the meantime.")),
        Problem(status=413, slug="too-large", title=mark("This is too large.")),
        Problem(status=415, slug="unsupported-media-type", title=mark("This kind of content is not taken here.")),
        Problem(status=422, slug="invalid", title=mark("Something in the request is not valid.")),
        Problem(status=429, slug="too-many-requests", title=mark("Too many requests. Wait a little.")),
        Problem(status=500, slug="unexpected", title=mark("Something went wrong on our side.")),
        Problem(status=503, slug="unavailable", title=mark("This is not available for the moment.")),
    )
}
_FROM_ANOTHER_SITE: Final = Problem(status=403, slug="from-another-site", title=mark("Another site sent you here."))
_EXPIRED_FORM: Final = Problem(status=400, slug="form-expired", title=mark("This form has expired."))
_SECOND_FACTOR: Final = Problem(
    status=401, slug="second-factor-needed", title=mark("A second factor is still to be shown.")
)
# What the edge itself refuses.
EDGE_PROBLEMS: Final = (*HTTP_PROBLEMS.values(), _FROM_ANOTHER_SITE, _EXPIRED_FORM, _SECOND_FACTOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A problem with what is said about this occurrence.

    Attributes:
        members: Extension members of the document (RFC 9457, section 3.2).
        headers: Of the answer.
    """

    problem: Problem
    detail: str | None = None
    members: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def init_app(
    app: Flask,
    *,
    base_url: str,
    problem_of: Callable[[DomainError], Problem],
    page: Callable[[Told], Drawn],
) -> None:
    """Tell every error in one way.

    Args:
        app: The application.
        base_url: Begins the type of each problem.
        problem_of: The table at the roof.
        page: Draws a problem for people, or leads them to where they can mend it.
    """

    def tell(told: Told) -> ResponseReturnValue:
        if for_programs():
            return problem_response(told, base_url)
        drawn = page(told)
        return (drawn, told.problem.status, dict(told.headers)) if isinstance(drawn, str) else _led_on(drawn)

    def domain(error: DomainError) -> ResponseReturnValue:
        return tell(of_domain(error, problem_of(error)))

    def http(error: HTTPException) -> ResponseReturnValue:
        if isinstance(error, SecurityError):
            # The request names a host that is not ours: no address of a page can be made for it.
            return problem_response(of_http(error), base_url)
        # A redirect is raised as an exception too.
        if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
            return error.get_response()
        original = getattr(error, "original_exception", None)
        if isinstance(original, DomainError):
            return domain(original)
        return tell(_unexpected(original) if isinstance(error, InternalServerError) else of_http(error))

    app.register_error_handler(DomainError, domain)
    app.register_error_handler(HTTPException, http)


def _led_on(way: BaseResponse) -> BaseResponse:
    """Return where somebody is led: they were refused all the same, so what was half done must not be kept."""
    context: RequestContext | None = g.get("egide")
    if context is not None:
        context.roll_back()
    return way


def for_programs() -> bool:
    """Say whether a program reads the answer."""
    if request.path.startswith(_FOR_PROGRAMS):
        return True
    return request.accept_mimetypes.best_match(["text/html", MEDIA_TYPE, "application/json"]) not in {None, "text/html"}


def problem_response(told: Told, base_url: str) -> Response:
    """Return the problem document."""
    document: dict[str, object] = {
        "type": f"{base_url}/problems/{told.problem.slug}",
        "title": gettext(told.problem.title),
        "status": told.problem.status,
    }
    if told.detail:
        document["detail"] = told.detail
    document |= {name: value for name, value in told.members.items() if name not in document}
    response = current_app.response_class(
        orjson.dumps(document, default=str, option=orjson.OPT_NON_STR_KEYS), told.problem.status, mimetype=MEDIA_TYPE
    )
    response.headers.update(told.headers)
    return response


def of_domain(error: DomainError, problem: Problem) -> Told:
    """Return what is told of an error of the domain: its sentence in the reader's language, and its facts."""
    facts = {name: value for name, value in error.facts.items() if value is not None and name != "message"}
    wait = facts.get("retry_after_seconds")
    return Told(
        problem=problem,
        detail=sentence(error),
        members={name: _as_member(value) for name, value in facts.items()},
        headers={} if wait is None else {"Retry-After": str(wait)},
    )


def slug_of(error: type[DomainError]) -> str:
    """Return the slug of a class of errors."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", error.__name__.removesuffix("Error")).lower()


def sentence(error: DomainError) -> str:
    """Return an error's sentence in the reader's language."""
    return quoted(in_words(error.message, error.places, gettext), get_locale().language)


def spoken(words: Phrase) -> str:
    """Return a phrase in the reader's language."""
    return quoted(said(words, gettext), get_locale().language)


def of_http(error: HTTPException) -> Told:
    """Return what is told of an error of HTTP, or of a schema that refused the body."""
    if isinstance(error, CSRFError):
        return Told(problem=_EXPIRED_FORM)
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if isinstance(error, CrossSiteError):
        return Told(problem=_FROM_ANOTHER_SITE)
    if isinstance(error, SecondFactorMissing):
        return Told(problem=_SECOND_FACTOR)
    problem = HTTP_PROBLEMS.get(code) or Problem(status=code, slug=f"http-{code}", title=error.name)
    data: Mapping[str, Any] = getattr(error, "data", None) or {}
    errors = data.get("errors") or data.get("messages")
    headers = {name: value for name, value in error.get_headers() if name.lower() in _KEPT_HEADERS}
    if isinstance(error, RateLimitExceeded):
        # At the latest when the whole window has passed.
        headers["Retry-After"] = str(error.limit.limit.get_expiry())
    if code == HTTPStatus.UNAUTHORIZED:
        # RFC 9110, section 15.5.2: a 401 says how to come in.
        headers.setdefault("WWW-Authenticate", 'Bearer realm="egide"')
    return Told(problem=problem, members={"errors": errors} if errors else {}, headers=headers)


def _as_member(value: object) -> object:
    """Return a fact as the document holds it: what can say itself to programs does, its sentences translated."""
    if isinstance(value, tuple | list):
        return [_as_member(each) for each in value]
    as_json = getattr(value, "as_json", None)
    return value if as_json is None else as_json(spoken)


def log_unexpected(app: Flask, error: BaseException) -> None:
    """Write an unexpected error to the server's own log, under a reference that the answer names.

    Neither its message nor the lines of source are written: both may quote a value.
    """
    context: RequestContext | None = g.get("egide")
    g.egide_reference = None if context is None else str(context.ids.new())
    frames = traceback.extract_tb(error.__traceback__)
    app.logger.error(
        "unexpected %s in %s (%s %s, reference %s)",
        type(error).__name__,
        " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-_FRAMES:])),
        request.method,
        request.endpoint,
        g.egide_reference,
    )


def _out_of_reach(members: dict[str, Any]) -> Told:
    """Return what is told where the database does not answer; the page is drawn without asking it who looks."""
    context: RequestContext | None = g.get("egide")
    if context is not None:
        context.out_of_reach = True
    return Told(problem=HTTP_PROBLEMS[503], headers={"Retry-After": str(_TRY_AGAIN_SECONDS)}, members=members)


def _unexpected(error: BaseException | None) -> Told:
    reference = g.get("egide_reference")
    members = {} if reference is None else {"reference": reference}
    if is_out_of_reach(error):
        return _out_of_reach(members)
    return Told(problem=HTTP_PROBLEMS[500], members=members)
