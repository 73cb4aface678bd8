"""flask-smorest, told to answer as the rest of the house does: problem documents, and one error handler for all."""

from collections import deque
from threading import RLock
from typing import Final

import apispec
import flask_smorest
import marshmallow as ma
from flask import Flask

from governance.web.bodies import StrictParser
from governance.web.problems import MEDIA_TYPE


class ProblemSchema(ma.Schema):
    """A problem document (RFC 9457), for the description of the API."""

    class Meta:
        unknown = ma.INCLUDE

    type = ma.fields.Url(required=True, require_tld=False)
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True, strict=True)
    detail = ma.fields.String()
    errors = ma.fields.Dict(metadata={"description": "What is wrong with each field, where a body was refused."})
    reasons = ma.fields.List(
        ma.fields.Dict(), metadata={"description": "The rules that failed, where a read was refused."}
    )


class Blueprint(flask_smorest.Blueprint):
    """A room's routes under `/api/v1`, whose requests are read strictly."""

    ARGUMENTS_PARSER = StrictParser()


class Api(flask_smorest.Api):
    """The REST interface's description, without an error handler of its own.

    The library's handler would drop `Allow` from a 405 and answer in a format of its own. The routes are described when
    somebody first asks what they are like: it takes half the time of a start, and most processes are never asked.
    """

    ERROR_SCHEMA = ProblemSchema

    def __init__(self, app: Flask) -> None:
        """Put the description's own route in place."""
        self._undescribed: Final[deque[Blueprint]] = deque()
        self._describing: Final = RLock()
        super().__init__(app)

    def register_blueprint(self, blueprint: Blueprint) -> None:
        """Put a room's routes in place."""
        self._app.register_blueprint(blueprint)
        self._undescribed.append(blueprint)

    @property
    def spec(self) -> apispec.APISpec:
        """The description of all routes."""
        with self._describing:
            while self._undescribed:
                blueprint = self._undescribed[0]
                blueprint.register_views_in_doc(self, self._app, self._spec, name=blueprint.name, parameters=None)
                self._spec.tag({"name": blueprint.name, "description": blueprint.description})
                self._undescribed.popleft()
            return self._spec

    @spec.setter
    def spec(self, spec: apispec.APISpec) -> None:
        self._spec = spec

    def _register_error_handlers(self) -> None:
        """Leave errors to `governance.web.problems`."""

    def _register_responses(self) -> None:
        # The description follows the content type of successes; errors have their own.
        usual: str = flask_smorest.Api.DEFAULT_RESPONSE_CONTENT_TYPE
        self.DEFAULT_RESPONSE_CONTENT_TYPE = MEDIA_TYPE
        try:
            super()._register_responses()
        finally:
            self.DEFAULT_RESPONSE_CONTENT_TYPE = usual
