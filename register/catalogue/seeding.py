"""The catalogues of a new house: what is known on the day, to be corrected by the data protection officer."""

from datetime import date
from importlib.resources import files
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.ids import IdSource
from register.catalogue.models import Adequacy, Measure
from register.catalogue.values import MeasureDomain


def seed_catalogues(session: Session, ids: IdSource) -> int:
    """Fill the catalogues that are empty, and return how many rows came. The caller records it."""
    rows: list[Adequacy | Measure] = []
    if not session.scalars(select(func.count()).select_from(Adequacy)).one():
        rows += _decisions(ids)
    if not session.scalars(select(func.count()).select_from(Measure)).one():
        rows += _measures(ids)
    session.add_all(rows)
    session.flush()
    return len(rows)


def _decisions(ids: IdSource) -> list[Adequacy]:
    told = _read("adequacy.json")
    return [
        Adequacy(
            id=ids.new(),
            country=each["country"],
            decided_on=date.fromisoformat(each["decided_on"]),
            until=date.fromisoformat(each["until"]) if "until" in each else None,
            scope_fr=each.get("scope_fr", ""),
            scope_en=each.get("scope_en", ""),
            source=each["source"],
            checked_on=date.fromisoformat(told["checked_on"]),
        )
        for each in told["decisions"]
    ]


def _measures(ids: IdSource) -> list[Measure]:
    return [
        Measure(
            id=ids.new(),
            domain=MeasureDomain(each["domain"]),
            label_fr=each["fr"],
            label_en=each["en"],
            delivered=True,
        )
        for each in _read("measures.json")["measures"]
    ]


def _read(name: str) -> dict[str, Any]:
    told: dict[str, Any] = orjson.loads(files("register.catalogue").joinpath(name).read_bytes())
    return told
