"""A house in which somebody without an account is asked, and what they answer."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from governance.database import Database
from register.catalogue.models import Measure
from register.catalogue.values import MeasureDomain
from register.lines.values import Relation, Subject
from register.models import Party
from register.questionnaires.sealing import AnswerSeal
from register.questionnaires.service import AnswerDesk, Ask, Asked, ask, save_answers, send_answers
from register.questionnaires.values import Answers, Kind
from register.service import Desk
from tests.builders.lines import on_file, put, taking_part
from tests.builders.register import a_complete_draft, the_owner
from tests.builders.vault import a_keyring


@dataclass
class Asking:
    """The draft `loyalty` with a processor, and whoever asks about it."""

    database: Database
    desk: Desk
    seal: AnswerSeal
    party: Party = field(init=False)
    measure: Measure = field(init=False)

    def __post_init__(self) -> None:
        with self.database.write() as session:
            a_complete_draft(session, self.desk)
            self.party = on_file(session, self.desk)
            put(session, self.desk, Subject.PARTIES, taking_part(self.party, Relation.PROCESSOR, "Hosts the shop."))
            self.measure = Measure(
                id=self.desk.ids.new(), domain=MeasureDomain.ENCRYPTION, label_fr="Chiffrement", label_en="Encryption"
            )
            session.add(self.measure)

    @property
    def answering(self) -> AnswerDesk:
        return AnswerDesk(clock=self.desk.clock, attestor=self.desk.attestor, seal=self.seal)

    def ask(self, kind: Kind = Kind.PROCESSOR, **given: Any) -> Asked:
        """Ask, as the owner: the processor, or the till of the shop."""
        processor = kind is Kind.PROCESSOR
        who = {"party_id": self.party.id} if processor else {"whom": "The till of the shop"}
        with self.database.write() as session:
            return ask(
                session, self.desk, self.seal, the_owner(), Ask(**{"activity": "loyalty", "kind": kind, **who, **given})
            )

    def save(self, secret: str | None, answers: Answers) -> None:
        assert secret is not None
        with self.database.write() as session:
            save_answers(session, self.answering, secret, answers)

    def send(self, secret: str | None) -> None:
        assert secret is not None
        with self.database.write() as session:
            send_answers(session, self.answering, secret)

    def answered(self, answers: Answers, kind: Kind = Kind.PROCESSOR) -> Asked:
        """Ask, have it answered, and return what was asked."""
        asked = self.ask(kind)
        self.save(asked.secret, answers)
        self.send(asked.secret)
        return asked


def an_answer_seal(folder: Path) -> AnswerSeal:
    return AnswerSeal(a_keyring(folder))
