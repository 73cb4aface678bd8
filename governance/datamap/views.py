"""`/datamap`: which maps are in force, what a table holds, what differs, and loading a map."""

from typing import Any, Final

from flask.views import MethodView

from governance.actor import Role, confirmed_anew, open_to
from governance.datamap.check import Finding
from governance.datamap.desk import MapDesk, summarise
from governance.datamap.models import MapDocument
from governance.datamap.schemas import (
    FindingsSchema,
    LoadedMapSchema,
    MapDocumentSchema,
    MapFileSchema,
    MapListSchema,
    MappedTableSchema,
)
from governance.datamap.service import LoadedMap, LoadMap, load_map, show_map
from governance.datamap.values import MappedTable
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.rest import Blueprint

blueprint: Final = Blueprint("maps", __name__, url_prefix="/api/v1", description="Where personal data lies.")

_READERS: Final = (Role.CONTROLLER, Role.DPO, Role.OWNER, Role.SECURITY, Role.AUDITOR, Role.ADMIN)
# What protects less, or is open to people by what they hold already, only the controller loads (see weakening.py).
_LOADERS: Final = (Role.CONTROLLER, Role.ADMIN)


@blueprint.route("/datamap")
class Maps(MethodView):
    """All maps."""

    @blueprint.response(200, MapListSchema)
    @open_to(*_READERS)
    def get(self) -> dict[str, Any]:
        """List the maps in force, the program's own first."""
        context = current()
        catalogue = context.get(MapDesk).catalogue(context.session, context.get(Attestor))
        problems = [str(problem) for problem in catalogue.problems]
        return {"maps": summarise(context.session, catalogue), "problems": problems}

    @blueprint.arguments(MapFileSchema)
    @blueprint.response(200, LoadedMapSchema)
    @open_to(*_LOADERS)
    @confirmed_anew
    def post(self, given: dict[str, str]) -> LoadedMap:
        """Put a map in force; its rows are enrolled by the worker."""
        context = current()
        desk = context.get(MapDesk)
        command = LoadMap(
            file=given["file"],
            text=given["text"],
            base=desk.base,
            who_reads=desk.who_reads,
            address_of=desk.sources.address,
        )
        attestor = context.get(Attestor)
        return load_map(context.session, context.clock, context.ids, attestor, context.actor, command)


@blueprint.route("/datamap/maps/<string:source>")
@blueprint.response(200, MapDocumentSchema)
@open_to(*_READERS)
def get_map(source: str) -> MapDocument:
    """Return the map of an adopted database as it was loaded."""
    context = current()
    return show_map(context.session, context.get(Attestor), source)


@blueprint.route("/datamap/tables/<string:table>")
@blueprint.response(200, MappedTableSchema)
@open_to(*_READERS)
def get_table(table: str) -> MappedTable:
    """Return what a table holds and whose it is."""
    context = current()
    return context.get(MapDesk).catalogue(context.session, context.get(Attestor)).table(table)


@blueprint.route("/datamap/findings")
@blueprint.response(200, FindingsSchema)
@open_to(*_READERS)
def get_findings() -> dict[str, list[Finding]]:
    """Compare the maps with the databases, and the registry with its seals."""
    context = current()
    return {"findings": context.get(MapDesk).findings(context.session, context.get(Attestor))}
