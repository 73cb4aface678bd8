"""What is refused of notices, and of telling people."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import mark
from register.errors import RegisterError


@dataclass(kw_only=True, eq=False)
class PointNotFoundError(RegisterError):
    """No collection point has this slug."""

    message: ClassVar[str] = mark("There is no collection point {reference}.")
    reference: str


@dataclass(kw_only=True, eq=False)
class PointSourceError(RegisterError):
    """A point does not say where its data come from, or does though the people themselves give them."""

    message: ClassVar[str] = mark(
        "Data that people do not give themselves come from somewhere: say where, in French and in English; and nothing "
        "where they give them (GDPR Art. 14(2)(f))."
    )


@dataclass(kw_only=True, eq=False)
class NoticeNotFoundError(RegisterError):
    """No such notice was published."""

    message: ClassVar[str] = mark("No such notice was published here.")
    slug: str
    version: int | None = None


@dataclass(kw_only=True, eq=False)
class NoticeTextMissingError(RegisterError):
    """A version that records name was never kept here: they named it before notices were published here."""

    message: ClassVar[str] = mark(
        "Version {version} of the notice {slug} is named in records, but its text was never kept here: nobody can show "
        "it now."
    )
    slug: str
    version: int


@dataclass(kw_only=True, eq=False)
class NoticeTextGoneError(RegisterError):
    """A version was published here, and its text was taken away outside Égide: no older one stands for it."""

    message: ClassVar[str] = mark(
        "Version {version} of the notice {slug} was published, and its text was taken away outside Égide. No older one "
        "is shown in its place: have it put back from a backup, or publish the notice anew."
    )
    slug: str
    version: int


@dataclass(kw_only=True, eq=False)
class InformationTaskNotFoundError(RegisterError):
    """No such task of informing people."""

    message: ClassVar[str] = mark("There is no such task.")


@dataclass(kw_only=True, eq=False)
class InformationWholeError(RegisterError):
    """A task is to be asked anew that nobody altered."""

    message: ClassVar[str] = mark("This task is as Égide wrote it: there is nothing to ask anew.")


@dataclass(kw_only=True, eq=False)
class InformationSettledError(RegisterError):
    """People were already told: what was recorded stays."""

    message: ClassVar[str] = mark("This is settled: when and how these people were told is recorded, and stays.")


@dataclass(kw_only=True, eq=False)
class MessageBrokenOffError(RegisterError):
    """A first message whose file never left whole is said to be sent, or gone on with: nobody knows who is in it."""

    message: ClassVar[str] = mark(
        "A file of the first message broke off before its end, or is still being made. Have it made again, for "
        "everybody, and record then that it was sent; or record by which other way these people were told."
    )


@dataclass(kw_only=True, eq=False)
class InformationDateError(RegisterError):
    """A day that cannot be: nobody was told tomorrow, nor before the data came."""

    message: ClassVar[str] = mark(
        "This day cannot be: data were obtained, and people told, today or before; nobody is told before the data "
        "came; and a first use that has come is put off no more."
    )


@dataclass(kw_only=True, eq=False)
class PointNotIndirectError(RegisterError):
    """Data said to come from elsewhere are said to be collected where people give them themselves."""

    message: ClassVar[str] = mark(
        "At the collection point {slug} people give their data themselves. Choose one at which the data come from "
        "elsewhere (GDPR Art. 14)."
    )
    slug: str
