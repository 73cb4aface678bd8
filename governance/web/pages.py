"""What every page is made of: templates, Bootstrap from our own host, static files with hashes, the header's facts."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, current_app, has_request_context, render_template, request, url_for
from flask_babel import gettext
from flask_bootstrap import Bootstrap5
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from governance.actor import ROLE_LABELS
from governance.charts import bars_of, line_of
from governance.web.headers import STATIC_ENDPOINTS
from governance.web.navigation import doors_of, places_of
from governance.web.onward import here, this_page, way_back
from governance.web.problems import Told
from governance.web.signed_in import visitor

_PACKAGE: Final = Path(__file__).resolve().parent.parent
STATIC: Final = Path(__file__).resolve().parent / "static"
_LONG: Final = timedelta(days=365)
_HASH_CHARACTERS: Final = 12
# Of a route above this floor: an application without it has no link to it.
_DOCUMENTATION: Final = "api_docs.show"


def templates_folder() -> Path:
    """Return where the templates lie: beside the package in a checkout, inside it once installed."""
    beside = _PACKAGE.parent / "templates"
    return beside if (beside / "base.html").exists() else _PACKAGE / "templates"


def init_app(app: Flask, *, demonstration: bool) -> None:
    """Give templates what the layout needs.

    Args:
        app: The application.
        demonstration: The data are fictional, and every page says so.
    """
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    Bootstrap5(app)
    app.jinja_env.globals["csrf_field"] = _csrf_field
    app.jinja_env.globals["role_labels"] = ROLE_LABELS
    app.jinja_env.globals["demonstration"] = demonstration
    app.jinja_env.globals["this_page"] = this_page
    app.jinja_env.filters["translated"] = gettext
    app.jinja_env.filters["line_of"] = line_of
    app.jinja_env.filters["bars_of"] = bars_of
    app.jinja_env.filters["course_in_words"] = _course_in_words
    app.context_processor(_of_this_request)
    app.url_defaults(_add_hash)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = None

    def cache_hashed(response: Any) -> Any:
        # A file under its hash never changes; under another name the browser asks each time.
        if request.endpoint in STATIC_ENDPOINTS and "v" in request.args and response.status_code < 400:  # noqa: PLR2004
            response.cache_control.public = True
            response.cache_control.no_cache = None
            response.cache_control.max_age = int(_LONG.total_seconds())
            response.cache_control.immutable = True
        return response

    app.after_request(cache_hashed)


def problem_page(told: Told) -> str:
    """Draw a problem for people: what happened, and the next step."""
    return render_template("errors/problem.html", told=told, here=here(), back=way_back())


def _csrf_field() -> Markup:
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def _course_in_words(values: Sequence[int]) -> str:
    """Return what a drawing of a course shows, for whoever does not see it."""
    if not any(values):
        return str(gettext("nothing in this time"))
    told = {"last": values[-1], "highest": max(values), "total": sum(values)}
    return str(gettext("%(total)s in all, %(highest)s on the busiest day, %(last)s today", **told))


def _of_this_request() -> dict[str, object]:
    # Mail and documents are drawn outside any request.
    if not has_request_context():
        return {"admission": None, "places": [], "documentation": None}
    admission = visitor()
    documented = _DOCUMENTATION in current_app.view_functions
    return {
        "admission": admission,
        "places": [] if admission is None else doors_of(places_of(current_app, admission.actor), url_for, request.path),
        "documentation": url_for(_DOCUMENTATION) if documented else None,
    }


def _add_hash(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint not in STATIC_ENDPOINTS or "filename" not in values or "v" in values:
        return
    folder = current_app.static_folder if endpoint == "static" else current_app.blueprints["bootstrap"].static_folder
    hashed = _hash(Path(str(folder)) / str(values["filename"]))
    if hashed is not None:
        values["v"] = hashed


@cache
def _hash(path: Path) -> str | None:
    if not path.is_file():
        return None
    return hashlib.sha256(path.read_bytes()).hexdigest()[:_HASH_CHARACTERS]
