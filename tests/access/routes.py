"""Addresses of routes: of something that is not there."""

from typing import Final

from werkzeug.routing import Rule

_EXAMPLES: Final[dict[str, object]] = {
    "UUIDConverter": "00000000-0000-7000-8000-000000000001",
    "StorableInteger": 1,
    "IntegerConverter": 1,
}


def path_of(rule: Rule, **parts: str) -> str:
    """Return an address that leads to a route, whose parts name nothing that is there, but for those given.

    Of words to choose from it takes the last, whatever the order of the set: of the steps of an activity one that is
    not grave.
    """
    values: dict[str, object] = {
        name: max(getattr(converter, "items", ()), default=_EXAMPLES.get(type(converter).__name__, "x"))
        for name, converter in rule._converters.items()  # noqa: SLF001 -- werkzeug tells nobody else
    }
    built = rule.build({**values, **parts}, append_unknown=False)
    assert built is not None
    return built[1]
