"""The icon of the house, where browsers look for it that show something other than one of its pages."""

from typing import Final

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from governance.actor import open_to_anyone

blueprint: Final = Blueprint("icon", __name__)


@blueprint.get("/favicon.ico")
@open_to_anyone
def icon() -> ResponseReturnValue:
    """Lead to the icon."""
    return redirect(url_for("static", filename="egide.svg"), code=301)
