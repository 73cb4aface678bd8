"""What campaigns refuse. Facts hold slugs and states, never an address."""

from dataclasses import dataclass
from typing import ClassVar

from governance.campaigns.errors import CampaignsError
from governance.errors import mark


@dataclass(kw_only=True, eq=False)
class CampaignNotForYouError(CampaignsError):
    """Something about campaigns that is for other roles to do."""

    message: ClassVar[str] = mark("Campaigns are written and launched by {roles}.")
    roles: str


@dataclass(kw_only=True, eq=False)
class CampaignNotFoundError(CampaignsError):
    """No campaign has this identifier."""

    message: ClassVar[str] = mark("There is no campaign {reference}.")
    reference: str


@dataclass(kw_only=True, eq=False)
class CampaignStateError(CampaignsError):
    """A step that a campaign cannot take any more, or not yet."""

    message: ClassVar[str] = mark("A campaign that is {state} cannot {verb}.")
    state: str
    verb: str


@dataclass(kw_only=True, eq=False)
class NotByMailError(CampaignsError):
    """A purpose for which nobody agreed to e-mail."""

    message: ClassVar[str] = mark(
        "The purpose {purpose} does not rest on consent to e-mail, so nobody is written to for it."
    )
    purpose: str


@dataclass(kw_only=True, eq=False)
class NoSenderError(CampaignsError):
    """A campaign without a mail server: nothing could leave."""

    message: ClassVar[str] = mark("No mail server is set: nothing could be sent.")
