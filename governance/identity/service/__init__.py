"""The use cases of identity, one file each."""

from governance.identity.service.accounts import (
    NewAccount,
    account_by_email,
    account_by_id,
    add_account,
    change_password,
    disable_account,
    list_accounts,
    normalise_email,
    prepare_password,
)
from governance.identity.service.actors import (
    OnBehalf,
    actor_of_email,
    actor_of_session,
    actor_of_token,
)
from governance.identity.service.roles import (
    NewRole,
    assign_role,
    countersign_role,
    name_first_controller,
    revoke_role,
    roles_in_force,
)
from governance.identity.service.tokens import (
    IssuedToken,
    NewToken,
    add_token,
    countersign_token,
    list_tokens,
    revoke_token,
)

__all__ = [
    "IssuedToken",
    "NewAccount",
    "NewRole",
    "NewToken",
    "OnBehalf",
    "account_by_email",
    "account_by_id",
    "actor_of_email",
    "actor_of_session",
    "actor_of_token",
    "add_account",
    "add_token",
    "assign_role",
    "change_password",
    "countersign_role",
    "countersign_token",
    "disable_account",
    "list_accounts",
    "list_tokens",
    "name_first_controller",
    "normalise_email",
    "prepare_password",
    "revoke_role",
    "revoke_token",
    "roles_in_force",
]
