"""What a form says when the service refuses what it sent."""

from collections.abc import Mapping

from flask_wtf import FlaskForm

from governance.oversight.errors import OversightError
from governance.web.problems import sentence

# Which field a refusal is about.
Places = Mapping[type[OversightError], str]


def told(form: FlaskForm, error: OversightError, places: Places) -> str | None:
    """Put a refusal beside the field that it is about; return it where it is about none, to be told above the form."""
    field = places.get(type(error))
    if field is None:
        return sentence(error)
    form[field].errors = [sentence(error)]
    return None
