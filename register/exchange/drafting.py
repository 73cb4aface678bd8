"""What a file would bring, and bringing it: every activity a draft, by the rules of what is written by hand.

Nothing that is there is written over: an activity whose reference or name the register holds already is left out, or
drafted under another name, as somebody says. A file is checked whole before anything of it is drafted, and drafted in
portions, each a transaction, so that a large one keeps nobody from writing for long.
"""

import itertools
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.transaction import record
from governance.actor import Actor
from register.exchange.checking import check_register
from register.exchange.desk import ExchangeDesk
from register.exchange.errors import ImportElsewhereError, NameClashError, NothingToImportError
from register.exchange.hand import Hand
from register.exchange.models import RegisterImport, RegisterUpload
from register.exchange.naming import check_measures
from register.exchange.placed import PlacedActivity, ReadRegister
from register.exchange.progress import KEPT, Chosen, Progress, digest_of, read_progress, seal_progress
from register.exchange.unique import TakenSlugs
from register.exchange.written import WrittenActivity
from register.lifecycle import ActivityState
from register.models import LABEL_LENGTH, Activity
from register.permissions import check_drafts
from register.service.desk import Desk
from register.service.purposes.declaring import check_numbers

REGISTER: Final = "register"
# So many activities are drafted in one transaction at most: about a second in which nobody else writes.
PORTION: Final = 100


class Fate(StrEnum):
    """What becomes of an activity of a file."""

    DRAFT = "draft"
    LEAVE_OUT = "leave-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An activity of a file, beside what the register holds.

    Attributes:
        placed: The activity, and where it stands.
        clashes_with: The slug of an activity that has its reference or its name; None where it is new.
        named: The activity under the reference and the names that it would be drafted with.
        number: What its names get behind them, for one of them is taken; 0 for nothing.
    """

    placed: PlacedActivity
    clashes_with: str | None
    named: WrittenActivity
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRegister:
    """A file to import.

    Attributes:
        fates: What becomes of activities, by their place in the file; any other is drafted where it is new.
        clashing: What becomes of those whose name is taken; None asks.
    """

    register: ReadRegister
    fates: Mapping[int, Fate] = field(default_factory=dict)
    clashing: Fate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of a file.

    Attributes:
        drafted: The slugs of the drafts.
        left_out: How many activities were left out.
        parties: How many organisations were put on file.
        measures: How many measures were added to the catalogue.
        contracts: How many contracts with processors were put on file, to be looked at.
    """

    drafted: Sequence[str]
    left_out: int
    parties: int
    measures: int
    contracts: int


def look_over(session: Session, register: ReadRegister) -> list[Candidate]:
    """Return what a file would bring, and what of it is there already. Writes nothing.

    Raises:
        MalformedRegisterError: If it contradicts itself.
    """
    check_register(register.activities)
    return _beside(session, register)


def import_register(desk: ExchangeDesk, actor: Actor, command: ImportRegister) -> Imported:
    """Draft the activities of a file, in portions; go on with an import of the same that was stopped, as it was begun.

    Raises:
        PersonRequiredError, DraftingNotAllowedError: If it is for somebody else.
        MalformedRegisterError: If it contradicts itself, or names a measure that only the DPO could add.
        NameClashError: If names are taken and nobody said what to do.
        NothingToImportError: If nothing is left to draft.
        NumbersExhaustedError: If there are not enough numbers of purposes.
        ImportElsewhereError: If another request goes on with it.
    """
    *_, done = portions(desk, actor, command)
    return done


def portions(desk: ExchangeDesk, actor: Actor, command: ImportRegister, *, most: int = PORTION) -> Iterator[Imported]:
    """Draft the activities of a file, at most so many in a transaction, and yield what came of it after each.

    Whatever stops it, what was drafted stays drafted, and the next import of the same goes on behind it.

    Raises:
        RegisterError: As above. Whatever is wrong with the file is told before anything is drafted.
    """
    account = check_drafts(actor)
    check_register(command.register.activities)
    digest = digest_of(command.register)
    done: Progress | None = None
    while done is None or not done.finished:
        with desk.database.write() as session:
            # Whoever drafts changes what decides: nobody else gives names or numbers before this portion ends.
            desk.writing.attestor.hold_policy_set(session)
            found = read_progress(session, desk.sealed, account, digest)
            if done is not None and found != done:
                raise ImportElsewhereError
            begun = found or _begun(session, desk.writing, actor, command)
            done = _portion(session, desk.writing, actor, (command.register, begun, most))
            if done.finished:
                _forget(session, (account, digest), command.register)
            else:
                _keep(session, desk, (account, digest), done)
        yield _imported(done)


