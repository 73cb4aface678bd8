"""One row or a few for each revision of the schema, as the tables were then.

Plain values and no model, for models move on and revisions do not. Moments and identifiers are converted to what each
database stores.
"""

import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from governance.clock import to_microseconds

Row = tuple[str, Mapping[str, Any]]

_AT: Final = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
_ID: Final = uuid.UUID(int=1)
_MAC: Final = bytes(17)

ROWS: Final[Mapping[str, list[Row]]] = {
    "0001": [
        (
            "job",
            {
                "id": _ID, "kind": "count", "payload": {"count": 1}, "state": "waiting", "due_at": _AT, "attempts": 0,
                "claims": 0, "progress": 0,
            },
        )
    ],
    "0002": [("audit_checkpoint", {"size": 7, "note": "egide.example/log\n7\n", "at": _AT})],
    "0003": [
        (
            "data_subject",
            {
                "id": 1, "kind": 1, "state": 3, "objections": b"", "key_version": 1, "epoch": 1, "wrapped_key": None,
                "created_at": _AT,
            },
        )
    ],
    "0004": [("source", {"id": 1, "name": "fair of Lyon"})],
    "0005": [
        (
            "account",
            {
                "id": _ID, "email": "ada@staff.example", "name": "Ada", "locale": "fr", "locale_chosen": False,
                "credentials_revision": 1, "vouched": True, "second_factor": "none", "known_to_provider": False,
                "made_at": _AT, "mac": _MAC,
            },
        )
    ],
    "0006": [
        (
            "activity",
            {
                "id": _ID, "slug": "invoicing", "name_fr": "Facturation", "name_en": "Invoicing", "reference": "",
                "description": "",
                "capacity": "controller", "state": "draft", "running": False, "mode": "observe", "revision": 1,
                "opinion_text": "", "words": "facturation", "versions": 0, "decided_alone": False, "created_at": _AT,
                "changed_at": _AT, "mac": _MAC,
            },
        ),
        (
            "purpose",
            {
                "id": 1, "slug": "invoicing", "activity_id": _ID, "standing": "proposed", "label_fr": "Facturation",
                "label_en": "Invoicing", "basis": "contract", "number_ground": "", "offences_ground": "",
                "legal_reference": "", "interest": "", "necessity": "", "balance": "", "words": "facturation",
                "mac": _MAC,
            },
        ),
    ],
    "0007": [
        (
            "consent",
            {
                "subject_id": 1, "purpose_id": 1, "channel": 1, "state": 1, "sequence": 1, "kind": 1, "method": 1,
                "occurred_at": _AT, "recorded_at": _AT, "mac": _MAC, "state_mac": _MAC,
            },
        )
    ],
    "0008": [
        (
            "answered_write",
            {
                "actor_id": _ID, "key_digest": bytes(32), "request_digest": bytes(32), "row_id": _ID, "revision": 1,
                "answered_at": _AT,
            },
        )
    ],
    "0009": [
        (
            "plan_action",
            {
                "id": _ID, "title": "Sign", "why": "", "owner_id": _ID, "due_on": date(2026, 12, 1),
                "priority": "normal", "state": "to-do", "outcome": "", "made_by": _ID, "made_at": _AT,
                "changed_at": _AT, "revision": 1, "mac": _MAC,
            },
        ),
        (
            "document",
            {
                "id": _ID, "title": "Minutes", "dated_on": date(2026, 11, 2), "version": 1, "brought_by": _ID,
                "made_at": _AT, "changed_at": _AT, "mac": _MAC,
            },
        ),
        ("document_link", {"document_id": _ID, "about": "action", "reference": str(_ID), "mac": _MAC}),
    ],
    "0010": [
        (
            "import_run",
            {
                "id": _ID, "table_name": "products", "file_digest": bytes(32), "plan_digest": bytes(32),
                "state": "finished", "purpose": "invoicing", "source": "fair of Lyon", "point": "",
                "last_row": 1, "row_count": 1, "accepted": 1, "refused": 0, "duplicates": 0, "unsolicited": 0,
                "begun_at": _AT, "changed_at": _AT, "mac": _MAC,
            },
        )
    ],
    "0011": [
        (
            "prospecting_rules",
            {
                "version": 1, "file": "rules.yaml", "text": None, "digest": "0" * 64, "since": _AT, "decided_by": _ID,
                "why": "The law is enough.", "mac": _MAC,
            },
        )
    ],
    "0012": [("crm_products", {"id": _ID, "revision": 1, "row_mac": _MAC, "reference": "L-1", "name": "Lamp"})],
}  # fmt: skip


def stored(values: Mapping[str, Any], dialect: str) -> dict[str, Any]:
    """Return the values as the database keeps them."""
    return {name: _on_sqlite(value) if dialect == "sqlite" else value for name, value in values.items()}


def _on_sqlite(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return value.bytes
    return to_microseconds(value) if isinstance(value, datetime) else value
