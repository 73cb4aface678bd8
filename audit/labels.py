"""What the words of the log are called on the pages; marked for translation."""

from collections.abc import Mapping
from typing import Final

from audit.entries import Action, Outcome, Retention
from governance.actor import ActorKind
from governance.errors import mark

ACTION_LABELS: Final[Mapping[Action, str]] = {
    Action.SIGN_IN: mark("Sign-in"),
    Action.SIGN_OUT: mark("Sign-out"),
    Action.READ: mark("Read"),
    Action.CREATE: mark("Created"),
    Action.CHANGE: mark("Changed"),
    Action.DELETE: mark("Deleted"),
    Action.EXPORT: mark("Exported"),
    Action.IMPORT: mark("Imported"),
    Action.POLICY: mark("Policy"),
    Action.REFUSAL: mark("Refusal"),
    Action.CONSENT: mark("Consent"),
    Action.KEY: mark("Keys"),
    Action.CHECK: mark("Check"),
    Action.JOB: mark("Work"),
    Action.PURGE: mark("Purge"),
    Action.ACCOUNT: mark("Account"),
    Action.NOTIFY: mark("Notification"),
    Action.START: mark("Start"),
    Action.SETTING: mark("Setting"),
    Action.DECIDE: mark("Decision"),
    Action.SWITCH: mark("Purpose switched"),
}

OUTCOME_LABELS: Final[Mapping[Outcome, str]] = {
    Outcome.DONE: mark("done"),
    Outcome.REFUSED: mark("refused"),
    Outcome.FAILED: mark("failed"),
}

# The class of an entry decides how long it is kept.
CLASS_LABELS: Final[Mapping[Retention, str]] = {
    Retention.ACCESS: mark("Access"),
    Retention.EVIDENCE: mark("Evidence"),
    Retention.WRITE: mark("Writes"),
    Retention.SECURITY: mark("Security events"),
}

# Who acts without a name: the house itself, or somebody at the terminal of its host.
KIND_LABELS: Final[Mapping[ActorKind, str]] = {
    ActorKind.PERSON: mark("a person"),
    ActorKind.PROGRAM: mark("a program"),
    ActorKind.HOST: mark("the host"),
    ActorKind.SYSTEM: mark("Égide itself"),
}

# What is done something to. Tables that are not among these go by their own name.
OBJECT_LABELS: Final[Mapping[str, str]] = {
    "access-request": mark("access request"),
    "account": mark("account"),
    "activity": mark("processing activity"),
    "audit-entries": mark("entries of the log"),
    "behaviour": mark("behaviour"),
    "companies": mark("companies"),
    "consent": mark("consent"),
    "contacts": mark("contacts"),
    "customers": mark("customers"),
    "data-map": mark("data map"),
    "demonstration": mark("demonstration"),
    "epoch": mark("epoch of keys"),
    "equipment": mark("equipment"),
    "exchanges": mark("exchanges"),
    "grant": mark("grant"),
    "import-file": mark("file to import"),
    "installation": mark("installation"),
    "job": mark("work in the background"),
    "link": mark("one-time link"),
    "log": mark("log"),
    "objection": mark("objection"),
    "order_lines": mark("order lines"),
    "orders": mark("orders"),
    "party": mark("organisation"),
    "policy-set": mark("set of policies"),
    "products": mark("products"),
    "role": mark("role"),
    "route": mark("page or route"),
    "session": mark("session"),
    "token": mark("token"),
    "unknown": mark("what is not in the data map"),
}

# The parts of an entry's details that people look for; others go by their own name.
DETAIL_LABELS: Final[Mapping[str, str]] = {
    "accepted": mark("Rows accepted"),
    "account": mark("Account"),
    "action": mark("Action asked for"),
    "activity": mark("Activity"),
    "alone": mark("Without a second person"),
    "altered": mark("Altered"),
    "before": mark("Older than"),
    "asked_for": mark("Asked for"),
    "boxes": mark("Sealed boxes"),
    "categories": mark("Categories"),
    "category": mark("Category"),
    "clear": mark("in clear"),
    "count": mark("Count"),
    "customers": mark("Customers"),
    "differences": mark("Differences"),
    "digest": mark("Digest"),
    "entries": mark("Entries"),
    "exact_lookup": mark("Exact look-up only"),
    "fields": mark("Fields"),
    "filters": mark("Filtered by"),
    "form": mark("Form"),
    "from": mark("From the purpose"),
    "generalised": mark("generalised"),
    "ground": mark("Ground"),
    "in_conflict": mark("In conflict"),
    "in_force": mark("In force"),
    "holders": mark("Holders of the role"),
    "kind": mark("Kind of person"),
    "kinds": mark("Kinds of people"),
    "left_out": mark("Left out"),
    "masked": mark("masked"),
    "method": mark("Method"),
    "objects": mark("Objects"),
    "observed": mark("Would be refused once enforced"),
    "own": mark("Own token"),
    "password": mark("Password set"),
    "policies": mark("Policies"),
    "policy_epoch": mark("State of the policies"),
    "pseudonym": mark("pseudonym"),
    "ranges": mark("Places"),
    "reason": mark("Reason"),
    "reasons": mark("Reasons"),
    "refused": mark("Rows refused"),
    "restricted": mark("Restricted people"),
    "revision": mark("Revision"),
    "role": mark("Role"),
    "rows": mark("Rows"),
    "sessions": mark("Sessions"),
    "state": mark("State"),
    "to": mark("To the purpose"),
    "tokens": mark("Tokens"),
    "valid_from": mark("Valid from"),
    "valid_to": mark("Valid until"),
    "verb": mark("Step"),
    "words": mark("In words"),
}
