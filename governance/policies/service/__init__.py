"""The use cases of grants and of what is asked for, one file each."""

from governance.policies.requests import AdviseRequest, ApproveRequest, AskData, AskRole, RefuseRequest
from governance.policies.service.advising import advise_request
from governance.policies.service.asking import ask_data, ask_role, withdraw_request
from governance.policies.service.deciding import approve_request, refuse_request
from governance.policies.service.grants import (
    Desk,
    GrantFilter,
    GrantState,
    RevokeGrant,
    approve_grant,
    get_grant,
    list_grants,
    request_grant,
    revoke_grant,
    state_of,
)
from governance.policies.service.reviewing import ReviewGrants, review_grants
from governance.policies.terms import RequestGrant

__all__ = [
    "AdviseRequest",
    "ApproveRequest",
    "AskData",
    "AskRole",
    "Desk",
    "GrantFilter",
    "GrantState",
    "RefuseRequest",
    "RequestGrant",
    "ReviewGrants",
    "RevokeGrant",
    "advise_request",
    "approve_grant",
    "approve_request",
    "ask_data",
    "ask_role",
    "get_grant",
    "list_grants",
    "refuse_request",
    "request_grant",
    "review_grants",
    "revoke_grant",
    "state_of",
    "withdraw_request",
]
