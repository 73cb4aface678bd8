"""The use case: look at a database, and hand a person a map file to correct."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from governance.datamap.adopt.names import slug_of
from governance.datamap.adopt.proposal import Proposal
from governance.datamap.adopt.propose import propose
from governance.datamap.adopt.reflect import ReflectedTable, reflect
from governance.datamap.adopt.write import write_map
from governance.datamap.errors import SourceUnreachableError
from governance.datamap.loader import OWN_DATABASE, parse_map
from governance.datamap.sources import SourceDatabase, is_own
from governance.errors import phrase
from governance.orm import Base

_UNDESCRIBED: Final = frozenset({"alembic_version"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopt:
    """A database to look at.

    Attributes:
        url: Its address; it may hold a password, which stays out of everything written.
        source: The name to give it; made from the address where None.
        taken: Names of tables that other maps have.
        progress: Told the name of each table as it is looked at.
    """

    url: str = field(repr=False)
    source: str | None = None
    taken: Collection[str] = ()
    progress: Callable[[str], None] = field(default=lambda _table: None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """The proposal, and the file that says it."""

    proposal: Proposal
    text: str


def adopt(command: Adopt) -> Adoption:
    """Propose a map of a database. Nothing is written to it, and nothing of its content is kept.

    Raises:
        SourceUnreachableError: If it does not answer.
        UnsupportedDatabaseError: If it is neither SQLite nor PostgreSQL.
        MapError: If the proposal could not be written so that it loads; a fault of the program.
    """
    try:
        url = make_url(command.url)
    except ArgumentError:
        raise SourceUnreachableError(source=OWN_DATABASE, reason=phrase("its address is malformed")) from None
    source = command.source or _source_name(url)
    database = SourceDatabase(source, url, own_allowed=True)
    try:
        reflected = reflect(database)
        own = is_own(table.name for table in reflected)
        found = propose(database, _foreign(reflected) if own else reflected, command.taken, command.progress)
    finally:
        database.close()
    proposal = Proposal(
        source=None if own else source,
        address=None if own else _address(url),
        tables=found.tables,
        left_out=found.left_out,
    )
    text = write_map(proposal)
    parse_map(text, f"{source}.yaml")
    return Adoption(proposal=proposal, text=text)


def _foreign(reflected: Collection[ReflectedTable]) -> tuple[ReflectedTable, ...]:
    ours = {name.casefold() for name in Base.metadata.tables} | _UNDESCRIBED
    return tuple(table for table in reflected if table.name.casefold() not in ours)


def _source_name(url: URL) -> str:
    stem = Path(url.database or "").stem
    return slug_of(stem, {OWN_DATABASE}, "source")


def _address(url: URL) -> str | None:
    """Return the address for the map; None where it holds a password, by whatever name."""
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{Path(url.database or '').absolute()}"
    if url.password is not None or "password" in url.query:
        return None
    return url.render_as_string(hide_password=False)
