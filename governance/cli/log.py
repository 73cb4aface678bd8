"""`egide audit`: the log, checked, signed, searched, exported and proved.

Whoever looks at entries on the host stands in the log like everybody else, before anything is shown.
"""

import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from audit.bundle import Export, export_bundle
from audit.entries import Action, Outcome
from audit.live import LiveCheck, verify_live
from audit.looks import record_look
from audit.notes import TreeHead, split_note
from audit.packing import NotABundleError
from audit.proving import prove as prove_entry
from audit.search import Filters, FoundEntry, search
from audit.verify import Report, verify_bundle
from governance.cli.house import host, house, one_line
from governance.cli.log_check import checkpoint_in, home_verifier, print_report, refuse, verifier_in
from governance.cli.output import as_json, as_table, progress
from governance.cli.words import tell
from governance.identity.service import account_by_email
from governance.wiring import LEAF_SECRET, Wired

_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])
_EXISTING = click.Path(exists=True, path_type=Path)
_EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_COLUMNS = ("index", "at", "action", "outcome", "actor", "object", "purpose", "subjects")


@click.group()
def audit() -> None:
    """The log: verify it, sign it, search it, export it."""


@audit.command("verify")
@click.argument("bundle", required=False, type=_EXISTING)
@click.option("--against", type=_EXISTING_FILE, help="A checkpoint that somebody kept.")
@click.option("--key", "key", type=_EXISTING_FILE, help="The log's public key, as given to you.")
@click.option("--json", "json_wanted", is_flag=True)
@one_line
def audit_verify(bundle: Path | None, against: Path | None, key: Path | None, json_wanted: bool) -> None:
    """Check the log where it lies, or an exported BUNDLE with the public key only.

    Without --key a bundle is checked with the key of this home. Where there is none, it can only be found to agree with
    itself, and its key is shown to compare.

    Ends with 0 where the log is intact, 1 where it is not or nothing could be checked, 2 for wrong usage, 3 where a
    bundle agrees with itself and nobody vouches for its key.
    """
    kept = None if against is None else checkpoint_in(against)
    if bundle is None:
        if key is not None:
            raise click.UsageError(tell("--key is for a bundle: the log where it lies is checked with its anchor."))
        sys.exit(print_report(_check_log(kept), json_wanted))
    home_key = home_verifier() if key is None else None
    trusted = home_key if key is None else verifier_in(key)
    try:
        with progress(tell("Verifying")) as report:
            found = verify_bundle(bundle, trusted, kept, report)
    except NotABundleError:
        refuse("{file} is no bundle. Nothing was checked.", file=bundle)
    sys.exit(print_report(found, json_wanted, home_key))


def _check_log(kept: str | None) -> Report:
    with progress(tell("Verifying")) as report, house() as wired:
        check = LiveCheck(
            database=wired.database,
            anchor=wired.settings.anchor,
            leaf_key=wired.keyring.secret(LEAF_SECRET),
            against=kept,
        )
        return verify_live(check, report)


@audit.command("checkpoint")
@one_line
def audit_checkpoint() -> None:
    """Sign the log as it is now, and print the signed note."""
    with house() as wired:
        click.echo(wired.signer.checkpoint().note, nl=False)


@audit.command("prove")
@click.argument("entry")
@click.option("--out", type=click.Path(path_type=Path), required=True)
@one_line
def audit_prove(entry: str, out: Path) -> None:
    """Write the proof that ENTRY (its id or index) stands in the log of the last checkpoint."""
    with house() as wired:
        note = wired.signer.checkpoint().note
        with wired.read() as session:
            proof = prove_entry(session, note, _entry(entry))
        # The proof holds the entry: writing it out is a look at it.
        record_look(wired.log, host(), 1)
    out.write_text(proof, encoding="utf-8")
    click.echo(tell("The proof is in {file}.", file=out))


@audit.command("entries")
@click.option("--actor", "email", metavar="EMAIL")
@click.option("--action", type=click.Choice([each.value for each in Action]))
@click.option("--outcome", type=click.Choice([each.value for each in Outcome]))
@click.option("--object", "object_type", metavar="TYPE", help="A table, `grant`, `session`...")
@click.option("--purpose")
@click.option("--subject", type=int, help="A data subject's number.")
@click.option("--from", "since", type=_MOMENT)
@click.option("--to", "until", type=_MOMENT)
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--json", "json_wanted", is_flag=True)
@one_line
def audit_entries(email: str | None, limit: int, json_wanted: bool, **asked: Any) -> None:
    """List entries, newest first."""
    with house() as wired:
        with wired.read() as session:
            actor_id = None if email is None else account_by_email(session, email).id
            found = search(session, _filters(actor_id, asked), limit=limit)
        record_look(wired.log, host(), len(found), asked["subject"])
    if json_wanted:
        as_json([{"index": entry.index, **entry.said} for entry in found])
        return
    as_table([_row(entry) for entry in found], _COLUMNS, empty=tell("The log holds no such entry."))


@audit.command("export")
@click.option("--out", type=click.Path(path_type=Path), required=True)
@one_line
def audit_export(out: Path) -> None:
    """Write a bundle that anybody can check with the public key."""
    with house() as wired:
        size = TreeHead.parse(split_note(wired.signer.checkpoint().note)[0]).size
        record_look(wired.log, host(), size, action=Action.EXPORT)
        _export(wired, out)


def _export(wired: Wired, out: Path) -> None:
    with wired.read() as session, progress(tell("Exporting")) as report:
        done = export_bundle(session, Export(anchor=wired.settings.anchor, out=out), report)
    click.echo(
        tell("{count} entries in {file}. Check it with: egide audit verify {file}", count=done.entries, file=out)
    )


def _filters(actor_id: uuid.UUID | None, asked: dict[str, Any]) -> Filters:
    return Filters(
        actor_id=actor_id,
        action=None if asked["action"] is None else Action(asked["action"]),
        outcome=None if asked["outcome"] is None else Outcome(asked["outcome"]),
        object_type=asked["object_type"],
        purpose=asked["purpose"],
        subject=asked["subject"],
        since=_utc(asked["since"]),
        until=_utc(asked["until"]),
    )


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def _row(entry: FoundEntry) -> dict[str, object]:
    said = entry.said
    actor = said["actor"]
    return {
        "index": entry.index,
        "at": said["at"],
        "action": said["action"],
        "outcome": said["outcome"],
        "actor": actor.get("id") or actor.get("host_user") or actor["kind"],
        "object": " ".join(part for part in (said["object"]["type"], said["object"]["id"]) if part),
        "purpose": said["purpose"],
        "subjects": len(entry.subjects),
    }


def _entry(text: str) -> uuid.UUID | int:
    if text.isdigit():
        return int(text)
    try:
        return uuid.UUID(text)
    except ValueError:
        raise click.UsageError(tell("An entry is its index or its id.")) from None
