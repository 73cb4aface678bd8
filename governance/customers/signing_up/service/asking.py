"""Somebody sends a form: nothing is looked up, nobody is put on file, and a letter asks them to confirm.

The answer is the same whoever the address belongs to, and whether it belongs to anybody.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record, unrecorded
from governance.actor import Actor
from governance.customers.signing_up.desk import SignUpDesk
from governance.customers.signing_up.errors import NothingChosenError
from governance.customers.signing_up.models import SignUp
from governance.customers.signing_up.service.forms import ShownForm
from governance.customers.signing_up.values import OPEN_FOR, Said, SignUpRequest
from governance.jobs.queue import NewJob, enqueue

LETTER_JOB: Final = "sign-up-letter"
SIGN_UP_OF: Final = "sign-up"
GUARDIAN: Final = "guardian"
# Nobody's mailbox is filled by whoever types its address here again and again.
MOST_LETTERS: Final = 3
_WITHIN: Final = timedelta(days=1)
# A form sent twice by an impatient finger.
_DOUBLE_SUBMIT: Final = timedelta(minutes=10)


def sign_up(session: Session, desk: SignUpDesk, actor: Actor, shown: ShownForm, request: SignUpRequest) -> None:
    """Keep what somebody said until they confirm it, and write to them; the same again within minutes is once.

    Args:
        session: A writing transaction.
        desk: The time, and whose keys seal what they said.
        actor: The person.
        shown: The form that they were shown.
        request: What they said; checked.

    Raises:
        NothingChosenError: If they said yes to nothing: then nothing is kept.
    """
    if Said.YES not in request.answers.values():
        raise NothingChosenError
    now, address_hash = desk.clock.now(), desk.address_hash(request.email)
    if not _may_write(session, desk, shown, request):
        unrecorded(session, "an address that was written to enough is not written to again")
        return
    waiting = SignUp(
        id=desk.ids.new(),
        form_id=shown.form.id,
        version=shown.sheet.version,
        address_hash=address_hash,
        guardian_address_hash=desk.address_hash(request.guardian_email) if request.under_15 else None,
        guarded=bool(request.under_15),
        asked_at=now,
        expires_at=now + OPEN_FOR,
    )
    waiting.content = desk.seal(request, waiting.id)
    session.add(waiting)
    session.flush()
    for guardian in (False, True) if waiting.guarded else (False,):
        payload = {SIGN_UP_OF: str(waiting.id), GUARDIAN: guardian}
        key = f"{waiting.id}/{int(guardian)}"
        enqueue(session, desk.ids, NewJob(kind=LETTER_JOB, key=key, due_at=now, payload=payload))
    tell(session, actor, waiting.id, "sign-up", form=shown.form.slug, version=shown.sheet.version)


def tell(session: Session, actor: Actor, sign_up_id: uuid.UUID, verb: str, **details: str | int) -> None:
    """Record a step of signing up: never who they are, nor what they said."""
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.CONSENT,
            actor=actor,
            object_type=SignUp.__tablename__,
            object_id=str(sign_up_id),
            details={"verb": verb, **details},
        ),
    )


def _may_write(session: Session, desk: SignUpDesk, shown: ShownForm, request: SignUpRequest) -> bool:
    """Say whether this is new, and whether anybody concerned was written to seldom enough."""
    now, address_hash = desk.clock.now(), desk.address_hash(request.email)
    recent = _written_to(session, address_hash, now - _WITHIN)
    others = _written_to(session, desk.address_hash(request.guardian_email), now - _WITHIN) if request.under_15 else ()
    if max(len(recent), len(others)) >= MOST_LETTERS:
        return False
    return not any(
        each.form_id == shown.form.id
        and each.version == shown.sheet.version
        and each.settled_at is None
        and each.asked_at > now - _DOUBLE_SUBMIT
        and _says(desk, each) == _core(request)
        for each in recent
    )


def _written_to(session: Session, address_hash: bytes, since: datetime) -> Sequence[SignUp]:
    """Return the sign-ups for which an address was written to lately, as that of a person or of a parent."""
    concerned = or_(SignUp.address_hash == address_hash, SignUp.guardian_address_hash == address_hash)
    return session.scalars(select(SignUp).where(concerned, SignUp.asked_at > since)).all()


def _says(desk: SignUpDesk, waiting: SignUp) -> object:
    said = desk.open(waiting)
    return None if said is None else _core(said)


def _core(request: SignUpRequest) -> object:
    return (dict(request.answers), request.under_15, request.guardian_email, request.family_name, request.given_name)
