"""What the columns of the command line's tables are called; marked for translation."""

from collections.abc import Mapping
from typing import Final

from governance.cli.words import tell
from governance.errors import mark

# By the name that the column has in JSON. The others are called by their name, its underscores left out.
_HEADINGS: Final[Mapping[str, str]] = {
    "account": mark("account"),
    "accepted": mark("accepted"),
    "action": mark("action"),
    "actor": mark("actor"),
    "age_days": mark("age in days"),
    "at": mark("at"),
    "because": mark("because"),
    "begun_at": mark("begun at"),
    "categories": mark("categories"),
    "category": mark("category"),
    "code": mark("code"),
    "colocated": mark("on one disk"),
    "column": mark("column"),
    "created_at": mark("created at"),
    "data_subjects": mark("data subjects"),
    "database": mark("database"),
    "dead_jobs": mark("jobs given up"),
    "demonstration": mark("demonstration"),
    "disabled": mark("disabled"),
    "duplicates": mark("duplicates"),
    "epoch": mark("epoch"),
    "expires": mark("expires"),
    "field": mark("field"),
    "file": mark("file"),
    "finding": mark("finding"),
    "form": mark("form"),
    "header": mark("header"),
    "home": mark("home"),
    "in_force": mark("in force"),
    "index": mark("index"),
    "key_epoch": mark("epoch of keys"),
    "kind": mark("kind"),
    "kinds": mark("kinds"),
    "line": mark("line"),
    "log_entries": mark("log entries"),
    "log_refused": mark("log refused"),
    "log_signed": mark("log entries signed"),
    "meaning": mark("meaning"),
    "name": mark("name"),
    "now": mark("now"),
    "object": mark("object"),
    "opinion": mark("opinion"),
    "origin": mark("origin of the log"),
    "outcome": mark("outcome"),
    "password": mark("password"),
    "purpose": mark("purpose"),
    "refused": mark("refused"),
    "refused_at": mark("refused at"),
    "refused_by": mark("refused by"),
    "revision": mark("revision of the tables"),
    "role": mark("role"),
    "roles": mark("roles"),
    "rotate_by": mark("rotate by"),
    "row": mark("row"),
    "rows": mark("rows"),
    "severity": mark("severity"),
    "source": mark("source"),
    "state": mark("state"),
    "subjects": mark("subjects"),
    "table": mark("table"),
    "then": mark("then"),
    "until": mark("until"),
    "valid_to": mark("valid to"),
    "waiting": mark("waiting"),
    "what": mark("what"),
    "who": mark("who"),
}


def heading(column: str) -> str:
    """Return what a column is called, in the language of the settings."""
    return tell(_HEADINGS[column]) if column in _HEADINGS else column.replace("_", " ")
