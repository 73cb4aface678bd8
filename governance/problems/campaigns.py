"""What campaigns refuse."""

from http import HTTPStatus
from typing import Final

import governance.campaigns.errors as campaigns
import governance.campaigns.sending.errors as sending
from governance.problems.rows import Rows

ROWS: Final[Rows] = {
    HTTPStatus.FORBIDDEN: (campaigns.RulesDecisionError, sending.CampaignNotForYouError),
    HTTPStatus.NOT_FOUND: (sending.CampaignNotFoundError,),
    HTTPStatus.CONFLICT: (
        campaigns.RulesUnchangedError,
        sending.CampaignStateError,
        sending.NoSenderError,
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (campaigns.RulesFileError, sending.NotByMailError),
    HTTPStatus.INTERNAL_SERVER_ERROR: (campaigns.RulesClosedError,),
}
