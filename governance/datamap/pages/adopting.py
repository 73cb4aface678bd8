"""Adopting a database in the browser: look at it, correct what is proposed, see what changes, load it.

No row of the database is shown here, and no value: names of tables and columns, shares and counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, TypeVar

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from governance.actor import confirmed_anew, open_to
from governance.database import UnsupportedDatabaseError
from governance.datamap.desk import MapDesk, summarise
from governance.datamap.difference import differences
from governance.datamap.drafting.correcting import ColumnWords, TableWords, corrected
from governance.datamap.drafting.draft import Draft, DraftTable
from governance.datamap.drafting.flaws import flaws_of, map_of, surprises_of
from governance.datamap.drafting.looking import look_at
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
from governance.datamap.errors import (
    DataMapError,
    Flaw,
    ProposalChangedError,
    ProposalNotFoundError,
    UnknownTableError,
)
from governance.datamap.models import MapProposal
from governance.datamap.opening import Openings
from governance.datamap.pages.blueprint import LOADERS, PREPARERS, blueprint, catalogue_in_force, may
from governance.datamap.pages.showing import FLAGS
from governance.datamap.service import weaker_than_in_force
from governance.datamap.values import FieldKind, Origin, Search
from governance.datamap.weakening import decides
from governance.errors import Phrase
from governance.settings import SOURCE_PREFIX
from governance.vault.attest import Attestor
from governance.vocabulary import DataCategory, SubjectKind
from governance.web.context import current
from governance.web.problems import sentence

_MOST_CHOICES: Final = 1_000
# What a person may say of an adopted column: references are for tables that Égide keeps.
_KINDS: Final = tuple(kind for kind in FieldKind if kind is not FieldKind.REFERENCE)
# A database that is read in clear is compared by exact values and beginnings.
_SEARCHES: Final = (Search.EXACT, Search.PREFIX)
_Word = TypeVar("_Word", DataCategory, FieldKind, Origin, Search, SubjectKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSource:
    """A database that can be adopted, or is.

    Attributes:
        name: What it is called.
        configured: Whether the host set its address.
        version: Of its map in force; None where it has none.
        proposal: Its map on its way.
    """

    name: str
    configured: bool
    version: int | None
    proposal: MapProposal | None


@blueprint.get("/sources")
@open_to(*PREPARERS)
def sources() -> ResponseReturnValue:
    """List the databases that the host set up, and those that have a map."""
    return _sources_page()


@blueprint.post("/sources/<source>/look")
@open_to(*PREPARERS)
def look(source: str) -> ResponseReturnValue:
    """Look at a database, and put what it seems to hold on file as a map on its way."""
    context = current()
    attestor = context.get(Attestor)
    desk = context.get(MapDesk)
    # The database may take seconds to answer, and nobody's write waits for it.
    with context.database.read() as session:
        catalogue = desk.catalogue(session, attestor)
    try:
        draft = look_at(desk.sources, source, catalogue)
    except (DataMapError, UnsupportedDatabaseError) as error:
        return _sources_page(sentence(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    put_on_file(context.session, context.clock, context.actor, draft)
    flash(gettext("Looked at. Nothing can be read before you have corrected and loaded this."), "given")
    return redirect(url_for("datamap.proposal", source=source), code=303)


@blueprint.get("/sources/<source>")
@open_to(*PREPARERS)
def proposal(source: str) -> ResponseReturnValue:
    """Show a map on its way, table by table."""
    found, draft = _found(source)
    flaws = _by_table(flaws_of(draft))
    return render_template(
        "datamap/proposal.html",
        source=source,
        proposal=found,
        draft=draft,
        flaws=flaws,
        flags=FLAGS,
        may_load=may(LOADERS),
    )


@blueprint.get("/sources/<source>/tables/<table>")
@open_to(*PREPARERS)
def proposed_table(source: str, table: str) -> ResponseReturnValue:
    """Show one table of a map on its way, to be corrected column by column."""
    found, draft = _found(source)
    return _table_page(found, draft, _table_of(draft, table))


@blueprint.post("/sources/<source>/tables/<table>")
@open_to(*PREPARERS)
def correct(source: str, table: str) -> ResponseReturnValue:
    """Write down what a person says of a table and of its columns."""
    context = current()
    words = words_of(request.form)
    command = CorrectTable(source=source, revision=_revision(), table=table, words=words)
    try:
        correct_table(context.session, context.clock, context.get(Attestor), context.actor, command)
    except ProposalChangedError as error:
        context.roll_back()
        found, draft = _found(source)
        # What was typed is kept, over the proposal as it is now: sent again, it is saved.
        typed = corrected(_table_of(draft, table), words)
        page = _table_page(found, draft.with_table(typed), typed, refusal=sentence(error))
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("Saved. Nothing is in force before the map is loaded."), "given")
    return redirect(url_for("datamap.proposed_table", source=source, table=table), code=303)


@blueprint.get("/sources/<source>/review")
@open_to(*PREPARERS)
def review(source: str) -> ResponseReturnValue:
    """Say what loading a map on its way would change."""
    return _review_page(source)


@blueprint.post("/sources/<source>/load")
@open_to(*LOADERS)
@confirmed_anew
def load(source: str) -> ResponseReturnValue:
    """Put a map on its way in force."""
    context = current()
    desk = context.get(MapDesk)
    command = LoadProposal(
        source=source,
        revision=_revision(),
        base=desk.base,
        who_reads=desk.who_reads,
        address_of=desk.sources.address,
    )
    try:
        loaded = load_proposal(
            context.session, context.clock, context.ids, context.get(Attestor), context.actor, command
        )
    except ProposalNotFoundError:
        raise
    except DataMapError as error:
        context.roll_back()
        return _review_page(source, sentence(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(
        gettext(
            "Version %(version)s of the map is in force. Its rows are enrolled within a few minutes; a row that is not "
            "enrolled is not given.",
            version=loaded.version,
        ),
        "given",
    )
    return redirect(url_for("datamap.show", source=source), code=303)


@blueprint.post("/sources/<source>/drop")
@open_to(*PREPARERS)
def drop(source: str) -> ResponseReturnValue:
    """Throw a map on its way away; what is in force stays."""
    context = current()
    drop_proposal(context.session, context.get(Attestor), context.actor, source)
    flash(gettext("Thrown away. What was in force still is."), "given")
    return redirect(url_for("datamap.sources"), code=303)


def words_of(form: MultiDict[str, str]) -> TableWords:
    """Return what a form says of a table; what no page of ours could have sent is refused."""
    columns = {name: _column_words(form, place) for place, name in enumerate(form.getlist("column"))}
    person = form.get("person", "")
    return TableWords(
        kept="kept" in form,
        person=_word(SubjectKind, person) if person else None,
        links=frozenset(form.getlist("links")),
        columns=columns,
    )


def _column_words(form: MultiDict[str, str], place: int) -> ColumnWords:
    marked = form.getlist(f"flag-{place}")
    choices = (each.strip() for each in form.get(f"choices-{place}", "")[:_MOST_CHOICES].split(","))
    return ColumnWords(
        kept=f"keep-{place}" in form,
        category=_word(DataCategory, form.get(f"category-{place}", "")),
        kind=_word(FieldKind, form.get(f"kind-{place}", "")),
        origin=_word(Origin, form.get(f"origin-{place}", "")),
        link=form.get(f"link-{place}") or None,
        search=frozenset(_word(Search, each) for each in form.getlist(f"search-{place}")),
        choices=tuple(dict.fromkeys(each for each in choices if each)),
        **{flag: flag in marked for flag in FLAGS},
    )


def _word(kind: type[_Word], written: str) -> _Word:
    try:
        return kind(written)
    except ValueError:
        abort(HTTPStatus.BAD_REQUEST)


def _revision() -> int:
    written = request.form.get("revision", "")
    if not (written.isascii() and written.isdigit() and len(written) < 9):  # noqa: PLR2004 -- below 2^31
        abort(HTTPStatus.BAD_REQUEST)
    return int(written)


def _sources_page(refusal: str | None = None) -> str:
    context = current()
    catalogue = catalogue_in_force()
    desk = context.get(MapDesk)
    loaded = {each.source: each for each in catalogue.maps if each.source is not None}
    versions = {each.source: each.version for each in summarise(context.session, catalogue)}
    waiting = {each.source: each for each in list_proposals(context.session)}
    names = sorted({*desk.sources.configured, *loaded, *waiting})
    shown = [
        ShownSource(
            name=name,
            configured=name in desk.sources.configured,
            version=versions.get(name),
            proposal=waiting.get(name),
        )
        for name in names
    ]
    return render_template("datamap/sources.html", sources=shown, refusal=refusal, setting=f"{SOURCE_PREFIX}SHOP")


def _table_page(found: MapProposal, draft: Draft, table: DraftTable, refusal: str | None = None) -> str:
    flaws = [flaw for flaw in flaws_of(draft) if flaw.table == table.name]
    return render_template(
        "datamap/proposed_table.html",
        source=draft.source,
        proposal=found,
        table=table,
        flaws={flaw.field: flaw.reason for flaw in flaws if flaw.field is not None},
        table_flaws=[flaw.reason for flaw in flaws if flaw.field is None],
        surprises=surprises_of(table),
        refusal=refusal,
        flags=FLAGS,
        categories=tuple(DataCategory),
        kinds=_KINDS,
        origins=tuple(Origin),
        searches=_SEARCHES,
        people=tuple(SubjectKind),
    )


def _review_page(source: str, refusal: str | None = None) -> str:
    found, draft = _found(source)
    flaws = flaws_of(draft)
    in_force = catalogue_in_force().map_of(source)
    changes = [] if flaws else differences(in_force, map_of(draft))
    weaker = [] if flaws else _weaker(draft)
    openings = Openings() if flaws else _openings(draft)
    by_table: dict[str, list[Any]] = defaultdict(list)
    for change in changes:
        by_table[change.table].append(change)
    return render_template(
        "datamap/review.html",
        source=source,
        proposal=found,
        draft=draft,
        flaws=_by_table(flaws),
        changes=by_table,
        first=in_force is None,
        refusal=refusal,
        weaker=weaker,
        openings=openings,
        may_load=decides(current().actor) if weaker or openings else may(LOADERS),
    )


def _weaker(draft: Draft) -> list[Phrase]:
    context = current()
    return weaker_than_in_force(context.session, context.get(Attestor), map_of(draft), context.get(MapDesk).base)


def _openings(draft: Draft) -> Openings:
    context = current()
    return context.get(MapDesk).openings(context.session, context.clock.now(), map_of(draft))


def _found(source: str) -> tuple[MapProposal, Draft]:
    context = current()
    return find_proposal(context.session, context.get(Attestor), source)


def _table_of(draft: Draft, name: str) -> DraftTable:
    table = draft.table(name)
    if table is None:
        raise UnknownTableError(table=name)
    return table


def _by_table(flaws: Iterable[Flaw]) -> Mapping[str, list[Flaw]]:
    found: dict[str, list[Flaw]] = defaultdict(list)
    for flaw in flaws:
        found[flaw.table].append(flaw)
    return found
