"""What `egide audit verify` is given, and how it says what it found."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from audit.anchor import VERIFIER_KEY, Anchor
from audit.findings import finding_in_words
from audit.notes import NoteError, TreeHead, VerifierKey, split_note
from audit.verify import Report
from governance.cli.output import as_json
from governance.cli.words import tell, translated
from governance.settings import load_settings


def refuse(sentence: str, **facts: object) -> NoReturn:
    """End the command with one line: nothing was checked, which is no alarm."""
    click.echo(tell(sentence, **facts), err=True)
    sys.exit(1)


def checkpoint_in(path: Path) -> str:
    """Return the signed note in a file; whether it is this log's is for the check to say."""
    sentence = "{file} is no checkpoint: {reason}."
    note = _text(path, sentence)
    try:
        TreeHead.parse(split_note(note)[0])
    except NoteError as error:
        refuse(sentence, file=path, reason=error)
    return note


def verifier_in(path: Path) -> VerifierKey:
    """Return the public key in a file."""
    sentence = (
        "{file} is no public key of a log that is read here. Give the file verifier-key (verifier-key.txt in the file "
        "for an inspection), not the one in PEM."
    )
    try:
        return VerifierKey.parse(_text(path, sentence))
    except NoteError:
        refuse(sentence, file=path)


def home_verifier() -> VerifierKey | None:
    """Return the public key of this home's log, where there is a home.

    Raises:
        AnchorUnusableError: If there is one and its key cannot be read.
    """
    anchor = load_settings().anchor
    return Anchor(anchor).verifier if (anchor / VERIFIER_KEY).exists() else None


def print_report(report: Report, json_wanted: bool, home_key: VerifierKey | None = None) -> int:
    """Say what a check found, and return the exit status that says the same."""
    if json_wanted:
        _print_json(report)
    else:
        _print_sentences(report, home_key)
    return report.status


def _print_json(report: Report) -> None:
    key = report.untrusted_key
    as_json(
        {
            "intact": report.intact,
            "consistent": report.consistent,
            "complete": report.complete,
            "untrusted_key": None if key is None else str(key),
            "size": report.size,
            "entries": report.entries,
            "absent": report.absent,
            "signed": report.signed,
            "found": report.found,
            "findings": [
                {"index": finding.index, "part": finding.part, "what": finding.what} for finding in report.findings
            ],
        }
    )


def _print_sentences(report: Report, home_key: VerifierKey | None) -> None:
    for finding in report.findings:
        click.echo(finding_in_words(finding, translated), err=True)
    facts = {"entries": report.entries, "size": report.size, "absent": report.absent, "signed": report.signed}
    if not report.consistent:
        click.echo(tell("NOT intact. Differences: {found}.", found=report.found), err=True)
    elif report.untrusted_key is not None:
        sentence = (
            "The bundle agrees with itself ({entries} entries checked of {size}, {absent} absent), and no more was "
            "checked: the key is its own. Compare it with the one you were given, or give that one with --key: {key}"
        )
        click.echo(tell(sentence, key=report.untrusted_key, **facts), err=True)
    elif report.complete:
        click.echo(
            tell("Intact: {entries} entries checked of {size}, {absent} absent, signed up to {signed}.", **facts)
        )
    else:
        sentence = (
            "Intact, as a selection: {entries} entries checked of {size}, {absent} left out, signed up to {signed}."
        )
        click.echo(tell(sentence, **facts))
    if home_key is not None:
        click.echo(tell("The key was that of this home: {key}", key=home_key), err=not report.intact)


def _text(path: Path, sentence: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        refuse(sentence, file=path, reason=tell("it is not text"))
