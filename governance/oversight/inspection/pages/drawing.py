"""Documents of a file for an inspection, drawn as HTML. Needs an application whose language is chosen, no request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import get_locale, gettext

from governance.oversight.inspection.sheets import Block
from governance.web.clockface import day


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """What every page of a file bears: whose it is, which file, from when."""

    house: str
    reference: str
    at: datetime

    def cote(self, piece: int) -> str:
        """Return what the pages of a piece bear, in the language that is spoken."""
        return str(gettext("File %(reference)s · piece %(number)s", reference=self.reference, number=piece))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One document: its title, the provision behind it, and what it says."""

    title: str
    article: str
    lede: str
    blocks: Sequence[Block]


def draw_sheet(sheet: Sheet, bearing: Bearing, piece: int) -> str:
    """Return a document of the file."""
    return render_template("documents/inspection/sheet.html", sheet=sheet, **frame(bearing, piece, sheet.title))


def frame(bearing: Bearing, piece: int, title: str) -> dict[str, Any]:
    """Return what every document of the file needs."""
    return {
        "title": title,
        "kind": gettext("File for the supervisory authority"),
        "language": get_locale().language,
        "house": bearing.house,
        "at": bearing.at,
        "foot": f"{bearing.cote(piece)} · {gettext('As it stands on %(day)s', day=day(bearing.at))}",
    }
