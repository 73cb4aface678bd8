"""The single row that says which installation a database belongs to."""

from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base
from governance.vault.attested import Attested

ONLY: Final = 1


class Installation(Attested, Base, kw_only=True):
    """One row. Its id stands in every box's associated data, in the keyring and in the name of the log's origin.

    It is attested, for a demonstration asks nobody on the command line for a token.

    Attributes:
        identifier: 16 random bytes, the same as in the keyring.
        origin: The name under which checkpoints are signed; never changes.
        demonstration: Whether the data are fictional; every page says so.
    """

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint(f"id = {ONLY}", name="single_row"),)
    # No plan depends on it.
    __decides__: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=ONLY)
    identifier: Mapped[bytes] = mapped_column(LargeBinary(16))
    origin: Mapped[str] = mapped_column(String(255))
    demonstration: Mapped[bool]
    initialised_at: Mapped[datetime]
