"""A proof as a receipt in JSON-LD: ISO/IEC TS 27560:2023 in the terms of DPV 2.3, with what the GDPR asks besides.

The shape that it has to have is `shapes.ttl`.
"""

from collections.abc import Mapping
from typing import Any, Final

from consent.labels import METHOD_LABELS, WEAKNESS_LABELS
from consent.receipts.values import LogPlace, Proof, ProvenEvent
from consent.states import ConsentState, EventKind
from governance.clock import to_rfc3339
from register.linked.graph import Node, both_languages, moment_node, party_node, purpose_node, term_node
from register.linked.vocabulary import BASES, CONTEXT, PEOPLE

MEDIA_TYPE: Final = "application/ld+json"
# Of the envelope: what it holds.
KIND: Final = "egide-consent-receipt"
_CONTEXT: Final = {
    **CONTEXT,
    "dpv-27560": "https://w3id.org/dpv/schema/dpv-27560#",
    "legal-eu": "https://w3id.org/dpv/legal/eu#",
    "legal-fr": "https://w3id.org/dpv/legal/fr#",
}
EVENTS: Final[Mapping[EventKind, str]] = {
    EventKind.REQUESTED: "dpv:ConsentRequested",
    EventKind.GIVEN: "dpv:ConsentGiven",
    EventKind.REFUSED: "dpv:ConsentRefused",
    EventKind.WITHDRAWN: "dpv:ConsentWithdrawn",
    EventKind.RENEWED: "dpv:RenewedConsentGiven",
    EventKind.EXPIRED: "dpv:ConsentExpired",
    EventKind.INVALIDATED: "dpv:ConsentInvalidated",
}
STATES: Final[Mapping[ConsentState, str]] = {
    ConsentState.REQUESTED: "dpv:ConsentRequested",
    ConsentState.GIVEN: "dpv:ConsentGiven",
    ConsentState.REFUSED: "dpv:ConsentRefused",
    ConsentState.WITHDRAWN: "dpv:ConsentWithdrawn",
    ConsentState.EXPIRED: "dpv:ConsentExpired",
    ConsentState.INVALIDATED: "dpv:ConsentInvalidated",
}
_UNKNOWN: Final = "dpv:ConsentUnknown"


def to_linked(proof: Proof) -> Node:
    """Return the receipt."""
    node: Node = {
        "@context": _CONTEXT,
        "@id": f"urn:uuid:{proof.receipt_id}",
        "@type": "dpv:ConsentReceipt",
        "dct:identifier": str(proof.receipt_id),
        "dct:conformsTo": term_node("dpv-27560:receipt-eu-gdpr"),
        "dct:created": moment_node(proof.at),
        "dpv:hasRecordOfActivity": _record(proof),
    }
    if proof.stated is not None and proof.stated.controller is not None:
        node["dct:publisher"] = term_node(f"urn:uuid:{proof.stated.controller.id}")
    return node


def _record(proof: Proof) -> Node:
    state = proof.record.state
    person = f"urn:uuid:{proof.principal_id}"
    return {
        "@id": f"urn:uuid:{proof.record_id}",
        "@type": "dpv:ConsentRecord",
        "dct:identifier": str(proof.record_id),
        "dct:conformsTo": term_node("dpv-27560:record-eu-gdpr"),
        "dpv:hasDataSubject": {"@id": person, "@type": PEOPLE[proof.kind]},
        "dpv:hasProcess": _process(proof),
        # What it amounts to, then every event, in the order in which they were recorded.
        "dpv:hasConsentStatus": [
            {
                "@type": _UNKNOWN if state is None else STATES[state],
                "dct:description": "holds" if proof.record.holds else "does not hold",
                "dpv:isIndicatedAtTime": moment_node(proof.at),
                "dct:provenance": "sound" if proof.sound else "altered outside Égide",
            },
            *(_event(each, person) for each in proof.events),
        ],
        "dpv:hasConsentControl": {
            "@type": "dpv:WithdrawConsent",
            "dpv:isExercisedAt": proof.base_url,
        },
    }


