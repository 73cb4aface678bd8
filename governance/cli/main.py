"""The root of the command line."""

import click

from governance.cli.data import explain, read
from governance.cli.grants import grant
from governance.cli.importing import import_
from governance.cli.installation import demo, init, serve, status, worker
from governance.cli.keys import keys
from governance.cli.log import audit
from governance.cli.mapping import adopt, map_
from governance.cli.people import token, user


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="egide", prog_name="egide")
def main() -> None:
    """Égide: every read of a customer's personal data passes one audited gate, compiled from the register."""


for command in (
    init, demo, serve, worker, status, user, token, adopt, map_, import_, read, explain, grant, audit, keys
):  # fmt: skip
    main.add_command(command)