def _portion(session: Session, desk: Desk, actor: Actor, work: tuple[ReadRegister, Progress, int]) -> Progress:
    register, before, most = work
    start = len(before.drafted)
    chosen = before.chosen[start : start + most]
    hand = Hand(session, desk, actor, before, [register.activities[each.place] for each in chosen])
    told: dict[str, JsonValue] = {"format": register.format, "file": register.digest}
    drafted = []
    for each in chosen:
        placed = register.activities[each.place]
        drafted.append(hand.draft(placed, _named(placed.activity, each.slug, each.number), told))
    done = replace(
        before,
        drafted=(*before.drafted, *drafted),
        parties=(*before.parties, *hand.parties.added),
        measures=before.measures + hand.measures.added,
        contracts=before.contracts + hand.contracts.added,
    )
    details: dict[str, JsonValue] = {
        **told,
        "drafted": len(drafted),
        "so_far": len(done.drafted),
        "of": len(done.chosen),
        "left_out": done.left_out,
        "parties": len(hand.parties.added),
        "measures": hand.measures.added,
        "contracts": hand.contracts.added,
    }
    if register.columns:
        # Which column was read as what; never what stands in one, its heading included.
        details["columns"] = {str(number): said for number, said in register.columns.items()}
    fact = Fact(retention=Retention.EVIDENCE, action=Action.IMPORT, actor=actor, object_type=REGISTER, details=details)
    record(session, fact)
    return done


def _begun(session: Session, desk: Desk, actor: Actor, command: ImportRegister) -> Progress:
    """Return what is to be drafted of a file, once nothing stands against any of it."""
    candidates = _beside(session, command.register)
    undecided = [each.clashes_with for place, each in enumerate(candidates) if _fate(command, place, each) is None]
    if undecided:
        raise NameClashError(slugs=tuple(str(each) for each in dict.fromkeys(undecided)))
    chosen = [
        Chosen(place=place, slug=each.named.slug, number=each.number)
        for place, each in enumerate(candidates)
        if _fate(command, place, each) is Fate.DRAFT
    ]
    if not chosen:
        raise NothingToImportError
    wanted = [command.register.activities[each.place] for each in chosen]
    check_measures(session, desk, actor, wanted)
    check_numbers(session, sum(len(each.activity.purposes) for each in wanted))
    return Progress(chosen=chosen, left_out=len(candidates) - len(chosen))


def _keep(session: Session, desk: ExchangeDesk, whose: tuple[uuid.UUID, str], done: Progress) -> None:
    account, digest = whose
    state, until = seal_progress(desk.sealed, account, digest, done), desk.writing.clock.now() + KEPT
    row = session.get(RegisterImport, whose)
    if row is None:
        session.add(RegisterImport(account_id=account, digest=digest, state=state, expires_at=until))
    else:
        row.state, row.expires_at = state, until


def _forget(session: Session, whose: tuple[uuid.UUID, str], register: ReadRegister) -> None:
    """Forget how far an import had come that is through; the file waits no more."""
    account, digest = whose
    session.execute(delete(RegisterImport).where(RegisterImport.account_id == account, RegisterImport.digest == digest))
    session.execute(
        delete(RegisterUpload).where(RegisterUpload.account_id == account, RegisterUpload.digest == register.digest)
    )


def _imported(done: Progress) -> Imported:
    return Imported(
        drafted=list(done.drafted),
        left_out=done.left_out,
        parties=len(done.parties),
        measures=done.measures,
        contracts=done.contracts,
    )


def _beside(session: Session, register: ReadRegister) -> list[Candidate]:
    there = session.execute(select(Activity.slug, Activity.name_fr, Activity.state).order_by(Activity.id)).all()
    slugs = {row.slug for row in there}
    names = {_plain(row.name_fr): row.slug for row in there if row.state is not ActivityState.RETIRED}
    return list(_candidates(register, slugs, names))


def _fate(command: ImportRegister, place: int, candidate: Candidate) -> Fate | None:
    if place in command.fates:
        return command.fates[place]
    return Fate.DRAFT if candidate.clashes_with is None else command.clashing


def _candidates(register: ReadRegister, slugs: Collection[str], names: Mapping[str, str]) -> Iterator[Candidate]:
    # What the file itself will take is taken too.
    taken = TakenSlugs([*slugs, *(each.activity.slug for each in register.activities)])
    called = set(names)
    for placed in register.activities:
        activity = placed.activity
        by_name = names.get(_plain(activity.name_fr))
        slug = taken.free(activity.slug) if activity.slug in slugs else activity.slug
        number = 0 if by_name is None else _free_number(activity, called)
        named = _named(activity, slug, number)
        called.add(_plain(named.name_fr))
        clash = activity.slug if activity.slug in slugs else by_name
        yield Candidate(placed=placed, clashes_with=clash, named=named, number=number)


def _free_number(activity: WrittenActivity, names: Collection[str]) -> int:
    """Return the first number, from 2, behind which nothing on file is called so."""
    return next(each for each in itertools.count(2) if _plain(_numbered(activity.name_fr, each)) not in names)


def _named(activity: WrittenActivity, slug: str, number: int) -> WrittenActivity:
    if number == 0:
        return activity if slug == activity.slug else replace(activity, slug=slug)
    return replace(
        activity,
        slug=slug,
        name_fr=_numbered(activity.name_fr, number),
        name_en=_numbered(activity.name_en, number),
    )


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _numbered(name: str, number: int) -> str:
    behind = f" ({number})"
    return f"{name[: LABEL_LENGTH - len(behind)]}{behind}"
