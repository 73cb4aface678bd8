"""`egide register`: the steps of an activity's life, for whoever takes them on the host; and its exchange."""

import click

from governance.cli.house import acting_for, house, one_line
from governance.cli.register_exchange import register_check, register_columns, register_export, register_import
from governance.cli.words import tell
from register.lifecycle import Opinion, Verb
from register.service.life.steps import Step, move_activity


@click.group()
def register() -> None:
    """The register of processing activities."""


for _command in (register_check, register_columns, register_export, register_import):
    register.add_command(_command)


@register.command("step")
@click.argument("activity")
@click.argument("verb", type=click.Choice([each.value for each in Verb]))
@click.option("--opinion", type=click.Choice([each.value for each in Opinion]), help="With advise.")
@click.option("--text", default="", help="The grounds of an opinion, or the reason for a decision.")
@click.option("--collected-for", metavar="REASON", default="", help="First submission: why data was collected for it.")
@click.option("--as", "email", metavar="EMAIL", required=True, help="Who takes it.")
@one_line
def register_step(activity: str, verb: str, opinion: str | None, text: str, collected_for: str, email: str) -> None:
    """Take the step VERB of the life of ACTIVITY, given by its slug: advise, activate, suspend..."""
    command = Step(
        activity=activity,
        verb=Verb(verb),
        opinion=None if opinion is None else Opinion(opinion),
        text=text.strip(),
        collected_for=collected_for,
    )
    with house() as wired:
        actor = acting_for(wired, email)
        with wired.write() as session:
            state = move_activity(session, wired.clock, wired.attestor, actor, command).state
    click.echo(tell("{activity}: {state}", activity=activity, state=tell(state.value)))
