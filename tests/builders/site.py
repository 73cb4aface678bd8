"""A site in a real browser."""

import itertools
import uuid
from dataclasses import dataclass, field
from typing import Final

import pyotp
from playwright.sync_api import Browser, Page
from sqlalchemy import update

from audit.transaction import unrecorded
from governance.actor import Actor, ActorKind, Role
from governance.app import second_door
from governance.identity.doorkeeper import Doorkeeper, SignIn
from governance.identity.factors.models import FactorUse
from governance.identity.models import Account, SignInMethod
from governance.identity.second_door import Visit
from governance.identity.service import NewSession, account_by_email, open_session
from governance.identity.service.totp import AddTotp
from governance.web.signed_in import PLAIN_COOKIE
from governance.wiring import Wired
from tests.demonstration import Home, email_of

_PLACES: Final = itertools.count()


@dataclass(frozen=True)
class Site:
    """Where the pages are, and how to come in."""

    address: str
    home: Home
    wired: Wired
    browser: Browser
    apps: dict[Role, "EnrolledApp"] = field(default_factory=dict)

    def page(self, language: str = "en", *, width: int = 1280, scheme: str = "light") -> Page:
        """Open a browser of somebody who has never been here; every message of its console is kept."""
        context = self.browser.new_context(
            locale="fr-FR" if language == "fr" else "en-GB",
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            base_url=self.address,
            accept_downloads=True,
            extra_http_headers={"X-Forwarded-For": f"198.51.100.{next(_PLACES) % 250 + 1}"},
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    def signed_in(
        self,
        role: Role,
        language: str = "en",
        *,
        width: int = 1280,
        scheme: str = "light",
        second_factor: bool = False,
    ) -> Page:
        """Sign in through the page, as the member of the staff in a role.

        Args:
            role: Which member of the staff.
            language: Of the browser.
            width: Of the window.
            scheme: `light` or `dark`.
            second_factor: Show one too: a code of an app, which is added for them the first time. From then on that
                member of the staff needs it at every sign-in, and has it shown whether asked for here or not.
        """
        self._forget_language(role)
        if second_factor and role not in self.apps:
            self.add_app(role)
        page = self.page(language, width=width, scheme=scheme)
        page.goto("/sign-in")
        page.fill("input[name=email]", email_of(role))
        page.fill("input[name=password]", self.home.password(role))
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        if role in self.apps:
            page.wait_for_url(lambda url: "/second-factor" in url)
            page.fill("input[name=code]", self.next_code(role))
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: "second-factor" not in url)
        return page

    def come_in(self, role: Role, language: str = "en", *, width: int = 1280, scheme: str = "light") -> Page:
        """Open a browser in which somebody has signed in already, with all that is asked of them."""
        page = self.page(language, width=width, scheme=scheme)
        self.come_in_again(page, role)
        return page

    def come_in_again(self, page: Page, role: Role) -> None:
        """Let somebody sign in anew, with all that is asked of them."""
        page.context.add_cookies([{"name": PLAIN_COOKIE, "value": self.session_of(role), "url": self.address}])

    def session_of(self, role: Role) -> str:
        """Open a session of the member of the staff in a role, second factor shown, and return its secret."""
        wired = self.wired
        self._forget_language(role)
        with wired.write() as session:
            account = account_by_email(session, email_of(role))
            actor = Actor(kind=ActorKind.PERSON, id=account.id, roles=frozenset())
            new = NewSession(method=SignInMethod.PASSWORD, address=None, second_factor_at=wired.clock.now())
            return str(open_session(session, wired.clock, wired.ids, account, actor, new).secret)

    def next_code(self, role: Role) -> str:
        """Return a code that is good now. Tests sign in more often than every 30 seconds, so the count starts again."""
        app, wired = self.apps[role], self.wired
        mac = wired.attestor.mac(FactorUse.__tablename__, app.id, 0)
        with wired.write() as session:
            unrecorded(session, "a test lets a code be good twice")
            session.execute(update(FactorUse).where(FactorUse.id == app.id).values(counter=0, mac=mac))
        return pyotp.TOTP(app.secret).at(wired.clock.now())

    def add_app(self, role: Role) -> None:
        """Take an authenticator app into use for the member of the staff in a role."""
        wired, door = self.wired, second_door(self.wired)
        keeper = Doorkeeper(
            database=wired.database,
            clock=wired.clock,
            ids=wired.ids,
            attestor=wired.attestor,
            log=wired.log,
            hasher=wired.passwords,
        )
        opened = keeper.sign_in(SignIn(email=email_of(role), password=self.home.password(role)))
        admission = keeper.by_session(opened.secret, None)
        assert admission is not None
        visit = Visit(session_id=opened.session_id, account_id=opened.account.id, actor=admission.actor)
        draft = door.draft_totp(visit)
        code = pyotp.TOTP(draft.secret).at(wired.clock.now())
        door.add_totp(
            visit, AddTotp(account_id=visit.account_id, id=draft.id, sealed=draft.sealed, code=code, name="Pixel")
        )
        self.apps[role] = EnrolledApp(draft.id, draft.secret)

    def _forget_language(self, role: Role) -> None:
        # A language that another test chose on the page would win over the one of this browser.
        accounts = Account.__table__
        with self.wired.write() as session:
            unrecorded(session, "a test forgets a language")
            session.execute(
                update(accounts).where(accounts.c.email == email_of(role)).values(locale_chosen=False)  # type: ignore[arg-type]
            )


@dataclass(frozen=True)
class EnrolledApp:
    """An authenticator app that a member of the staff has added."""

    id: uuid.UUID
    secret: str = field(repr=False)
