"""In which order adopted rows are enrolled: first those that are persons, then those that refer to them.

A plan is a list of stages, each a walk over one table in the order of its keys. Where an enrolment stands is a small
JSON value, so that it can wait in the queue of jobs and go on after a restart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from governance.datamap.catalogue import Catalogue
from governance.datamap.registry import NO_LINK
from governance.datamap.values import Link, MappedTable

GONE: Final = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One walk over one table.

    Attributes:
        name: Names the stage from run to run: the table and the level of its links, or `gone`.
        table: The table.
        links: The links looked at, each of which needs the stages before; None where a row without links is enrolled.
            Empty in the walk over registered rows that looks for those that are gone.
    """

    name: str
    table: MappedTable
    links: tuple[Link | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where an enrolment stands: after which key of which stage."""

    stage: str
    after: str | None = None

    def to_json(self) -> dict[str, str | None]:
        """Return it for the queue."""
        return {"stage": self.stage, "after": self.after}

    @classmethod
    def from_json(cls, payload: Mapping[str, object]) -> "Cursor | None":
        """Return what `to_json` wrote, or None, the beginning, for anything else."""
        stage, after = payload.get("stage"), payload.get("after")
        if not isinstance(stage, str) or not isinstance(after, str | None):
            return None
        return cls(stage=stage, after=after)


def plan_enrolment(catalogue: Catalogue) -> tuple[Stage, ...]:
    """Return the stages of a whole enrolment."""
    adopted = {name: table for name, table in catalogue.tables.items() if table.adopted}
    found: dict[tuple[int, str], list[Link | None]] = {}
    for name, table in adopted.items():
        if not table.links:
            found[0, name] = [None]
        for link in table.links.values():
            found.setdefault((_depth(adopted, link), name), []).append(link)
    stages = [
        Stage(name=f"{name}/{level}", table=adopted[name], links=tuple(found[level, name]))
        for level, name in sorted(found, key=lambda place: place[0])
    ]
    stages += [Stage(name=f"{name}/{GONE}", table=table, links=()) for name, table in adopted.items()]
    return tuple(stages)


def stage_of(stages: tuple[Stage, ...], cursor: Cursor | None) -> int:
    """Return the place of the cursor's stage; 0 where the map has changed since and there is none."""
    names = [stage.name for stage in stages]
    return names.index(cursor.stage) if cursor is not None and cursor.stage in names else 0


def link_name(link: Link | None) -> str:
    """Return the name under which a link is registered."""
    return NO_LINK if link is None else link.name


def _depth(tables: Mapping[str, MappedTable], link: Link) -> int:
    # The loader refuses circles, so this ends.
    if link.of is None or link.of_link is None:
        return 0
    return 1 + _depth(tables, tables[link.of].links[link.of_link])
