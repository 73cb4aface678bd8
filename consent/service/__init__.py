"""The use cases of consent, one file each."""

from consent.service.looking import consent_history, consent_status
from consent.service.objecting import Objection, object_to
from consent.service.recording import record_consent, record_many, withdraw_consent
from consent.values import BatchReport, ConsentRecord, ConsentRef, Desk, History, RecordEvent, Withdraw

__all__ = [
    "BatchReport",
    "ConsentRecord",
    "ConsentRef",
    "Desk",
    "History",
    "Objection",
    "RecordEvent",
    "Withdraw",
    "consent_history",
    "consent_status",
    "object_to",
    "record_consent",
    "record_many",
    "withdraw_consent",
]
