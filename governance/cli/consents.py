"""`egide consent`: a person's consents, recorded, withdrawn, looked up and proved; and receipts checked."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import click

from consent.identifiers import Identifier, IdentifierKind
from consent.labels import STATE_LABELS
from consent.receipts.issuing import issue
from consent.receipts.pages import draw_proof
from consent.receipts.proving import prove_consent
from consent.receipts.schemas import open_receipt
from consent.receipts.values import Proof, ReceiptFormat
from consent.service import ConsentRecord, RecordEvent, Withdraw, consent_status, record_consent, withdraw_consent
from consent.states import EventKind, Method
from consent.values import MOST_PEOPLE, ConsentRef
from governance.actor import Actor
from governance.cli.house import acting_for, house, one_line
from governance.cli.log_check import verifier_in
from governance.cli.output import as_json, as_table
from governance.cli.words import tell
from governance.identity.service import names_of_actors
from governance.vocabulary import Channel
from governance.web.offstage import Studio
from governance.wiring import Wired
from register.pages.wording import FILTERS
from register.values import NoticeRef

_AS: Final = click.option("--as", "email", metavar="EMAIL", required=True, help="Who records or looks.")
_PURPOSE: Final = click.option("--purpose", metavar="SLUG", required=True)
_CHANNELS: Final = click.Choice([each.value for each in Channel])
_METHODS: Final = click.Choice([each.value for each in Method])
_SUBJECT: Final = click.argument("subject")
# What a person says; the rest the house says itself.
_SAID: Final = (EventKind.REQUESTED, EventKind.GIVEN, EventKind.REFUSED, EventKind.RENEWED)
_COLUMNS: Final = ("purpose", "channel", "state", "holds", "until", "events")


@click.group("consent")
def consent() -> None:
    """What people agreed to, and did not.

    SUBJECT is a person's number, or an e-mail address or telephone number of one person on file; "-" reads it from
    standard input, so that it stays out of the terminal's history.
    """


@consent.command("record")
@_SUBJECT
@_PURPOSE
@click.option("--channel", type=_CHANNELS, required=True)
@click.option("--kind", type=click.Choice([each.value for each in _SAID]), default=EventKind.GIVEN.value)
@click.option("--method", type=_METHODS, required=True, help="By what means.")
@click.option("--notice", metavar="SLUG/VERSION/LANGUAGE", help="The text that the person was shown.")
@click.option("--source", metavar="NAME", help="The form or system that it comes from.")
@_AS
@one_line
def record(
    subject: str, purpose: str, channel: str, kind: str, method: str, notice: str | None, source: str | None, email: str
) -> None:
    """Record what SUBJECT said."""
    with house() as wired:
        actor = acting_for(wired, email)
        command = RecordEvent(
            subject_id=_number(wired, subject),
            purpose=purpose,
            channel=Channel(channel),
            kind=EventKind(kind),
            method=Method(method),
            notice=None if notice is None else _notice(notice),
            source=source,
        )
        with wired.write() as session:
            _tell([record_consent(session, wired.consents, actor, command)])


@consent.command("withdraw")
@_SUBJECT
@_PURPOSE
@click.option("--channel", type=_CHANNELS, help="Only on this one; on every one where it is not given.")
@click.option("--method", type=_METHODS, default=Method.ORAL.value, help="By what means they said it.")
@_AS
@one_line
def withdraw(subject: str, purpose: str, channel: str | None, method: str, email: str) -> None:
    """Withdraw what SUBJECT agreed to; it counts from that moment. Twice is once."""
    with house() as wired:
        actor = acting_for(wired, email)
        command = Withdraw(
            subject_id=_number(wired, subject),
            purpose=purpose,
            channel=None if channel is None else Channel(channel),
            method=Method(method),
        )
        with wired.write() as session:
            _tell(withdraw_consent(session, wired.consents, actor, command))


@consent.command("status")
@_SUBJECT
@click.option("--json", "json_wanted", is_flag=True)
@_AS
@one_line
def status(subject: str, json_wanted: bool, email: str) -> None:
    """List what SUBJECT agreed to, and did not."""
    with house() as wired:
        found = _consents(wired, acting_for(wired, email), _number(wired, subject))
    if json_wanted:
        as_json([_row(each) for each in found])
    else:
        _tell(found)


@consent.command("receipt")
@_SUBJECT
@click.option("--format", "form", type=click.Choice([each.value for each in ReceiptFormat]), required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--purpose", metavar="SLUG", help="Only for this one.")
@_AS
@one_line
def receipt(subject: str, form: str, out: Path, purpose: str | None, email: str) -> None:
    """Write the proof of what SUBJECT agreed to: a file for each consent.

    PDF is for people; JSON-LD (ISO/IEC TS 27560, DPV 2.3) and Kantara 1.1 are compact JWS that the log's key signed.
    """
    with house() as wired:
        actor = acting_for(wired, email)
        found = _consents(wired, actor, _number(wired, subject))
        refs = [each.ref for each in found if purpose in {None, each.ref.purpose}]
        if not refs:
            click.echo(tell("Nothing is recorded of this person."))
            return
        for ref in refs:
            file = out if len(refs) == 1 else out.with_stem(f"{out.stem}-{ref.purpose}-{ref.channel.value}")
            _keep(file, _written(wired, actor, ref, ReceiptFormat(form)))
            click.echo(tell("The proof is in {file}.", file=file))


@consent.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The log's public key, as given to you.",
)
@one_line
def check(file: Path, key: Path) -> None:
    """Check the receipt in FILE with the public key alone, and print what it says. Needs no house."""
    as_json(open_receipt(file.read_text(encoding="utf-8", errors="replace"), verifier_in(key)).content)


def _consents(wired: Wired, actor: Actor, subject_id: int) -> Sequence[ConsentRecord]:
    with wired.read() as session:
        return consent_status(session, wired.consents, wired.log, actor, subject_id)


def _written(wired: Wired, actor: Actor, ref: ConsentRef, form: ReceiptFormat) -> bytes:
    with wired.read() as session:
        proof = prove_consent(session, wired.proofs, actor, ref)
        if form is not ReceiptFormat.PDF:
            return f"{issue(wired.signer, proof, form)}\n".encode()
        operators = {each.event.operator_id for each in proof.events if each.event.operator_id is not None}
        html = _drawn(wired, proof, names_of_actors(session, operators))
    return wired.printer.print(html)


def _drawn(wired: Wired, proof: Proof, names: Mapping[UUID, str]) -> str:
    with Studio(FILTERS, demonstration=wired.demonstration).speaking(wired.settings.locale):
        return draw_proof(proof, names)


def _number(wired: Wired, subject: str) -> int:
    """Return whom somebody means.

    Raises:
        UsageError: If nobody on file is known by it, or several are.
        LookupValueError: If it is neither a number nor an address nor a telephone number.
    """
    written = sys.stdin.readline().strip() if subject == "-" else subject
    if written.isascii() and written.isdecimal() and 1 <= int(written) <= MOST_PEOPLE and not written.startswith("0"):
        return int(written)
    kind = IdentifierKind.EMAIL if "@" in written else IdentifierKind.PHONE
    with wired.read() as session:
        found = wired.consents.identifiers.holders(session, {Identifier.of(kind, written)})
    if len(found) != 1:
        raise click.UsageError(tell("Nobody on file is known by that, or several people are: give a number."))
    return found.pop()


def _notice(written: str) -> NoticeRef:
    slug, _, rest = written.partition("/")
    version, _, language = rest.partition("/")
    if not version.isascii() or not version.isdecimal():
        raise click.BadParameter(tell("Name it as slug/version/language, welcome/2/fr for instance."))
    return NoticeRef(slug=slug, version=int(version), language=language or "fr")


def _tell(records: Sequence[ConsentRecord]) -> None:
    rows = [_row(each) for each in records]
    for row, each in zip(rows, records, strict=True):
        row["state"] = None if each.state is None else tell(STATE_LABELS[each.state])
    as_table(rows, _COLUMNS, empty=tell("Nothing is recorded of this person."))


def _row(record: ConsentRecord) -> dict[str, Any]:
    return {
        "purpose": record.ref.purpose,
        "channel": record.ref.channel.value,
        "state": None if record.state is None else record.state.value,
        "holds": record.holds,
        "until": record.expires_at,
        "events": record.sequence,
    }


def _keep(file: Path, made: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        target.write(made)
