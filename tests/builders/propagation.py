"""A subscriber over real HTTP on this host, who may be away, refuse, or say that they are gone."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sqlalchemy import func, select

from audit.log import Log
from audit.models import LogEntry
from audit.transaction import unrecorded
from consent.propagation.delivering import Propagation
from consent.propagation.sending import HttpPost, Post
from consent.propagation.service.feed import Stretch, acknowledge, read_feed
from consent.propagation.service.keeping import add_subscriber, move_subscriber, redirect_subscriber
from consent.propagation.service.looking import DeliveryQuery, list_deliveries, record_of
from consent.propagation.values import (
    DeliveryRecord,
    DeliveryState,
    Issued,
    NewSubscriber,
    SubscriberRecord,
    SubscriberVerb,
    Way,
    Whereto,
)
from consent.propagation.values import Desk as PropagationDesk
from consent.service import Desk, RecordEvent, record_consent
from consent.states import EventKind, Method
from governance.actor import Actor, ActorKind, Role
from governance.database import Database
from governance.identity.bearer import hash_secret, new_secret
from governance.identity.models import ApiToken
from governance.ids import TimeOrderedIds
from governance.jobs.worker import Worker
from governance.vault.sealed_values import SealedValues
from governance.vocabulary import Channel
from tests.builders.ground import StandingClock, an_actor

CONTROLLER = an_actor(Role.CONTROLLER)
DPO = an_actor(Role.DPO)
SUPPORT = an_actor(Role.SUPPORT)


def an_event(kind: EventKind, subject_id: int = 1, purpose: str = "newsletter") -> RecordEvent:
    """Return something that a person says now."""
    channel = Channel.TELEPHONE if purpose == "calls" else Channel.EMAIL
    return RecordEvent(subject_id=subject_id, purpose=purpose, channel=channel, kind=kind, method=Method.CHECKBOX)


@dataclass(frozen=True)
class Received:
    """One post, as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def told(self) -> dict[str, Any]:
        """What it says of the change."""
        data: dict[str, Any] = json.loads(self.body)["data"]
        return data


@dataclass
class Receiver:
    """What a subscriber received, and how it answers.

    Attributes:
        answers: The status for a post; 204 unless a test says otherwise.
        away: Whether nobody listens at its address.
        location: Where an answer sends on to.
    """

    port: int = 0
    got: list[Received] = field(default_factory=list)
    answers: Callable[[Received], int] = lambda _: 204
    location: str | None = None
    connections: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def persons(self) -> list[tuple[int, str]]:
        """Whose choice was told, and what it is now, in the order in which it arrived."""
        return [(each.told["subject_id"], each.told["state"]) for each in self.got]

    def refuse(self, status: int, *subjects: int) -> None:
        """Refuse what is about these people, or everything where none are named."""
        self.answers = lambda post: status if not subjects or post.told["subject_id"] in subjects else 204

    def take(self) -> None:
        """Take everything."""
        self.answers = lambda _: 204

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen at the address, the same each time."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                receiver.connections += 1
                super().setup()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                post = Received(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
                status = receiver.answers(post)
                receiver.got.append(post)
                self.send_response(status)
                if receiver.location is not None:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base's name
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        server.daemon_threads = True
        self.port = server.server_port
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        try:
            yield
        finally:
            server.shutdown()
            serving.join()
            server.server_close()


@dataclass
class Telling:
    """The house of a test, and what it does."""

    database: Database
    clock: StandingClock
    log: Log
    consents: Desk
    desk: PropagationDesk
    seal: SealedValues

    def worker(self, post: Callable[[], Post] | None = None) -> Worker:
        """Return a worker that knows nothing but how to tell changes."""
        propagation = Propagation(
            database=self.database,
            clock=self.clock,
            attestor=self.desk.attestor,
            seal=self.seal,
            post=post or HttpPost,
        )
        worker = Worker(self.database, self.clock, TimeOrderedIds(), [propagation.handler()])
        worker.enqueue_periodic()
        return worker

    def work(self) -> int:
        """Work until nothing is left to do now, and return how many steps it took."""
        worker, steps = self.worker(), 0
        while worker.run_once():
            steps += 1
        return steps

    def subscribe(self, address: str, name: str = "the newsletter's system", **more: object) -> Issued:
        """Let a webhook be told."""
        command = NewSubscriber(name=name, way=Way.WEBHOOK, whereto=Whereto(address=address), **more)  # type: ignore[arg-type] # fields
        with self.database.write() as session:
            return add_subscriber(session, self.desk, self.seal, CONTROLLER, command)

    def a_program(self, role: Role = Role.SERVICE, *, in_force: bool = True) -> Actor:
        """Return a program, with a token of its own."""
        now = self.clock.now()
        token = ApiToken(
            id=self.desk.ids.new(),
            name=f"a program {self.desk.ids.new()}",
            role=role,
            secret_hash=hash_secret(new_secret()) if in_force else None,
            made_by=None,
            made_at=now,
            countersigned_at=now if in_force else None,
        )
        with self.database.write() as session:
            session.add(token)
            unrecorded(session, "a test's program")
        return Actor(kind=ActorKind.PROGRAM, id=token.id, roles=frozenset({role}))

    def feed(self, program: Actor, purposes: frozenset[str] | None = None) -> Issued:
        """Let a program read a feed."""
        whereto = Whereto(token_id=program.id)
        command = NewSubscriber(name=f"feed {self.desk.ids.new()}", way=Way.FEED, whereto=whereto, purposes=purposes)
        with self.database.write() as session:
            return add_subscriber(session, self.desk, self.seal, CONTROLLER, command)

    def read(self, program: Actor, after: int = 0, limit: int = 100) -> Stretch:
        with self.database.read() as session:
            return read_feed(session, self.desk, self.log, program, (after, limit))

    def acknowledge(self, program: Actor, through: int) -> int:
        with self.database.write() as session:
            return acknowledge(session, self.desk, program, through)

    def entries(self) -> int:
        """Return how many entries the log holds."""
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(LogEntry)) or 0

    def say(self, kind: EventKind, subject_id: int = 1, purpose: str = "newsletter") -> None:
        """Record what a person says, each time a minute later."""
        self.clock.advance(minutes=1)
        event = an_event(kind, subject_id, purpose)
        with self.database.write() as session:
            record_consent(session, self.consents, SUPPORT, event)

    def give(self, *subject_ids: int) -> None:
        for subject_id in subject_ids:
            self.say(EventKind.GIVEN, subject_id)

    def withdraw(self, *subject_ids: int) -> None:
        for subject_id in subject_ids:
            self.say(EventKind.WITHDRAWN, subject_id)

    def move(self, subscriber: Issued, verb: SubscriberVerb) -> SubscriberRecord:
        with self.database.write() as session:
            return move_subscriber(session, self.desk, CONTROLLER, subscriber.subscriber.id, verb)

    def redirect(self, subscriber: Issued, **whereto: object) -> SubscriberRecord:
        to = Whereto(**whereto)  # type: ignore[arg-type] # fields
        with self.database.write() as session:
            return redirect_subscriber(session, self.desk, CONTROLLER, subscriber.subscriber.id, to)

    def record(self, subscriber: Issued) -> SubscriberRecord:
        with self.database.read() as session:
            return record_of(session, self.desk.attestor, subscriber.subscriber.id)

    def deliveries(self, subscriber: Issued, state: DeliveryState | None = None) -> list[DeliveryRecord]:
        asked = (subscriber.subscriber.id, DeliveryQuery(state=state))
        with self.database.read() as session:
            return [*list_deliveries(session, self.desk.attestor, self.log, DPO, asked).rows]
