"""What pages and the API ask of the data map: its maps in short, one table in full, and what differs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from governance.datamap.catalogue import Catalogue, documents_in_force, load_catalogue
from governance.datamap.check import Finding, check_maps, check_registries
from governance.datamap.loader import OWN_DATABASE
from governance.datamap.models import MapDocument
from governance.datamap.opening import Openings, WhoReads
from governance.datamap.service import new_to_force
from governance.datamap.sources import Sources
from governance.datamap.titles import title_of
from governance.datamap.values import DataMap
from governance.vault.attest import Attestor


@dataclass(frozen=True, slots=True, kw_only=True)
class MapDesk:
    """What is known at the roof: the map that comes with the program, the databases, what people call their columns.

    Attributes:
        who_reads: Says who would read new columns by what was granted before.
        titles: Gives what a field is called, in English, by its name.
    """

    base: DataMap
    sources: Sources
    who_reads: WhoReads
    titles: Callable[[str], str] = title_of

    def catalogue(self, session: Session, attestor: Attestor) -> Catalogue:
        """Return the data map in force."""
        return load_catalogue(session, attestor, self.base)

    def openings(self, session: Session, now: datetime, described: DataMap) -> Openings:
        """Return what loading a map would open at once, by what was granted before."""
        return self.who_reads(session, now, new_to_force(session, described))

    def findings(self, session: Session, attestor: Attestor) -> list[Finding]:
        """Compare everything with everything: maps with databases, registrations with their seals."""
        catalogue = self.catalogue(session, attestor)
        return [*check_maps(catalogue, self.sources), *check_registries(session, attestor, catalogue)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapSummary:
    """A map in force, in short. The one that comes with the program has no version and was not loaded."""

    source: str
    file: str
    version: int | None
    loaded_at: datetime | None
    tables: tuple[str, ...]


def summarise(session: Session, catalogue: Catalogue) -> list[MapSummary]:
    """Return the maps in force, the program's first; those that were altered are left out, as from reads."""
    documents = {each.source: each for each in documents_in_force(session)}
    base, *loaded = catalogue.maps
    summaries = [_summary(base, None)]
    summaries += [_summary(each, documents.get(each.source or OWN_DATABASE)) for each in loaded]
    return summaries


def _summary(data_map: DataMap, document: MapDocument | None) -> MapSummary:
    return MapSummary(
        source=data_map.source or OWN_DATABASE,
        file=data_map.file,
        version=None if document is None else document.version,
        loaded_at=None if document is None else document.loaded_at,
        tables=tuple(data_map.tables),
    )
