"""The root of the command line: it finds the command, and ends it in one line where it was used wrongly.

A group's module is loaded when one of its commands is asked for, and not before.
"""

import importlib
import sys
from typing import Any, Final, NoReturn

import click

from governance.cli.usage import usage_line
from governance.cli.words import tell

# Command, and where it is. A terminal should not wait for the web server's modules to read one row.
_COMMANDS: Final = {
    "init": "installation:init",
    "demo": "installation:demo",
    "serve": "installation:serve",
    "worker": "installation:worker",
    "status": "state:status",
    "user": "people:user",
    "token": "people:token",
    "second-factor": "second_factor:second_factor",
    "adopt": "mapping:adopt",
    "map": "mapping:map_",
    "import": "importing:import_",
    "read": "data:read",
    "explain": "data:explain",
    "register": "register:register",
    "inspection": "inspection:inspection",
    "grant": "grants:grant",
    "access": "access:access",
    "audit": "log:audit",
    "keys": "keys:keys",
    "policies": "policies:policies",
    "rules": "prospecting:rules",
    "consent": "consents:consent",
}


class _Lazy(click.Group):
    """A group that imports a command when it is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command: click.Command = getattr(importlib.import_module(f"governance.cli.{module}"), name)
        return command

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run a command, and exit: 0 done, 1 refused or failed, 2 wrong usage."""
        try:
            status = super().main(*args, **{**extra, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as asked:
            asked.show()
            sys.exit(asked.exit_code)
        except click.UsageError as error:
            click.echo(usage_line(error), err=True)
            sys.exit(error.exit_code)
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except click.Abort:
            click.echo(tell("Stopped."), err=True)
            sys.exit(1)
        sys.exit(status)


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="egide", prog_name="egide")
def main() -> None:
    """Égide: every read of a customer's personal data passes one audited gate, compiled from the register."""
