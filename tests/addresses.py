"""Addresses compiled once for all applications of a run of tests, each of which would otherwise compile them again.

An application has hundreds of routes, and Werkzeug writes and compiles two functions for each, to make its address.
"""

from collections.abc import Callable
from typing import Any, Final

from flask import Flask
from werkzeug.routing import Rule

_COMPILED: Final[dict[object, Callable[..., tuple[str, str]]]] = {}


class SharingRule(Rule):
    """A rule that takes what another one of the same words has compiled."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        defaults: dict[str, Any] = dict(self.defaults or {})
        key = (
            tuple(self._trace),
            tuple(sorted((name, repr(value)) for name, value in defaults.items())),
            append_unknown,
        )
        if key not in _COMPILED:
            _COMPILED[key] = super()._compile_builder(append_unknown)
        return _COMPILED[key]


def share_addresses() -> None:
    """Let every application made from now on share what it compiles."""
    Flask.url_rule_class = SharingRule
