"""Forms: written by those who look after the register or the messages, opened by the controller, closed by either."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor, Role
from governance.customers.signing_up.desk import SignUpDesk
from governance.customers.signing_up.errors import FormNotForYouError, FormNotFoundError, FormTermsError
from governance.customers.signing_up.models import SignUpForm, SignUpSheet
from governance.customers.signing_up.values import FormTerms
from governance.errors import Phrase, listed, phrase
from governance.identity.models import ApiToken
from governance.identity.service.tokens import is_in_force
from governance.vault.errors import AttestationError
from register.declared import declared_purposes
from register.notices.errors import NoticeNotFoundError, NoticeTextGoneError
from register.permissions import account_of
from register.service import published_notice
from register.slugs import check_slug
from register.values import DeclaredPurposes, NoticeRef

FORM: Final = "sign-up-form"
WRITERS: Final = frozenset({Role.DPO, Role.OWNER, Role.MARKETING})
OPENERS: Final = frozenset({Role.CONTROLLER})
READERS: Final = WRITERS | OPENERS | {Role.AUDITOR}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownForm:
    """A form with one of its versions.

    Attributes:
        sheet: The version.
        terms: What it says.
        notice: The newest notice of its collection point, which is shown with it; None where none is published.
        lacks: What stands in the way of opening it.
    """

    form: SignUpForm
    sheet: SignUpSheet
    terms: FormTerms
    notice: NoticeRef | None = None
    lacks: Sequence[Phrase] = ()

    @property
    def is_open(self) -> bool:
        """Whether people are shown this version."""
        return self.form.open_version == self.sheet.version


def write_form(session: Session, desk: SignUpDesk, actor: Actor, slug: str, terms: FormTerms) -> ShownForm:
    """Write a form, or its next version, which people are shown once it was opened. The same again is no version.

    Raises:
        PersonRequiredError, FormNotForYouError: If it is for somebody else.
        SlugInvalidError: If the slug is none.
        FormTermsError: If a site is none.
        AttestationError: If the form was altered outside Égide.
    """
    author = _check(actor, WRITERS)
    _check_origins(terms)
    form = session.scalars(
        select(SignUpForm).where(SignUpForm.slug == check_slug(slug)).with_for_update()
    ).one_or_none()
    if form is None:
        form = SignUpForm(id=desk.ids.new(), slug=slug, versions=1, changed_at=desk.clock.now())
        session.add(form)
        session.flush()
    else:
        desk.attestor.verify(form)
        newest = _sheet(session, desk, form, form.versions)
        if FormTerms.read(newest.terms) == terms:
            return _shown(session, desk, form, newest)
        form.versions += 1
        form.changed_at = desk.clock.now()
    sheet = SignUpSheet(
        form_id=form.id,
        version=form.versions,
        terms=terms.written(),
        written_by=author,
        written_at=desk.clock.now(),
    )
    session.add(sheet)
    session.flush()
    _record(session, actor, form, "write", sheet.version)
    return _shown(session, desk, form, sheet)


def open_form(session: Session, desk: SignUpDesk, actor: Actor, slug: str) -> ShownForm:
    """Show the newest version of a form to people from now on. Twice is once.

    Raises:
        PersonRequiredError, FormNotForYouError: If it is for somebody else.
        FormNotFoundError: If there is none.
        FormTermsError: With what stands in the way.
        AttestationError: If it was altered outside Égide.
    """
    _check(actor, OPENERS)
    form = _locked(session, desk, slug)
    shown = _shown(session, desk, form, _sheet(session, desk, form, form.versions))
    if shown.lacks:
        raise FormTermsError(reason=shown.lacks[0])
    if form.open_version != form.versions:
        form.open_version, form.changed_at = form.versions, desk.clock.now()
        session.flush()
        _record(session, actor, form, "open", form.versions)
    return shown


def close_form(session: Session, desk: SignUpDesk, actor: Actor, slug: str) -> None:
    """Show a form to nobody from now on; what was sent goes on. Twice is once.

    Raises:
        PersonRequiredError, FormNotForYouError: If it is for somebody else.
        FormNotFoundError: If there is none.
        AttestationError: If it was altered outside Égide.
    """
    _check(actor, WRITERS | OPENERS)
    form = _locked(session, desk, slug)
    if form.open_version is not None:
        form.open_version, form.changed_at = None, desk.clock.now()
        session.flush()
        _record(session, actor, form, "close", form.versions)


def list_forms(session: Session, desk: SignUpDesk) -> list[ShownForm]:
    """Return every form with its newest version; one that was altered outside Égide is left out."""
    found = []
    for form in session.scalars(select(SignUpForm).order_by(SignUpForm.slug)):
        try:
            desk.attestor.verify(form)
            found.append(_shown(session, desk, form, _sheet(session, desk, form, form.versions)))
        except AttestationError:
            continue
    return found


def show_form(session: Session, desk: SignUpDesk, slug: str) -> ShownForm:
    """Return a form with its newest version, for those who look after it.

    Raises:
        FormNotFoundError: If there is none.
        AttestationError: If it was altered outside Égide.
    """
    form = _found(session, desk, slug)
    return _shown(session, desk, form, _sheet(session, desk, form, form.versions))


def form_shown_to_people(session: Session, desk: SignUpDesk, slug: str) -> ShownForm:
    """Return the version of a form that people are shown.

    Raises:
        FormNotFoundError: If there is none, it is closed, or something that it stands on is not there any more.
        AttestationError: If it was altered outside Égide.
    """
    form = _found(session, desk, slug)
    if form.open_version is None:
        raise FormNotFoundError
    shown = _shown(session, desk, form, _sheet(session, desk, form, form.open_version))
    if shown.lacks:
        raise FormNotFoundError
    return shown


def version_of(session: Session, desk: SignUpDesk, form_id: uuid.UUID, version: int) -> tuple[SignUpForm, FormTerms]:
    """Return a form and what one of its versions says.

    Raises:
        FormNotFoundError: If there is none.
        AttestationError: If it was altered outside Égide.
    """
    form = session.get(SignUpForm, form_id)
    if form is None:
        raise FormNotFoundError
    desk.attestor.verify(form)
    return form, FormTerms.read(_sheet(session, desk, form, version).terms)


def _found(session: Session, desk: SignUpDesk, slug: str) -> SignUpForm:
    form = session.scalars(select(SignUpForm).where(SignUpForm.slug == slug)).one_or_none()
    if form is None:
        raise FormNotFoundError
    desk.attestor.verify(form)
    return form


def _locked(session: Session, desk: SignUpDesk, slug: str) -> SignUpForm:
    statement = select(SignUpForm).where(SignUpForm.slug == slug).with_for_update()
    form = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if form is None:
        raise FormNotFoundError
    desk.attestor.verify(form)
    return form


def _sheet(session: Session, desk: SignUpDesk, form: SignUpForm, version: int) -> SignUpSheet:
    sheet = session.get(SignUpSheet, (form.id, version))
    if sheet is None:
        # The form counts its versions: this one was taken away.
        raise AttestationError(kind=SignUpSheet.__tablename__, reference=f"{form.slug}@{version}")
    desk.attestor.verify(sheet)
    return sheet


def _shown(session: Session, desk: SignUpDesk, form: SignUpForm, sheet: SignUpSheet) -> ShownForm:
    terms = FormTerms.read(sheet.terms)
    notice = _notice(session, desk, terms.point)
    return ShownForm(
        form=form, sheet=sheet, terms=terms, notice=notice, lacks=tuple(_lacks(session, desk, terms, notice))
    )


def _notice(session: Session, desk: SignUpDesk, point: str) -> NoticeRef | None:
    try:
        found = published_notice(session, desk.attestor, point)
    except (NoticeNotFoundError, NoticeTextGoneError):
        return None
    return NoticeRef(slug=point, version=found.text.version)


def _lacks(session: Session, desk: SignUpDesk, terms: FormTerms, notice: NoticeRef | None) -> Iterator[Phrase]:
    """Yield what stands in the way of asking. GDPR Art. 4(11): freely given, specific, informed and unambiguous."""
    declared = declared_purposes(session, desk.attestor)
    if notice is None:
        yield phrase("no notice is published at its collection point (GDPR Art. 13)")
    for question in terms.questions:
        purpose = declared.get(question.purpose)
        if purpose is None or not purpose.open or purpose.consent_channel is None:
            yield phrase("{purpose} is not in force, or does not rest on consent", purpose=question.purpose)
        elif notice is not None and not purpose.named_by & _numbers(declared, notice):
            yield phrase("the notice does not tell of {purpose}", purpose=question.purpose)
    rows = declared.get(terms.purpose)
    if rows is None or not rows.open or rows.consent_channel is not None:
        yield phrase("people cannot be put on file for {purpose}", purpose=terms.purpose)
    token = session.get(ApiToken, terms.token_id)
    if token is None or token.account_id is not None or not is_in_force(token, desk.clock.now()):
        yield phrase("its program has no token in force")


def _numbers(declared: DeclaredPurposes, notice: NoticeRef) -> set[int]:
    """Return the numbers of a version of a notice, in whatever language."""
    return {
        number
        for reference, number in declared.notices.items()
        if (reference.slug, reference.version) == (notice.slug, notice.version)
    }


def _check_origins(terms: FormTerms) -> None:
    for origin in terms.origins:
        parts = urlsplit(origin)
        alone = parts._replace(scheme="", netloc="").geturl() == ""
        secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"})
        if not (alone and secure and parts.hostname and "@" not in parts.netloc):
            raise FormTermsError(reason=phrase("a site is written as https://www.example.fr, without a path"))


def _check(actor: Actor, roles: frozenset[Role]) -> uuid.UUID:
    account = account_of(actor)
    if not actor.roles & roles:
        raise FormNotForYouError(roles=listed(sorted(roles)))
    return account


def _record(session: Session, actor: Actor, form: SignUpForm, verb: str, version: int) -> None:
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.POLICY,
            actor=actor,
            object_type=FORM,
            object_id=form.slug,
            details={"verb": verb, "version": version},
        ),
    )
