"""The data map to read: its tables and columns, one table, and what differs from the databases."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from audit.transaction import unrecorded
from governance.actor import confirmed_anew, open_to
from governance.datamap.counting import TableCount, count_rows
from governance.datamap.desk import MapDesk, summarise
from governance.datamap.drafting.service import list_proposals
from governance.datamap.errors import NotAdoptedError, RegistryAlteredError
from governance.datamap.forms import NarrowForm
from governance.datamap.labels import CATEGORY_LABELS
from governance.datamap.loader import OWN_DATABASE
from governance.datamap.pages.blueprint import DECIDERS, PREPARERS, READERS, blueprint, catalogue_in_force, may
from governance.datamap.pages.wording import field_title, table_title
from governance.datamap.registry_seal import check_count
from governance.datamap.service import SettleReturned, accept_registry, settle_returned
from governance.datamap.values import MappedField, MappedTable
from governance.errors import mark
from governance.vault.attest import Attestor
from governance.vocabulary import DataCategory
from governance.web.context import current
from governance.web.problems import sentence

# What a field can be marked as, and what that is called.
FLAGS: Final[Mapping[str, str]] = {
    "special": mark("special category"),
    "criminal": mark("offences"),
    "nir": mark("national number"),
    "free_text": mark("free text"),
}
FLAG_ARTICLES: Final[Mapping[str, str]] = {"special": "GDPR Art. 9", "criminal": "GDPR Art. 10"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTable:
    """A table with those of its columns that were asked for, and its counts where another program keeps it."""

    table: MappedTable
    fields: tuple[MappedField, ...]
    count: TableCount | None

    @property
    def categories(self) -> tuple[DataCategory, ...]:
        """The categories of its columns that speak of somebody, in the order of the vocabulary."""
        found = {field.category for field in self.table.fields.values() if field.link is not None}
        return tuple(sorted(found, key=lambda category: category.code))


@blueprint.get("/")
@open_to(*READERS)
def show() -> ResponseReturnValue:
    """Show the tables of the data map, narrowed as the address asks."""
    context = current()
    catalogue = catalogue_in_force()
    form = _narrow_form(sorted({table.source or OWN_DATABASE for table in catalogue.tables.values()}))
    valid = form.validate()
    counts = count_rows(context.session, context.get(MapDesk).sources, catalogue.tables.values()) if valid else {}
    tables = list(_narrowed(catalogue.tables.values(), form, counts)) if valid else []
    page = render_template(
        "datamap/show.html",
        tables=tables,
        whole=len(catalogue.tables),
        maps=summarise(context.session, catalogue),
        problems=[sentence(problem) for problem in catalogue.problems],
        proposals=list_proposals(context.session) if may(PREPARERS) else [],
        form=form,
        narrowed=form.narrows,
        flags=FLAGS,
        flag_articles=FLAG_ARTICLES,
        may_prepare=may(PREPARERS),
    )
    return page, HTTPStatus.OK if valid else HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/tables/<table>")
@open_to(*READERS)
def table(table: str) -> ResponseReturnValue:
    """Show one table."""
    return _table_page(catalogue_in_force().table(table))


@blueprint.get("/findings")
@open_to(*READERS)
def findings() -> ResponseReturnValue:
    """Compare the maps with the databases now, and say what differs."""
    context = current()
    found = context.get(MapDesk).findings(context.session, context.get(Attestor))
    return render_template("datamap/findings.html", findings=found, may_decide=may(DECIDERS))


@blueprint.get("/tables/<table>/settle")
@open_to(*DECIDERS)
def settling(table: str) -> ResponseReturnValue:
    """Ask what the rows are whose keys came back."""
    return _settle_page(_adopted(table))


@blueprint.post("/tables/<table>/settle")
@open_to(*DECIDERS)
@confirmed_anew
def settle(table: str) -> ResponseReturnValue:
    """Take rows whose keys came back for the rows of old, or for others under old keys."""
    context = current()
    mapped = _adopted(table)
    answer = request.form.get("rows", "")
    if answer not in {"same", "new"}:
        return _settle_page(mapped, unanswered=True), HTTPStatus.UNPROCESSABLE_ENTITY
    command = SettleReturned(table=mapped, same=answer == "same")
    count = settle_returned(context.session, context.get(Attestor), context.actor, command)
    if not count:
        unrecorded(context.session, "no row was gone")
    flash(ngettext("%(num)d row settled.", "%(num)d rows settled.", count), "given")
    return redirect(url_for("datamap.table", table=table), code=303)


@blueprint.get("/tables/<table>/accept")
@open_to(*DECIDERS)
def accepting(table: str) -> ResponseReturnValue:
    """Say what accepting an altered registry does, and ask for it."""
    mapped = _adopted(table)
    return render_template("datamap/accept.html", table=mapped, altered=_altered(mapped))


@blueprint.post("/tables/<table>/accept")
@open_to(*DECIDERS)
@confirmed_anew
def accept(table: str) -> ResponseReturnValue:
    """Take the registered rows of a table as they stand; those that Égide did not write go."""
    context = current()
    removed = accept_registry(context.session, context.get(Attestor), context.actor, _adopted(table))
    flash(ngettext("%(num)d registration removed.", "%(num)d registrations removed.", removed), "given")
    return redirect(url_for("datamap.table", table=table), code=303)


def _table_page(mapped: MappedTable) -> str:
    context = current()
    counts = count_rows(context.session, context.get(MapDesk).sources, [mapped])
    return render_template(
        "datamap/table.html",
        table=mapped,
        count=counts.get(mapped.name),
        altered=_altered(mapped) if mapped.adopted else None,
        flags=FLAGS,
        flag_articles=FLAG_ARTICLES,
        may_decide=may(DECIDERS),
        may_prepare=may(PREPARERS) and mapped.adopted and mapped.source is not None,
    )


def _settle_page(mapped: MappedTable, *, unanswered: bool = False) -> str:
    counted = count_rows(current().session, current().get(MapDesk).sources, [mapped])[mapped.name]
    return render_template("datamap/settle.html", table=mapped, count=counted, unanswered=unanswered)


def _adopted(name: str) -> MappedTable:
    mapped = catalogue_in_force().table(name)
    if not mapped.adopted:
        raise NotAdoptedError(table=name)
    return mapped


def _altered(mapped: MappedTable) -> str | None:
    try:
        check_count(current().session, mapped, attestor=current().get(Attestor))
    except RegistryAlteredError as error:
        return sentence(error)
    return None


def _narrow_form(sources: Iterable[str]) -> NarrowForm:
    form = NarrowForm(formdata=request.args)
    categories = [(each.value, gettext(label)) for each, label in CATEGORY_LABELS.items()]
    form.category.choices = [("", gettext("every category")), *categories]
    form.source.choices = [("", gettext("every source")), *((each, each) for each in sources)]
    flags = [(each, gettext(label)) for each, label in FLAGS.items()]
    form.flag.choices = [("", str(lazy_gettext("any"))), *flags]
    return form


def _narrowed(
    tables: Iterable[MappedTable], form: NarrowForm, counts: Mapping[str, TableCount]
) -> Iterator[ShownTable]:
    words = form.words
    for each in tables:
        if form.source.data and form.source.data != (each.source or OWN_DATABASE):
            continue
        named = all(word in f"{each.name} {each.physical} {table_title(each.name)}".casefold() for word in words)
        fields = tuple(field for field in each.fields.values() if _fits(field, form, () if named else words))
        if fields or (named and not form.category.data and not form.flag.data):
            yield ShownTable(table=each, fields=fields, count=counts.get(each.name))


def _fits(field: MappedField, form: NarrowForm, words: Iterable[str]) -> bool:
    if form.category.data and field.category.value != form.category.data:
        return False
    if form.flag.data and not getattr(field, form.flag.data):
        return False
    said = f"{field.name} {field.column} {field_title(field.name)}".casefold()
    return all(word in said for word in words)


def flags_of(field: Any) -> list[str]:
    """Return what a field is marked as."""
    return [flag for flag in FLAGS if getattr(field, flag)]


blueprint.add_app_template_filter(flags_of)
