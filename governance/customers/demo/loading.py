"""Loading the demonstration: into an empty home only, resumed where it stopped, nothing where it is there already."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final

from sqlalchemy import Table, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record, unrecorded
from governance.actor import SYSTEM
from governance.customers.demo import founding
from governance.customers.demo.filling import STEPS, Filling, Shelf, Size, number_sources
from governance.customers.demo.models import DemoStep
from governance.customers.demo.signing import write_sign_up_form
from governance.customers.demo.staff import DemoAccount, demo_accounts, hash_passwords, hire
from governance.customers.demo.visitors import bring_visitors
from governance.customers.errors import HomeNotEmptyError, LoadBusyError
from governance.customers.house import House
from governance.customers.tables import TABLES
from governance.days import day_of
from governance.errors import mark, phrase
from governance.identity.models import Account
from governance.installation.models import ONLY, Installation
from register.models import Activity

SEED: Final = "Maison Lumen"
STAFF_STEP: Final = "staff"
REGISTER_STEP: Final = "register"
GRANTS_STEP: Final = "grants"
# What is loaded, by the step that loads it.
STAGES: Final[Mapping[str, str]] = {
    "companies": mark("companies"),
    "contacts": mark("contacts"),
    "customers": mark("customers"),
    "choices": mark("choices of customers (consents, refusals, objections)"),
    "products": mark("products"),
    "orders": mark("orders"),
    "equipment": mark("equipment"),
    "exchanges": mark("exchanges"),
    "behaviour": mark("behaviour"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoProgress:
    """How far a step has come."""

    step: str
    done: int
    total: int


Tell = Callable[[DemoProgress], None]


def load_demo(
    house: House, tell: Tell = lambda _: None, *, seed: str = SEED, size: Size | None = None
) -> tuple[DemoAccount, ...]:
    """Load the demonstration company and return its accounts. What is loaded already is not loaded again.

    Args:
        house: An initialised home, empty but for an earlier load.
        tell: Told of each batch.
        seed: What the lots are drawn from; a load goes on with the seed it began with.
        size: How much is loaded.

    Raises:
        HomeNotEmptyError: If the home holds anything else, be it only an installation that is no demonstration.
        LoadBusyError: If another process is loading it.
    """
    today = day_of(house.clock.now())
    with house.read() as session:
        begun = session.get(DemoStep, STAFF_STEP)
        if begun is None:
            _check_empty(session)
        else:
            seed, today = begun.seed, date.fromisoformat(begun.today)
    accounts = demo_accounts(house.settings.home)
    shelf = Shelf(house=house, seed=seed, today=today, size=size or Size())
    _found(shelf, accounts, tell)
    for step in STEPS:
        _fill(shelf, step, tell)
    bring_visitors(shelf)
    # Studies page by pseudonyms, whose order a job keeps; a demonstration does not wait for the worker.
    house.gate.place_keeper().fill()
    return accounts


def is_loaded(session: Session) -> bool:
    """Say whether the demonstration is there, whole."""
    done = {step.name for step in session.scalars(select(DemoStep)) if step.complete}
    return done >= {STAFF_STEP, REGISTER_STEP, GRANTS_STEP, *(step.name for step in STEPS)}


def _check_empty(session: Session) -> None:
    installation = session.get(Installation, ONLY)
    if installation is not None and not installation.demonstration:
        raise HomeNotEmptyError(what=phrase("an installation for real data"))
    held: Sequence[tuple[str, Any]] = (
        (phrase("accounts"), Account.id),
        (phrase("processing activities"), Activity.id),
        *((phrase("rows of {table}", table=name), table.c.id) for name, table in _tables()),
    )
    for what, column in held:
        if session.execute(select(column).limit(1)).first() is not None:
            raise HomeNotEmptyError(what=what)


def _tables() -> Iterator[tuple[str, Table]]:
    yield from TABLES.items()


def _found(shelf: Shelf, accounts: tuple[DemoAccount, ...], tell: Tell) -> None:
    house = shelf.house

    def staff(session: Session) -> None:
        hire(session, house, accounts, hashes)
        _record_fictional(session)

    def grants(session: Session) -> None:
        founding.grant(session, house)
        founding.wish(session, house)
        write_sign_up_form(session, house)
        number_sources(session)

    if not _is_done(shelf, STAFF_STEP):
        hashes = hash_passwords(house, accounts)
        _once(shelf, STAFF_STEP, staff, tell)
    _once(shelf, REGISTER_STEP, lambda session: founding.declare(session, house), tell)
    _once(shelf, GRANTS_STEP, grants, tell)


def _record_fictional(session: Session) -> None:
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.START,
            actor=SYSTEM,
            object_type="demonstration",
            details={"fictional": True},
        ),
    )


def _is_done(shelf: Shelf, name: str) -> bool:
    with shelf.house.read() as session:
        step = session.get(DemoStep, name)
        return step is not None and step.complete


def _once(shelf: Shelf, name: str, act: Callable[[Session], None], tell: Tell) -> None:
    """Do a step that is one transaction, unless it is done."""
    if not _is_done(shelf, name):
        with shelf.house.write() as session:
            # Another process may have come first while this one waited for the write lock.
            if session.get(DemoStep, name) is None:
                _take(
                    session, DemoStep(name=name, seed=shelf.seed, today=shelf.today.isoformat(), done=1, complete=True)
                )
                act(session)
    tell(DemoProgress(step=name, done=1, total=1))


def _fill(shelf: Shelf, step: Filling, tell: Tell) -> None:
    """Load what is left of a step."""
    begun = _begin(shelf, step)
    if begun is None:
        return
    done, total = begun, step.total(shelf)
    drawn = islice(step.draw(shelf), done, None)
    while batch := list(islice(drawn, step.batch)):
        with shelf.house.write() as session:
            _advance(session, step.name, done, done + len(batch), complete=done + len(batch) >= total)
            step.write(session, shelf, batch)
        done += len(batch)
        tell(DemoProgress(step=step.name, done=done, total=total))


def _begin(shelf: Shelf, step: Filling) -> int | None:
    """Return how many items of a step are loaded, or None where all are."""
    with shelf.house.write() as session:
        found = session.get(DemoStep, step.name)
        if found is None:
            unrecorded(session, "how far a load has come concerns nobody")
            found = DemoStep(name=step.name, seed=shelf.seed, today=shelf.today.isoformat())
            _take(session, found)
        return None if found.complete else found.done


def _take(session: Session, step: DemoStep) -> None:
    """Begin a step before its work, so that of two processes on PostgreSQL one waits here and then gives way.

    Raises:
        LoadBusyError: If another process began it meanwhile.
    """
    session.add(step)
    try:
        session.flush()
    except IntegrityError:
        raise LoadBusyError from None


def _advance(session: Session, name: str, before: int, after: int, *, complete: bool) -> None:
    """Move a step on, unless another process did meanwhile.

    Raises:
        LoadBusyError: If one did.
    """
    moved = session.execute(
        update(DemoStep)
        .where(DemoStep.name == name, DemoStep.done == before)
        .values(done=after, complete=complete)
        .returning(DemoStep.name)
    ).first()
    if moved is None:
        raise LoadBusyError
