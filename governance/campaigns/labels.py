"""What the rules are called in words; marked for translation."""

from collections.abc import Mapping
from typing import Final

from governance.campaigns.reasons import Reason
from governance.campaigns.rules import Recipient
from governance.errors import mark

RECIPIENT_LABELS: Final[Mapping[Recipient, str]] = {
    Recipient.CONSUMER: mark("Consumers"),
    Recipient.PROFESSIONAL: mark("Professionals, about their profession"),
}

REASON_LABELS: Final[Mapping[Reason, str]] = {
    Reason.DECEASED: mark("The person has died."),
    Reason.ERASED: mark("Their data were erased."),
    Reason.RESTRICTED: mark("The use of their data is restricted."),
    Reason.OBJECTED: mark("They objected to prospecting."),
    Reason.SUPPRESSED: mark("They are on a list of people who are not to be solicited."),
    Reason.MINOR_ALONE: mark("They are too young to consent alone, and no holder of parental authority agreed."),
    Reason.NO_RULE: mark("No rule opens this channel to them."),
    Reason.REFUSED: mark("They refused to be solicited by this channel."),
    Reason.WITHDRAWN: mark("They withdrew their consent."),
    Reason.INVALIDATED: mark("Their consent cannot be proven."),
    Reason.EXPIRED: mark("Their consent has run out."),
    Reason.UNANSWERED: mark("They were asked for their consent, and did not answer."),
    Reason.NEVER_ASKED: mark("They were never asked for their consent."),
    Reason.NEVER_BOUGHT: mark("They bought nothing from this seller."),
    Reason.NOT_SIMILAR: mark("The message is not about products similar to what they bought."),
    Reason.NO_OBJECTION_AT_COLLECTION: mark("They could not object when their address was collected."),
    Reason.NO_OBJECTION_IN_MESSAGE: mark("The message offers no simple way to object."),
    Reason.NO_CONTRACT: mark("No contract with them is running."),
    Reason.NOT_ITS_OBJECT: mark("The call is not about the object of their contract."),
    Reason.RESTING: mark("They refused during a call a short time ago."),
    Reason.TOO_OFTEN: mark("They were called as often as the rules allow."),
    Reason.PUBLIC_HOLIDAY: mark("It is a public holiday."),
    Reason.CLOSED_DAY: mark("Nobody may be called on this day of the week."),
    Reason.OUT_OF_HOURS: mark("Nobody may be called at this hour."),
}

# Of what no file of rules can change; every other reason has the article of its rule.
ABSOLUTE_ARTICLES: Final[Mapping[Reason, str]] = {
    Reason.DECEASED: mark("French Data Protection Act, Art. 85"),
    Reason.ERASED: "GDPR Art. 17",
    Reason.RESTRICTED: "GDPR Art. 18(2)",
    Reason.OBJECTED: "GDPR Art. 21(2)",
    Reason.SUPPRESSED: "GDPR Art. 21(3)",
}
