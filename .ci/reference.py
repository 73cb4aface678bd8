"""Write the pages of docs/reference from the program itself; `--check` only says whether they are up to date."""

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import click
from flask import Flask

from consent.propagation.values import DELIVERY_TRANSITIONS, SUBSCRIBER_TRANSITIONS
from consent.states import TRANSITIONS as CONSENT_TRANSITIONS
from governance.actor import SYSTEM, Role
from governance.app import create_app
from governance.cli.main import main as egide
from governance.customers.importing.models import TRANSITIONS as IMPORT_TRANSITIONS
from governance.founding import found
from governance.jobs.models import TRANSITIONS as JOB_TRANSITIONS
from governance.problems import PROBLEMS
from governance.settings import SETTINGS, SOURCE_PREFIX, load_settings
from governance.vault.models import SUBJECT_TRANSITIONS
from governance.vault.ring import EPOCH_TRANSITIONS
from governance.web.access import access_of
from governance.web.problems import HTTP_PROBLEMS
from governance.wiring import wire
from register.lifecycle import TRANSITIONS as ACTIVITY_TRANSITIONS

_FOLDER: Final = Path(__file__).parents[1] / "docs" / "reference"
_NOTE: Final = "<!-- Written by `make docs` from the program; edit the program. -->"
_WIDTH: Final = 100

# (from, what happens, to); None is what is not there yet.
Edge = tuple[object, str, object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = []
    for name, write in _PAGES.items():
        path = _FOLDER / f"{name}.md"
        text = "\n".join(write()).rstrip() + "\n"
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path.name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"docs/reference: {', '.join(stale)}", "out of date: run make docs" if check else "written")
    sys.exit(bool(check and stale))


def _settings() -> Iterator[str]:
    yield from ("# Settings", "", _NOTE, "")
    yield "In the environment, or in `$EGIDE_HOME/egide.env` as lines `NAME=value`; the environment wins."
    yield "An unknown or malformed setting stops the start."
    yield from ("", "| setting | what |", "|---|---|")
    for name, meaning in SETTINGS.items():
        yield f"| `{name}` | {meaning} |"
    yield f"| `{SOURCE_PREFIX}NAME` | Address of the adopted database `name`; wins over its data map. |"


def _problems() -> Iterator[str]:
    yield from ("# Problems", "", _NOTE, "")
    yield "Every error of the API is an `application/problem+json` document (RFC 9457). Its `type` ends in the slug."
    raised: dict[tuple[int, str, str], list[type]] = defaultdict(list)
    for problem in HTTP_PROBLEMS.values():
        raised[problem.status, problem.slug, problem.title] = []
    for error, problem in PROBLEMS.items():
        raised[problem.status, problem.slug, problem.title].append(error)
    yield from ("", "| slug | status | title | raised for |", "|---|---|---|---|")
    for (status, slug, title), errors in sorted(raised.items()):
        meanings = "<br>".join(sorted({_first_line(error) for error in errors}))
        yield f"| `{slug}` | {status} | {title} | {meanings} |"


def _routes() -> Iterator[str]:
    yield from ("# Routes", "", _NOTE, "")
    yield "Whom a route is open to, for each method. What a route shows of a customer is the gate's business."
    yield from ("", "| method | path | open to | what |", "|---|---|---|---|")
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings({"EGIDE_HOME": home})
        found(settings, SYSTEM)
        wired = wire(settings)
        try:
            yield from _rows_of_routes(create_app(wired))
        finally:
            wired.close()


def _rows_of_routes(app: Flask) -> Iterator[str]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            view: Any = app.view_functions[rule.endpoint]
            handler = getattr(getattr(view, "view_class", None), method.lower(), view)
            who = _who(access_of(app, rule.endpoint, method))
            yield f"| {method} | `{rule.rule}` | {who} | {_first_line(handler)} |"


def _who(declared: frozenset[Role] | None) -> str:
    if declared is None:
        return "anyone"
    if declared == frozenset(Role):
        return "everyone signed in"
    return ", ".join(role for role in Role if role in declared) or "nobody"


def _command_line() -> Iterator[str]:
    yield from ("# Command line", "", _NOTE, "")
    yield "Exit status: 0 done, 1 refused or failed, 2 wrong usage."
    root = click.Context(egide, info_name="egide", max_content_width=_WIDTH, terminal_width=_WIDTH)
    for context in _commands(root):
        yield from ("", f"## `{context.command_path}`", "", "```text", context.get_help(), "```")


def _commands(context: click.Context) -> Iterator[click.Context]:
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            if command is not None:
                yield from _commands(click.Context(command, parent=context, info_name=name))


def _states() -> Iterator[str]:
    yield from ("# States", "", _NOTE, "")
    yield "Each diagram is drawn from the table that the program obeys; a step that is not here is refused."
    for title, edges in _MACHINES.items():
        yield from ("", f"## {title}", "", "```mermaid", "stateDiagram-v2")
        steps = list(dict.fromkeys(edges()))
        for state in dict.fromkeys(state for source, _, target in steps for state in (source, target)):
            if state is not None:
                yield f'    state "{state}" as {_identifier(state)}'
        for source, verb, target in steps:
            yield f"    {_identifier(source)} --> {_identifier(target)}" + (f": {verb}" if verb else "")
        yield "```"


def _identifier(state: object) -> str:
    return "[*]" if state is None else str(state).replace("-", "_")


def _of_pairs(table: Mapping[tuple[Any, Any], Any]) -> Callable[[], Iterable[Edge]]:
    return lambda: [(source, str(verb), target) for (source, verb), target in table.items()]


_MACHINES: Final[Mapping[str, Callable[[], Iterable[Edge]]]] = {
    "A processing activity": lambda: [(step.source, str(step.verb), step.target) for step in ACTIVITY_TRANSITIONS],
    "A consent": _of_pairs(CONSENT_TRANSITIONS),
    "A subscriber to changes of consents": _of_pairs(SUBSCRIBER_TRANSITIONS),
    "A change on its way to a subscriber": _of_pairs(DELIVERY_TRANSITIONS),
    "A data subject": _of_pairs(SUBJECT_TRANSITIONS),
    "An epoch of keys": lambda: [(source, "", to) for source, targets in EPOCH_TRANSITIONS.items() for to in targets],
    "An import": _of_pairs(IMPORT_TRANSITIONS),
    "A job": lambda: [(source, str(verb), target) for verb, (source, target) in JOB_TRANSITIONS.items()],
}


def _first_line(documented: object) -> str:
    return (getattr(documented, "__doc__", None) or "").strip().partition("\n")[0].replace("|", "\\|")


_PAGES: Final[Mapping[str, Callable[[], Iterator[str]]]] = {
    "command-line": _command_line,
    "problems": _problems,
    "routes": _routes,
    "settings": _settings,
    "states": _states,
}


if __name__ == "__main__":
    main()
