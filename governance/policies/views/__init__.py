"""`/grants`, `/access-requests` and what goes with them."""

from governance.policies.views.grants import blueprint

__all__ = ["blueprint"]
