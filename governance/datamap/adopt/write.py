"""Writing a proposal as a map file that loads as it is, with the grounds of each line as a comment.

Nothing of the database's content is in the file: names of tables and columns, shares and counts.
"""

import json
import re
from collections.abc import Iterator
from typing import Final

from governance.datamap.adopt.proposal import LeftOut, Proposal, ProposedLink, ProposedTable
from governance.datamap.values import NOBODY, Link, MappedField

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_INTRODUCTION: Final = """\
# A data map proposed by `egide adopt`, from the structure of the database and samples of at most 1,000 values a column.
# No value of the database is in this file. It is a proposal: read every line, correct it, then `egide map load` it.
#
# Only what stands here can ever be read, and only by whoever holds a grant for its category. To keep a column out of
# reach, delete its line. Lines that begin with #? were not understood: complete and uncomment them, or leave them.
# Above each field stands how sure the proposal is (high, medium, low) and why.
"""


_CORRECTED: Final = """\
# A data map that was proposed by Égide, corrected by people on its pages, and loaded from there.
# Above each field stands why it is described so.
"""


def write_map(proposal: Proposal, *, corrected: bool = False) -> str:
    """Return the file's content.

    Args:
        proposal: What it says.
        corrected: Whether people have been over it already.
    """
    introduction = _CORRECTED if corrected else _INTRODUCTION
    return "\n".join([introduction.rstrip("\n"), *_lines(proposal)]) + "\n"


def _lines(proposal: Proposal) -> Iterator[str]:
    yield "version: 1"
    if proposal.source is not None:
        yield f"source: {proposal.source}"
        if proposal.address is not None:
            yield f"address: {_scalar(proposal.address)}"
        else:
            setting = f"EGIDE_SOURCE_{proposal.source.upper()}"
            yield f"# Its address, with any password, does not belong here: set {setting} on the host."
    yield "tables:" if proposal.tables else "tables: {}"
    for table in proposal.tables:
        yield from _table(table)
    for left_out in proposal.left_out:
        yield f"  # left out: table {_comment(left_out.name)}: {left_out.reason}"


def _table(table: ProposedTable) -> Iterator[str]:
    yield f"  # {table.about.sentence}"
    yield f"  {table.name}:"
    yield f"    table: {_scalar(table.physical)}"
    if table.schema is not None:
        yield f"    schema: {_scalar(table.schema)}"
    yield f"    key: [{', '.join(_scalar(name) for name in table.key)}]"
    if table.links:
        yield "    links:"
        for proposed in table.links:
            yield from _link(proposed)
    yield "    fields:" if table.fields else "    fields: {}"
    for proposed_field in table.fields:
        yield f"      # {_comment(proposed_field.grounds.sentence)}"
        yield f"      {proposed_field.field.name}: {{{', '.join(_field(proposed_field.field, bool(table.links)))}}}"
    for left_out in table.left_out:
        yield from _left_out(left_out, table)


def _link(proposed: ProposedLink) -> Iterator[str]:
    link = proposed.link
    parts = [f"kind: {link.kind.value}"]
    if link.of is not None:
        parts += [f"of: {link.of}", f"link: {link.of_link}", f"columns: [{_columns(link)}]"]
    yield f"      # {_comment(proposed.grounds.sentence)}"
    yield f"      {link.name}: {{{', '.join(parts)}}}"


def _columns(link: Link) -> str:
    return ", ".join(_scalar(name) for name in link.columns)


def _field(field: MappedField, linked: bool) -> Iterator[str]:  # noqa: FBT001 -- one private caller
    if field.column != field.name:
        yield f"column: {_scalar(field.column)}"
    yield f"category: {field.category.value}"
    if linked:
        yield f"link: {field.link or NOBODY}"
    yield f"kind: {field.kind.value}"
    yield f"storage: {field.storage.value}"
    yield f"origin: {field.origin.value}"
    if field.search:
        yield f"search: [{', '.join(sorted(field.search))}]"
    if field.choices:
        yield f"choices: [{', '.join(map(_scalar, field.choices))}]"
    for flag in ("special", "criminal", "nir", "free_text", "required"):
        if getattr(field, flag):
            yield f"{flag}: true"


def _left_out(left_out: LeftOut, table: ProposedTable) -> Iterator[str]:
    yield f"      # left out: column {_comment(left_out.name)}: {left_out.reason}"
    if left_out.kind is not None:
        link = f", link: {table.links[0].link.name}" if table.links else ""
        start = f"column: {_scalar(left_out.name)}, category: ...{link}, kind: {left_out.kind.value}"
        yield f"      #? ...: {{{start}, storage: clear, origin: ...}}"


def _scalar(text: str) -> str:
    """Return the text as YAML, in quotes unless it is a plain word. JSON's quotes are YAML's."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _comment(text: str) -> str:
    # A name with a line break in it must not leave the comment.
    return "".join(character if character.isprintable() else "?" for character in text)
