"""What the tables of problems are made of."""

from collections.abc import Mapping
from http import HTTPStatus

from governance.errors import DomainError

# Which errors of a room are told by which status.
Rows = Mapping[HTTPStatus, tuple[type[DomainError], ...]]
