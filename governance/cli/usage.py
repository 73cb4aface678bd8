"""Wrong usage, told in one line: what is wrong, and where to read on. What was typed is not repeated."""

from typing import Any

import click

from governance.cli.words import tell
from governance.errors import mark


def usage_line(error: click.UsageError) -> str:
    """Return the one line for an error of usage."""
    command = "egide" if error.ctx is None else error.ctx.command_path
    return tell("{what} See: {command} --help", what=_what(error), command=command)


def _what(error: click.UsageError) -> str:
    match error:
        case click.MissingParameter():
            return tell("{name} is missing.", name=_name(error))
        case click.BadParameter():
            return _misfit(error)
        case click.NoSuchOption():
            return tell("There is no option {name}.", name=error.option_name)
        case click.BadOptionUsage():
            return tell("{name} takes a value.", name=error.option_name)
        case click.exceptions.NoSuchCommand():
            return tell("There is no command {name}.", name=error.command_name)
        case _:
            return error.format_message()


def _misfit(error: click.BadParameter) -> str:
    facts: dict[str, object]
    match None if error.param is None else error.param.type:
        case click.Choice() as choice:
            facts = {"choices": ", ".join(map(str, choice.choices))}
            return tell("{name} takes one of: {choices}.", name=_name(error), **facts)
        case click.IntRange() as numbers:
            return _out_of_range(_name(error), numbers)
        case kind:
            sentence = _EXPECTED.get(type(kind))
            return error.format_message() if sentence is None else tell(sentence, name=_name(error))


_EXPECTED = {
    click.Path: mark("{name}: no such file, or not one that can be read."),
    type(click.UUID): mark("{name} takes an identifier (UUID)."),
    click.DateTime: mark("{name} takes a date such as 2026-01-31."),
    type(click.INT): mark("{name} takes a whole number."),
}


def _out_of_range(name: str, numbers: Any) -> str:
    if numbers.max is None:
        return tell("{name} takes a whole number of {least} or more.", name=name, least=numbers.min)
    return tell("{name} takes a whole number from {least} to {most}.", name=name, least=numbers.min, most=numbers.max)


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return str(error.param_hint or "")
    # `--where`, or `TABLE` for an argument, whose name is written small in the program.
    options = [each for each in error.param.opts if each.startswith("-")]
    return max(options, key=len) if options else str(error.param.name).upper()
