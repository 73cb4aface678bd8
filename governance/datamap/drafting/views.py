"""`/datamap/sources`, `/datamap/proposals`: adopting a database over REST, step by step as on the pages."""

from http import HTTPStatus
from typing import Any, Final

from flask.views import MethodView

from audit.transaction import unrecorded
from governance.actor import Role, confirmed_anew, open_to
from governance.datamap.catalogue import Catalogue
from governance.datamap.counting import count_rows
from governance.datamap.desk import MapDesk, summarise
from governance.datamap.difference import Aspect, Difference, differences
from governance.datamap.drafting.correcting import TableWords
from governance.datamap.drafting.flaws import flaws_of, map_of
from governance.datamap.drafting.looking import look_at
from governance.datamap.drafting.schemas import (
    CountsSchema,
    DifferencesSchema,
    LookSchema,
    ProposalSchema,
    RevisionSchema,
    SettledSchema,
    SettleSchema,
    SourcesSchema,
    TableWordsSchema,
    reason_in_words,
    told,
)
from governance.datamap.drafting.service import (
    CorrectTable,
    LoadProposal,
    correct_table,
    drop_proposal,
    find_proposal,
    list_proposals,
    load_proposal,
    put_on_file,
)
from governance.datamap.errors import ProposalFlawedError
from governance.datamap.schemas import LoadedMapSchema
from governance.datamap.service import (
    LoadedMap,
    SettleReturned,
    accept_registry,
    settle_returned,
    weaker_than_in_force,
)
from governance.datamap.values import MappedTable
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.rest import Blueprint

blueprint: Final = Blueprint("proposals", __name__, url_prefix="/api/v1/datamap", description="Maps on their way.")

_READERS: Final = (Role.CONTROLLER, Role.DPO, Role.OWNER, Role.SECURITY, Role.AUDITOR, Role.ADMIN)
# Looking and correcting open nothing; loading does what loading a file does.
_PREPARERS: Final = (Role.DPO, Role.ADMIN, Role.CONTROLLER)
_LOADERS: Final = (Role.CONTROLLER, Role.ADMIN)
_DECIDERS: Final = (Role.CONTROLLER,)


@blueprint.route("/sources")
@blueprint.response(200, SourcesSchema)
@open_to(*_PREPARERS)
def list_sources() -> dict[str, Any]:
    """List the databases that the host set up, and those that have a map; never their addresses."""
    session = current().session
    catalogue, configured = _catalogue(), _desk().sources.configured
    versions = {each.source: each.version for each in summarise(session, catalogue)}
    waiting = {each.source: each.revision for each in list_proposals(session)}
    loaded = {each.source for each in catalogue.maps if each.source is not None}
    return {
        "sources": [
            {
                "source": name,
                "configured": name in configured,
                "version": versions.get(name),
                "proposal": waiting.get(name),
            }
            for name in sorted({*configured, *waiting, *loaded})
        ]
    }


@blueprint.route("/counts")
@blueprint.response(200, CountsSchema)
@open_to(*_READERS)
def counts() -> dict[str, Any]:
    """Count the rows of the adopted tables, and those enrolled."""
    tables = _catalogue().tables.values()
    counted = count_rows(current().session, _desk().sources, tables)
    names = ("rows", "enrolled", "waiting", "gone")
    return {
        "counts": [
            {"table": table, **{name: getattr(count, name) for name in names}} for table, count in counted.items()
        ]
    }


@blueprint.route("/proposals", methods=["POST"])
@blueprint.arguments(LookSchema)
@blueprint.response(201, ProposalSchema)
@open_to(*_PREPARERS)
def look(given: dict[str, str]) -> dict[str, Any]:
    """Look at a database, and keep what it seems to hold as a map on its way."""
    context = current()
    source: str = given["source"]
    # The database may take seconds to answer, and nobody's write waits for it.
    with context.database.read() as session:
        catalogue = _desk().catalogue(session, context.get(Attestor))
    draft = look_at(_desk().sources, source, catalogue)
    return told(put_on_file(context.session, context.clock, context.actor, draft), draft)


