"""What can be wrong with notices, with what data was collected for, and with the tests that open older data."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import mark
from register.errors import RegisterError


@dataclass(kw_only=True, eq=False)
class TestNotFoundError(RegisterError):
    """No compatibility test of this purpose is on file."""

    message: ClassVar[str] = mark("No compatibility test of the purpose {slug} is on file.")
    slug: str


@dataclass(kw_only=True, eq=False)
class TestNotNeededError(RegisterError):
    """Older data is open to the purpose by its basis, or because it was collected for it."""

    message: ClassVar[str] = mark("The purpose {slug} needs no compatibility test (GDPR Art. 6(4)).")
    slug: str


@dataclass(kw_only=True, eq=False)
class TestDecidedError(RegisterError):
    """What was decided stays as it was decided; to weigh it again, the decision is withdrawn first."""

    message: ClassVar[str] = mark(
        "The compatibility test of the purpose {slug} is decided. To weigh it again, the controller withdraws it first."
    )
    slug: str


@dataclass(kw_only=True, eq=False)
class PastGoneError(RegisterError):
    """Versions of a record were taken away: what data was collected for cannot be told any more."""

    message: ClassVar[str] = mark(
        "Versions of the record {slug} were taken away outside Égide: nobody can tell what its data was collected for. "
        "Have them put back from a backup first."
    )
    slug: str


@dataclass(kw_only=True, eq=False)
class TestOutgrownError(RegisterError):
    """What was weighed is less than what the purpose uses, or is proposed to use."""

    message: ClassVar[str] = mark(
        "The purpose {slug} uses data that the compatibility test did not weigh: {categories}. Write the test anew "
        "(GDPR Art. 6(4))."
    )
    slug: str
    categories: str


@dataclass(kw_only=True, eq=False)
class CollectedOnConsentError(RegisterError):
    """Where data was collected on consent, only the people can open it to something else."""

    message: ClassVar[str] = mark(
        "Data of these categories was collected on consent alone: {categories}. No compatibility test opens it to the "
        "purpose {slug}: ask for consent to it, or leave these categories out (GDPR Art. 6(4))."
    )
    slug: str
    categories: str


@dataclass(kw_only=True, eq=False)
class InformedTooEarlyError(RegisterError):
    """People cannot have been informed of a purpose before anybody kept a record of it."""

    message: ClassVar[str] = mark(
        "Nobody was informed of {slug} before its record was kept: choose that day, or a later one (GDPR Art. 13(3))."
    )
    slug: str


@dataclass(kw_only=True, eq=False)
class AlreadyBegunError(RegisterError):
    """That data on file was collected for an activity is said when it first begins, and never again."""

    message: ClassVar[str] = mark(
        "It is too late for the activity {slug}: what data on file was collected for is said as it is first submitted."
    )
    slug: str


@dataclass(kw_only=True, eq=False)
class NoticePublishedError(RegisterError):
    """What people were told does not change: other words are another version."""

    message: ClassVar[str] = mark(
        "The notice {notice} was published with other purposes. What people were told does not change: publish a new "
        "version (GDPR Art. 13(1)(c))."
    )
    notice: str
