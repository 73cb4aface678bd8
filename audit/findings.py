"""What a check of the log finds, in the reader's language.

The check itself runs where there is nothing but Python (`audit.verify`), so it speaks plain English. Each of its
sentences stands here once more, marked for translation, with places for its facts; a sentence that is not here is told
as it is. A test holds the two together.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from audit.verify import Finding
from governance.errors import Phrase, Translate, mark, said

PART_LABELS: Final[Mapping[str, str]] = {
    "anchor": mark("anchor"),
    "bundle": mark("bundle"),
    "checkpoint": mark("checkpoint"),
    "entry": mark("content"),
    "head": mark("head of the log"),
    "leaf": mark("leaf"),
    "purge": mark("purge"),
    "retention": mark("retention"),
    "summary": mark("summary"),
    "tile": mark("tile"),
}
SENTENCES: Final[tuple[str, ...]] = (
    # Entries and leaves.
    mark("it stands out of its order"),
    mark("it has no leaf"),
    mark("body or salt are not what the leaf commits to"),
    mark("the body is not that of an entry"),
    mark("the column {column} does not say what the body says"),
    mark("it names another entry"),
    mark("it stands where no leaf can stand"),
    mark("its data or its entry's id is not of its type"),
    mark("data, id or attestation are not what was written here"),
    mark("{first} to {last} are missing and no purge names them"),
    mark("{first} to {last} are missing"),
    mark("{size} leaves, the checkpoint has {expected}"),
    mark("the leaves do not lead to the root of the checkpoint"),
    # What is derived from them.
    mark("{count} tiles of level {level}, a log of {size} has {expected}"),
    mark("tile {number} of level {level} is missing or not whole"),
    mark("hash {place} of tile {number}, level {level}, is not that of the leaves"),
    mark("the root of tile {number}, level {level}, is not that of its hashes"),
    mark("{count} summaries, a log of {size} has {expected}"),
    mark("number {number} does not name the data subjects"),
    mark("the log has not exactly one head"),
    mark("it says {said}, the log has {size} leaves"),
    mark("its hashes are not those of the leaves"),
    mark("it is not attested"),
    # Checkpoints and the anchor.
    mark("the first {size} entries are not those that were signed, nor any later checkpoint's"),
    mark("the first {size} entries are not those of the checkpoint kept"),
    mark("the first {size} leaves are not those of the checkpoint kept"),
    mark("the checkpoint kept has {size} entries: the log was set back"),
    mark("the copy of size {size} is not in the anchor"),
    mark("the copy of size {size} is not what was published"),
    mark("a checkpoint of {signed} entries was published, the log has {size}"),
    mark("the one kept: {reason}"),
    mark("checkpoints: {reason}"),
    mark("verifier-key: {reason}"),
    mark("number {number} is smaller than the one before"),
    mark("number {number}: {reason}"),
    mark("the last one: {reason}"),
    mark("it is not text"),
    mark("No such file or directory"),
    # Purges and the rules of retention.
    mark("{first} to {last} were purged and stand here again"),
    mark("it tells of rules or of a purge in words that are not the log's"),
    mark("it says neither how old nor what the entries were that it deleted"),
    mark("entries of the class {kind} were deleted, and no rule that was recorded ends them by time"),
    mark("entries of the class {kind} were deleted up to {moment}, before the {days} days recorded for it"),
    mark("the rule of {since} for {kind} was never recorded"),
    mark("the rule of {since} for {kind} was altered"),
    mark("the rule of {since} for {kind} is gone"),
    # Bundles and notes.
    mark("{key} is not the key that the bundle is checked with"),
    mark("{file} says {name} {said}, {where} has {found}"),
    mark("{file} is missing"),
    mark("{file} is cut"),
    mark("{file} is not JSON"),
    mark("{file} cannot be read on: {reason}"),
    mark("{file} does not say its {name}"),
    mark("it holds {name} more than once"),
    mark("its format is not known"),
    mark("its zip file is cut or damaged"),
    mark("no known key signed the note"),
    mark("the signature of {name} is wrong"),
    mark("the checkpoint is of another log"),
    mark("the note has no signatures"),
    mark("a checkpoint has three lines"),
    mark("a signature line is malformed"),
    mark("malformed base64"),
)
_ALONE: Final = mark("{part}: {what}")
_OF_AN_ENTRY: Final = mark("entry {index}: {part}: {what}")
_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")


def finding_in_words(finding: Finding, translate: Translate) -> str:
    """Return a finding in the language that `translate` speaks."""
    part = translate(PART_LABELS.get(finding.part, finding.part))
    what = in_words_of(finding.what, translate)
    if finding.index is None:
        return translate(_ALONE).format(part=part, what=what)
    return translate(_OF_AN_ENTRY).format(index=finding.index, part=part, what=what)


def in_words_of(sentence: str, translate: Translate) -> str:
    """Return a sentence of the check, or a phrase, in the language that `translate` speaks."""
    if isinstance(sentence, Phrase):
        return said(sentence, translate)
    for template, pattern in _patterns():
        found = pattern.fullmatch(sentence)
        if found is not None:
            # What stands after a colon may be a sentence of its own.
            facts = {
                name: in_words_of(fact, translate) if name == "reason" else fact
                for name, fact in found.groupdict().items()
            }
            return translate(template).format(**facts)
    return sentence


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((sentence, re.compile(_PLACE.sub(r"(?P<\1>.+?)", re.escape(sentence)))) for sentence in SENTENCES)
