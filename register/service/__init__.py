"""The use cases of the register, one file each."""

from register.service.activities import (
    ActivityChange,
    ActivityFilter,
    NewActivity,
    change_activity,
    draft_activity,
    get_activity,
    list_activities,
)
from register.service.contents import (
    DataTerms,
    Desk,
    SetPurposeData,
    SetPurposeRecipients,
    data_of,
    recipients_of,
    set_purpose_data,
    set_purpose_recipients,
)
from register.service.listing import ListedActivity, count_by_state, list_activity_rows
from register.service.notices import NoticeRef, number_notice
from register.service.parties import (
    NewParty,
    PartyChange,
    add_party,
    change_party,
    find_party,
    list_parties,
    names_in_force,
)
from register.service.people import called, possible_owners
from register.service.purposes import (
    NewPurpose,
    PurposeChange,
    add_purpose,
    change_purpose,
    end_purpose,
    get_purpose,
    keep_purpose,
    list_purposes,
)
from register.service.readiness import Prospect, prospects
from register.service.records import PurposeRecord, describe_purpose, list_purpose_records
from register.service.steps import SetMode, Step, loosened_by, move_activity, set_mode
from register.service.threads import ThreadFact, party_thread_of, thread_of
from register.service.versions import PastVersion, list_versions, past_version, revision_at

__all__ = [
    "ActivityChange",
    "ActivityFilter",
    "DataTerms",
    "Desk",
    "ListedActivity",
    "NewActivity",
    "NewParty",
    "NewPurpose",
    "NoticeRef",
    "PartyChange",
    "PastVersion",
    "Prospect",
    "PurposeChange",
    "PurposeRecord",
    "SetMode",
    "SetPurposeData",
    "SetPurposeRecipients",
    "Step",
    "ThreadFact",
    "add_party",
    "add_purpose",
    "called",
    "change_activity",
    "change_party",
    "change_purpose",
    "count_by_state",
    "data_of",
    "describe_purpose",
    "draft_activity",
    "end_purpose",
    "find_party",
    "get_activity",
    "get_purpose",
    "keep_purpose",
    "list_activities",
    "list_activity_rows",
    "list_parties",
    "list_purpose_records",
    "list_purposes",
    "list_versions",
    "loosened_by",
    "move_activity",
    "names_in_force",
    "number_notice",
    "party_thread_of",
    "past_version",
    "possible_owners",
    "prospects",
    "recipients_of",
    "revision_at",
    "set_mode",
    "set_purpose_data",
    "set_purpose_recipients",
    "thread_of",
]
