"""Deletes files that nobody came back to, and what is remembered of imports that nobody went on with."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, select

from audit.transaction import unrecorded
from governance.clock import Clock
from governance.database import Database
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress
from register.exchange.models import RegisterImport, RegisterUpload

_EVERY: Final = timedelta(hours=1)
_MODELS: Final = (RegisterUpload, RegisterImport)


@dataclass(frozen=True, slots=True)
class ExchangeSweep:
    """Does the jobs of the kind `register-upload-sweep`. GDPR Art. 5(1)(e)."""

    database: Database = field(repr=False)
    clock: Clock

    def handler(self) -> Handler:
        """Return how they are swept, for the worker."""
        return Handler(kind="register-upload-sweep", step=self.sweep, every=_EVERY)

    def sweep(self, _lease: Lease) -> Progress:
        """Delete what is over; where nothing is, nobody is kept from writing."""
        now = self.clock.now()
        with self.database.read() as session:
            if not any(session.scalar(select(_over(model, now).exists())) for model in _MODELS):
                return Progress(finished=True)
        with self.database.write() as session:
            unrecorded(session, "a file that waited decided nothing; what was drafted of one was recorded, and stays")
            for model in _MODELS:
                session.execute(delete(model).where(model.expires_at <= now))
        return Progress(finished=True)


def _over(model: type[RegisterUpload | RegisterImport], now: datetime) -> Select[Any]:
    return select(model.account_id).where(model.expires_at <= now)
