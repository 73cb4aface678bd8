"""What the templates of the plan and of the file ask: amounts, ends of days, and the rooms beside each other."""

from typing import Final

from flask import Blueprint
from flask_babel import format_currency, get_locale

from governance.days import last_moment_of
from governance.errors import mark
from governance.oversight.pages.entrance import address_of

# The rooms of the plan and of the file, in the order in which their pages name them.
_ROOMS: Final = (
    ("oversight.plan", mark("Actions")),
    ("oversight.library", mark("Library of evidence")),
    ("oversight.trainings", mark("Training")),
    ("oversight.officer", mark("The officer")),
    ("oversight.letters", mark("Letters of authorities")),
    ("oversight.maturity", mark("Maturity")),
    ("oversight.inspection", mark("File for an inspection")),
)


def add_filters(blueprint: Blueprint) -> None:
    """Give the templates these functions."""
    blueprint.add_app_template_filter(euros)
    blueprint.add_app_template_filter(last_moment_of, "end_of_day")
    blueprint.add_app_template_global(file_doors)


def euros(amount: int) -> str:
    """Return a whole number of euros as the reader's language writes it."""
    pattern = get_locale().currency_formats["standard"].pattern
    written: str = format_currency(amount, "EUR", format=pattern.replace(".00", ""), currency_digits=False)
    return written


def file_doors() -> list[tuple[str, str, str]]:
    """Return the rooms that whoever looks may enter: endpoint, label, address."""
    found = ((endpoint, label, address_of(endpoint)) for endpoint, label in _ROOMS)
    return [(endpoint, label, url) for endpoint, label, url in found if url is not None]
