"""The files of rules that were put in force. The highest version is; without any, the program's own file is."""

import uuid
from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base
from governance.vault.attest import Attested

FILE_LENGTH: Final = 100
WHY_LENGTH: Final = 1_000


class RulesVersion(Attested, Base, kw_only=True):
    """One decision about which file of rules is in force.

    Attested, for whoever altered it would open every address of the house to solicitation.

    Attributes:
        version: Counted from 1.
        file: The file's name, for errors.
        text: The file's content; None where the program's own file was put in force again.
        digest: Of the file as it was then, see `reading.digest_of`.
        since: From when on it is in force.
        decided_by: The account that decided.
        why: In their words.
    """

    __tablename__ = "prospecting_rules"
    # No plan of the gate depends on it.
    __decides__: ClassVar[bool] = False
    __table_args__ = (CheckConstraint("version >= 1", name="version_positive"),)

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    file: Mapped[str] = mapped_column(String(FILE_LENGTH))
    text: Mapped[str | None]
    digest: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime]
    decided_by: Mapped[uuid.UUID | None]
    why: Mapped[str]
