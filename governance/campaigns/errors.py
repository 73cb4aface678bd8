"""What can be wrong with the rules of prospecting."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, mark


@dataclass(kw_only=True, eq=False)
class CampaignsError(DomainError):
    """Base of the errors of campaigns. Never raised itself."""


@dataclass(kw_only=True, eq=False)
class RulesFileError(CampaignsError):
    """A file of rules that cannot be used; says where, and why."""

    message: ClassVar[str] = mark("{file}:{line}: {reason}")
    file: str
    line: int
    reason: str


@dataclass(kw_only=True, eq=False)
class RulesClosedError(CampaignsError):
    """The file of rules in force is not one that anybody put in force: nobody is solicited until somebody looked."""

    message: ClassVar[str] = mark(
        "Nobody may be solicited: the file of rules in force {reason}. The controller looks at it, and puts one in "
        "force anew."
    )
    reason: str


@dataclass(kw_only=True, eq=False)
class RulesUnchangedError(CampaignsError):
    """A file that is in force already."""

    message: ClassVar[str] = mark("This file is in force already.")


@dataclass(kw_only=True, eq=False)
class RulesDecisionError(CampaignsError):
    """Somebody who does not decide by which rules people are solicited."""

    message: ClassVar[str] = mark("Which rules of prospecting are in force, the controller decides, in person.")
