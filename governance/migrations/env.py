"""Alembic runs this file to apply or to write revisions; `governance.migrations` gives it the connection."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Enum
from sqlalchemy.types import TypeDecorator

from governance.migrations.columns import LENGTH
from governance.migrations.metadata import whole_metadata


def _render(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Write the house's own column types by their names."""
    if kind == "type" and isinstance(item, TypeDecorator):
        autogenerate.imports.add(f"from {type(item).__module__} import {type(item).__name__}")
        return f"{type(item).__name__}()"
    if kind == "type" and isinstance(item, Enum):
        autogenerate.imports.add("from governance.migrations.columns import states")
        length = "" if item.length == LENGTH else f", length={item.length}"
        return f"states({', '.join(map(repr, [item.name, *item.enums]))}{length})"
    return False


def _include(_object: object, name: str | None, kind: str, reflected: bool, _compared: object) -> bool:  # noqa: FBT001 -- Alembic's signature
    """Leave out the tables that a narrower revision does not speak of."""
    wanted: frozenset[str] | None = context.config.attributes.get("tables")
    return kind != "table" or reflected or wanted is None or name in wanted


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=whole_metadata(),
    # SQLite alters a table by making it anew.
    render_as_batch=True,
    render_item=_render,
    include_object=_include,
)
with context.begin_transaction():
    context.run_migrations()