@blueprint.route("/proposals/<string:source>")
class OneProposal(MethodView):
    """A map on its way."""

    @blueprint.response(200, ProposalSchema)
    @open_to(*_PREPARERS)
    def get(self, source: str) -> dict[str, Any]:
        """Return it, with what is still to be corrected."""
        return told(*find_proposal(current().session, current().get(Attestor), source))

    @blueprint.response(204)
    @open_to(*_PREPARERS)
    def delete(self, source: str) -> None:
        """Throw it away; what is in force stays."""
        context = current()
        drop_proposal(context.session, context.get(Attestor), context.actor, source)


@blueprint.route("/proposals/<string:source>/tables/<string:table>", methods=["PUT"])
@blueprint.arguments(TableWordsSchema)
@blueprint.response(200, ProposalSchema)
@open_to(*_PREPARERS)
def correct(given: tuple[int, TableWords], source: str, table: str) -> dict[str, Any]:
    """Say what a table of a map on its way is, and its columns."""
    context = current()
    revision, words = given
    command = CorrectTable(source=source, revision=revision, table=table, words=words)
    correct_table(context.session, context.clock, context.get(Attestor), context.actor, command)
    return told(*find_proposal(context.session, context.get(Attestor), source))


@blueprint.route("/proposals/<string:source>/differences")
@blueprint.response(200, DifferencesSchema)
@open_to(*_PREPARERS)
def list_differences(source: str) -> dict[str, Any]:
    """Say what loading a map on its way would change."""
    _, draft = find_proposal(current().session, current().get(Attestor), source)
    flaws = flaws_of(draft)
    if flaws:
        raise ProposalFlawedError(source=source, flaws=tuple(flaws))
    described, context = map_of(draft), current()
    weaker = weaker_than_in_force(context.session, context.get(Attestor), described, _desk().base)
    found = differences(_catalogue().map_of(source), described)
    openings = _desk().openings(context.session, context.clock.now(), described)
    return {
        "differences": [_difference(each) for each in found],
        "weaker": [reason_in_words(each) for each in weaker],
        "opens": openings.found,
        "altered": openings.altered,
    }


@blueprint.route("/proposals/<string:source>/load", methods=["POST"])
@blueprint.arguments(RevisionSchema)
@blueprint.response(200, LoadedMapSchema)
@open_to(*_LOADERS)
@confirmed_anew
def load(given: dict[str, int], source: str) -> LoadedMap:
    """Put a map on its way in force; its rows are enrolled by the worker."""
    context = current()
    desk = _desk()
    command = LoadProposal(
        source=source,
        revision=given["revision"],
        base=desk.base,
        who_reads=desk.who_reads,
        address_of=desk.sources.address,
    )
    return load_proposal(context.session, context.clock, context.ids, context.get(Attestor), context.actor, command)


@blueprint.route("/tables/<string:table>/settle", methods=["POST"])
@blueprint.arguments(SettleSchema)
@blueprint.response(200, SettledSchema)
@open_to(*_DECIDERS)
@confirmed_anew
def settle(given: dict[str, bool], table: str) -> dict[str, int]:
    """Say what the rows are whose keys came back after they had gone."""
    context = current()
    command = SettleReturned(table=_table(table), **given)
    rows = settle_returned(context.session, context.get(Attestor), context.actor, command)
    if not rows:
        unrecorded(context.session, "no row was gone")
    return {"rows": rows}


@blueprint.route("/tables/<string:table>/accept", methods=["POST"])
@blueprint.response(HTTPStatus.OK, SettledSchema)
@open_to(*_DECIDERS)
@confirmed_anew
def accept(table: str) -> dict[str, int]:
    """Take the registered rows of a table as they stand, after somebody looked at what was altered."""
    context = current()
    return {"rows": accept_registry(context.session, context.get(Attestor), context.actor, _table(table))}


def _desk() -> MapDesk:
    return current().get(MapDesk)


def _catalogue() -> Catalogue:
    return _desk().catalogue(current().session, current().get(Attestor))


def _table(name: str) -> MappedTable:
    return _catalogue().table(name)


def _difference(found: Difference) -> dict[str, Any]:
    return {
        "sort": found.sort,
        "part": found.part,
        "table": found.table,
        "name": found.name,
        "aspects": [_aspect(each) for each in found.aspects],
    }


def _aspect(aspect: Aspect) -> dict[str, object]:
    return {"name": aspect.name, "before": _plain(aspect.before), "after": _plain(aspect.after)}


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset | tuple) else value
