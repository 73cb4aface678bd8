"""`egide keys`: the state of the keys, and their rotation."""

import sys

import click

from governance.cli.house import host, house, one_line
from governance.cli.output import as_json, as_table, progress
from governance.cli.words import tell
from governance.days import day_of
from governance.vault import rotation
from governance.vault.key_status import status


@click.group()
def keys() -> None:
    """Keys: epochs, their age, their rotation."""


@keys.command("status")
@click.option("--json", "json_wanted", is_flag=True)
@one_line
def keys_status(json_wanted: bool) -> None:
    """Show the epochs, how old they are, and by when the next rotation must begin."""
    with house() as wired, wired.read() as session:
        found = status(session, wired.keyring, wired.clock, wired.settings)
    epochs = [
        {
            "epoch": epoch.number,
            "state": epoch.state.value,
            "created_at": epoch.created_at,
            "destroyed_at": epoch.destroyed_at,
            "age_days": epoch.age_days,
            "subjects": epoch.subjects,
        }
        for epoch in found.epochs
    ]
    if json_wanted:
        as_json(
            {
                "epochs": epochs,
                "rotation_days": found.rotation_days,
                "rotate_by": found.rotate_by,
                "overdue": found.overdue,
                "lost": found.lost,
                "colocated": [list(pair) for pair in found.colocated],
            }
        )
        return
    as_table(epochs, ("epoch", "state", "created_at", "age_days", "subjects"), empty="")
    sentence = "Erased data is unreadable in every copy within {days} days; rotate by {moment}."
    click.echo(tell(sentence, days=found.rotation_days, moment=day_of(found.rotate_by).isoformat()))
    if found.overdue:
        click.echo(click.style(tell("Overdue: egide keys rotate"), fg="yellow"))
    for one, other in found.colocated:
        sentence = "{one} and {other} lie on the same disk: keep them apart on a real home."
        click.echo(click.style(tell(sentence, one=tell(one), other=tell(other)), fg="yellow"))


@keys.command("rotate")
@click.option("--abandon-altered", is_flag=True, help="End the epoch although rows that do not open are left in it.")
@one_line
def keys_rotate(abandon_altered: bool) -> None:
    """Wrap every subject key under a new epoch and destroy the old one; resumes where it was stopped."""
    with house() as wired:
        steps = rotation.run(wired.database, wired.keyring, wired.clock, actor=host(), abandon_altered=abandon_altered)
        with progress(tell("Rotating")) as report:
            done = next(steps)
            report(done.moved, done.total)
            for done in steps:
                report(done.moved, done.total)
    if done.stage is rotation.Stage.BLOCKED:
        sentence = (
            "Epoch {old} is kept: {altered} rows were altered and do not open. "
            "Restore them, or end it with egide keys rotate --abandon-altered."
        )
        click.echo(tell(sentence, old=done.old, altered=done.altered), err=True)
        sys.exit(1)
    click.echo(tell("Epoch {new} is current, epoch {old} is destroyed.", new=done.new, old=done.old))