def _process(proof: Proof) -> Node:
    """Tell what was agreed to, as the register states it; or its name alone, where the register was altered."""
    if proof.stated is not None and proof.terms is not None:
        node = purpose_node(proof.stated, proof.terms)
        if proof.stated.controller is not None:
            node["dpv:hasDataController"] = party_node(proof.stated.controller, "dpv:DataController")
            node["dpv:hasJurisdiction"] = {
                "@type": "dpv:Location",
                "dct:identifier": proof.stated.controller.country or "FR",
            }
    else:
        basis = proof.purpose.basis
        node = {
            "@id": f"urn:uuid:{proof.purpose.activity_id}#{proof.purpose.slug}",
            "@type": "dpv:Process",
            "dpv:hasPurpose": {
                "@type": "dpv:Purpose",
                "dct:identifier": proof.purpose.slug,
                "dct:title": both_languages(proof.purpose.label_fr, proof.purpose.label_en),
            },
            "dpv:hasLegalBasis": [] if basis is None else [term_node(BASES[basis])],
        }
    node["dct:conformsTo"] = term_node("legal-eu:law-GDPR")
    node["dpv:hasAuthority"] = term_node("legal-fr:DPA-FR")
    node["dct:format"] = proof.record.ref.channel.value
    return node


def _event(proven: ProvenEvent, person: str) -> Node:
    event = proven.event
    node: Node = {
        "@type": EVENTS[event.kind],
        "dct:identifier": str(proven.place),
        "dpv:isIndicatedAtTime": moment_node(event.occurred_at),
        "dct:dateSubmitted": moment_node(event.recorded_at),
        "dpv:isIndicatedBy": term_node(person),
        "dpv:hasIndicationMethod": METHOD_LABELS[event.method],
        "dpv:hasDuration": _duration(proven),
    }
    if proven.source is not None:
        node["dct:source"] = proven.source
    if proven.notice is not None:
        shown = proven.notice
        node["dpv:hasNotice"] = {
            "@type": "dpv:PrivacyNotice",
            "dct:identifier": f"{shown.slug}/{shown.version}",
            "dct:language": shown.language,
        }
    if proven.entry is not None:
        node["dct:provenance"] = _provenance(proven.entry)
    return node | _evidence(proven)


def _duration(proven: ProvenEvent) -> Node:
    expires = proven.event.expires_at
    if expires is None:
        return {"@type": "dpv:EndlessDuration"}
    return {"@type": "dpv:UntilTimeDuration", "rdf:value": moment_node(expires)}


def _evidence(proven: ProvenEvent) -> dict[str, Any]:
    """Tell the words that were shown, and what is weak about the event."""
    weak = [] if proven.evidence is None else sorted(proven.evidence.evidence.weaknesses)
    said = [WEAKNESS_LABELS[each] for each in weak]
    if proven.evidence_gone or not proven.believed or (proven.evidence is not None and not proven.evidence.intact):
        said.append("altered outside Égide")
    told: dict[str, Any] = {"dct:description": said} if said else {}
    if proven.evidence is not None and proven.evidence.evidence.wording is not None:
        wording = proven.evidence.evidence.wording
        told["dct:title"] = {"@language": wording.language, "@value": wording.text}
        if wording.form:
            told["dct:isPartOf"] = f"{wording.form}/{wording.version}"
    return told


def _provenance(entry: LogPlace) -> Node:
    node: Node = {
        "@type": "dct:ProvenanceStatement",
        "dct:identifier": str(entry.index),
        "dct:date": {"@type": "xsd:dateTime", "@value": to_rfc3339(entry.at)},
    }
    if entry.proof is not None:
        node["dct:description"] = entry.proof
    if entry.leaf is not None:
        node["dct:hasPart"] = entry.leaf
    return node
