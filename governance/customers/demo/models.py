"""How far the loading of the demonstration has come."""

from sqlalchemy import CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base


class DemoStep(Base, kw_only=True):
    """One step of loading: each batch and the advance of `done` are one transaction, so a killed load goes on.

    Attributes:
        name: The step.
        seed: What its lots are drawn from.
        today: The day from which dates are counted back, as ISO 8601; the same for every batch.
        done: Items loaded.
        complete: Whether that is all of them.
    """

    __tablename__ = "demo_step"
    __table_args__ = (CheckConstraint("done >= 0", name="done_positive"),)

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    seed: Mapped[str] = mapped_column(String(64))
    today: Mapped[str] = mapped_column(String(10))
    done: Mapped[int] = mapped_column(Integer(), default=0)
    complete: Mapped[bool] = mapped_column(default=False)
