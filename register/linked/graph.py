"""What is stated of activities, told in DPV 2.3 as JSON-LD. GDPR Art. 30."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import orjson

from governance.clock import to_rfc3339
from governance.periods import Period
from governance.vocabulary import SubjectKind
from register.catalogue.countries import EEA
from register.lines.contents import (
    AssetLine,
    DecisionLine,
    MeasureLine,
    PartyLine,
    PeopleLine,
    RightsLine,
    TransferLine,
)
from register.lines.values import Relation, Subject
from register.linked.vocabulary import (
    BASES,
    CATEGORIES,
    CONDITIONS,
    CONTEXT,
    DEROGATIONS,
    FATES,
    PEOPLE,
    RIGHTS,
    SAFEGUARDS,
    SOURCES,
    STATUSES,
)
from register.models import Party, PurposeData
from register.stated import Stated, StatedLine, StatedPurpose
from register.values import Capacity

MEDIA_TYPE: Final = "application/ld+json"
Node = dict[str, Any]
_RELATIONS: Final[Mapping[Relation, tuple[str, str]]] = {
    Relation.JOINT_CONTROLLER: ("dpv:hasDataController", "dpv:DataController"),
    Relation.PROCESSOR: ("dpv:hasDataProcessor", "dpv:DataProcessor"),
    Relation.RECIPIENT: ("dpv:hasRecipient", "dpv:ThirdParty"),
    Relation.PRINCIPAL: ("dpv:hasDataController", "dpv:DataController"),
}


def register_pieces(records: Iterable[Stated], at: datetime) -> Iterator[bytes]:
    """Yield the whole register as one JSON-LD document, an activity at a time."""
    head = {"@context": CONTEXT, "@type": "dpv:ROPA", "dct:created": moment_node(at)}
    yield orjson.dumps(head)[:-1] + b',"dpv:hasProcess":['
    between = b""
    for stated in records:
        yield between + orjson.dumps(activity_node(stated))
        between = b","
    yield b"]}"


def activity_node(stated: Stated) -> Node:
    """Return one activity."""
    activity = stated.activity
    node: Node = {
        "@id": f"urn:uuid:{activity.id}",
        "@type": "dpv:Process",
        "dct:identifier": activity.slug,
        "dct:title": both_languages(activity.name_fr, activity.name_en),
        "dct:modified": moment_node(activity.changed_at),
        "dpv:hasActivityStatus": term_node(STATUSES[activity.state]),
        "dpv:hasRight": [term_node(RIGHTS[article]) for _, article in stated.rights],
        "dpv:hasProcess": [
            *(purpose_node(stated, each) for each in stated.purposes),
            *map(_transfer, stated.lines[Subject.TRANSFERS]),
            *map(_decision, stated.lines[Subject.DECISIONS]),
        ],
    }
    if activity.description:
        node["dct:description"] = activity.description
    _entities(node, stated)
    for line in stated.lines[Subject.MEASURES]:
        _add(node, "dpv:hasTechnicalOrganisationalMeasure", _measure(line))
    for line in stated.lines[Subject.PEOPLE]:
        _add(node, "dpv:hasDataSubject", _estimated(line))
    for line in stated.lines[Subject.ASSETS]:
        assert isinstance(line.content, AssetLine)  # noqa: S101 -- each subject has one kind of content
        technology = {"@type": "dpv:Technology", "dct:title": line.content.name}
        _add(node, "dpv:isImplementedUsingTechnology", technology)
    for line in stated.lines[Subject.RIGHTS]:
        _add(node, "dpv:hasNotice", _exercised(line))
    return {name: value for name, value in node.items() if value not in ([], "")}


def _entities(node: Node, stated: Stated) -> None:
    """Say who answers for it, and who else takes part. GDPR Art. 26, 28, 30(1)(a), (d)."""
    if stated.controller is not None:
        for_others = stated.activity.capacity is Capacity.PROCESSOR
        ours = party_node(stated.controller, "dpv:DataProcessor" if for_others else "dpv:DataController")
        if stated.representative is not None:
            ours["dpv:hasRepresentative"] = party_node(stated.representative, "dpv:Representative")
        if stated.dpo is not None:
            officer = party_node(stated.dpo, "dpv:DataProtectionOfficer")
            if stated.dpo_firm is not None:
                officer["dct:isPartOf"] = party_node(stated.dpo_firm, "dpv:Organisation")
            ours["dpv:hasDataProtectionOfficer"] = officer
        _add(node, "dpv:hasDataProcessor" if for_others else "dpv:hasDataController", ours)
    for line in stated.lines[Subject.PARTIES]:
        content = line.content
        assert isinstance(content, PartyLine)  # noqa: S101 -- each subject has one kind of content
        property_, kind = _RELATIONS[content.relation]
        told: Node = {"@id": f"urn:uuid:{content.party_id}", "@type": kind, "dpv:hasName": _name(line)}
        if content.part:
            told["dct:description"] = content.part
        _add(node, property_, told)


def purpose_node(stated: Stated, each: StatedPurpose) -> Node:
    """Return one purpose of an activity."""
    purpose = each.purpose
    bases = [] if purpose.basis is None else [BASES[purpose.basis]]
    if purpose.special_condition is not None:
        bases.append(CONDITIONS[purpose.special_condition])
    node: Node = {
        "@id": f"urn:uuid:{stated.activity.id}#{purpose.slug}",
        "@type": "dpv:Process",
        "dpv:hasPurpose": {
            "@type": "dpv:Purpose",
            "dct:identifier": purpose.slug,
            "dct:title": both_languages(purpose.label_fr, purpose.label_en),
        },
        "dpv:hasLegalBasis": [term_node(basis) for basis in bases],
        "dpv:hasPersonalData": [_data(row) for row in each.data],
        "dpv:hasRecipient": [{"@type": "dpv:Recipient", "dct:identifier": role.value} for role in each.recipients],
    }
    texts = [text for text in (purpose.legal_reference, purpose.number_ground, purpose.offences_ground) if text]
    if texts:
        node["dct:bibliographicCitation"] = texts
    balancing = [text for text in (purpose.interest, purpose.necessity, purpose.balance) if text]
    if balancing:
        node["dpv:hasAssessment"] = {
            "@type": "dpv:LegitimateInterestAssessment",
            "dct:description": "\n\n".join(balancing),
        }
    return {name: value for name, value in node.items() if value != []}


def _data(row: PurposeData) -> Node:
    phases = [_phase("active", row.active_for, row)]
    if row.archived_for:
        phases.append(_phase("archive", row.archived_for, row))
    phases.append({
        "@type": "dpv:StorageCondition", "dct:identifier": "end", "dpv:hasProcessing": term_node(FATES[row.final_fate])
    })  # fmt: skip
    people = _people(row.subject_kind)
    if row.whom_fr or row.whom_en:
        people["dct:description"] = both_languages(row.whom_fr, row.whom_en)
    which = {"dct:description": both_languages(row.which_fr, row.which_en)} if row.which_fr or row.which_en else {}
    return {
        "@type": [CATEGORIES[row.category], "dpv:PersonalData"],
        "dct:identifier": row.category.value,
        **which,
        "dpv:hasDataSubject": people,
        "dpv:hasDataSource": term_node(SOURCES[row.provenance]),
        "dpv:hasNecessity": term_node("dpv:Required" if row.obligatory else "dpv:Optional"),
        "dpv:hasStorageCondition": phases,
    }


def _phase(name: str, period: Period, row: PurposeData) -> Node:
    """Tell one phase: how long it lasts, from which event, and where the period comes from."""
    node: Node = {
        "@type": "dpv:StorageCondition",
        "dct:identifier": name,
        "dpv:hasDuration": {
            "@type": "dpv:StorageDuration",
            "rdf:value": {"@type": "xsd:duration", "@value": period},
            "dct:description": f"from {row.starting_event.value}" if name == "active" else "from the end of active use",
        },
    }
    if row.retention_source:
        node["dct:source"] = row.retention_source
    return node


def _transfer(line: StatedLine) -> Node:
    content = line.content
    assert isinstance(content, TransferLine)  # noqa: S101 -- each subject has one kind of content
    country = {"dct:identifier": content.country}
    importer: Node = {"@type": "dpv:DataImporter", "dpv:hasName": content.recipient or _name(line)}
    if content.party_id is not None:
        importer["@id"] = f"urn:uuid:{content.party_id}"
    node: Node = {
        "@type": "dpv:Process",
        "dpv:hasProcessing": term_node("dpv:Transfer"),
        "dpv:hasDataImporter": importer,
    }
    if content.country in EEA:
        node["dpv:hasCountry"] = {"@type": "dpv:Country", **country}
    else:
        node["dpv:hasThirdCountry"] = {"@type": "dpv:ThirdCountry", **country}
    basis = _covering(content)
    if basis is not None:
        node["dpv:hasLegalBasis"] = term_node(basis)
    if content.grounds:
        node["dct:description"] = content.grounds
    if content.assessment:
        node["dpv:hasAssessment"] = _assessment(content)
    return node


def _covering(content: TransferLine) -> str | None:
    if content.derogation is not None:
        return DEROGATIONS[content.derogation]
    return None if content.safeguard is None else SAFEGUARDS.get(content.safeguard)


def _assessment(content: TransferLine) -> Node:
    node: Node = {"@type": "dpv:DataTransferImpactAssessment", "dct:description": content.assessment}
    if content.assessed_on is not None:
        node["dct:date"] = {"@type": "xsd:date", "@value": content.assessed_on.isoformat()}
    return node


def _decision(line: StatedLine) -> Node:
    content = line.content
    assert isinstance(content, DecisionLine)  # noqa: S101 -- each subject has one kind of content
    node: Node = {
        "@type": "dpv:Process",
        "dct:title": content.name,
        "dpv:hasProcessing": term_node("dpv:AutomatedDecisionMaking" if content.solely else "dpv:Profiling"),
    }
    told = [text for text in (content.logic, content.safeguards) if text]
    if told:
        node["dct:description"] = told
    if content.significance:
        node["dpv:hasConsequence"] = {"@type": "dpv:Consequence", "dct:description": content.significance}
    return node


def _measure(line: StatedLine) -> Node:
    assert isinstance(line.content, MeasureLine)  # noqa: S101 -- each subject has one kind of content
    node: Node = {"@type": "dpv:TechnicalOrganisationalMeasure"}
    if line.called is not None:
        node["dct:title"] = both_languages(*line.called)
    if line.content.remark:
        node["dct:description"] = line.content.remark
    return node


def _estimated(line: StatedLine) -> Node:
    assert isinstance(line.content, PeopleLine)  # noqa: S101 -- each subject has one kind of content
    scale = {"@type": "dpv:DataSubjectScale", "rdf:value": line.content.estimate}
    return {**_people(line.content.subject_kind), "dpv:hasDataSubjectScale": scale}


def _exercised(line: StatedLine) -> Node:
    content = line.content
    assert isinstance(content, RightsLine)  # noqa: S101 -- each subject has one kind of content
    return {"@type": "dpv:RightExerciseNotice", "dct:description": both_languages(content.how_fr, content.how_en)}


def _people(kind: SubjectKind) -> Node:
    return {"@type": PEOPLE[kind], "dct:identifier": kind.value}


def party_node(party: Party, kind: str) -> Node:
    """Return an organisation, as whatever it is here."""
    where = [party.address, " ".join(filter(None, [party.postcode, party.city])), party.country]
    node: Node = {
        "@id": f"urn:uuid:{party.id}",
        "@type": kind,
        "dpv:hasName": party.name,
        "dpv:hasIdentifier": party.registration,
        "dpv:hasAddress": ", ".join(filter(None, where)),
        "dpv:hasContact": [each for each in (party.email, party.telephone) if each],
    }
    return {name: value for name, value in node.items() if value not in ([], "")}


def _name(line: StatedLine) -> str:
    return "" if line.called is None else line.called[0]


def both_languages(french: str, english: str) -> list[Node]:
    """Return a text in the languages in which there is one."""
    told = (("fr", french), ("en", english))
    return [{"@language": language, "@value": text} for language, text in told if text]


def moment_node(at: datetime) -> Node:
    """Return a moment."""
    return {"@type": "xsd:dateTime", "@value": to_rfc3339(at)}


def term_node(name: str) -> Node:
    """Return a word of a vocabulary."""
    return {"@id": name}


def _add(node: Node, name: str, value: Node) -> None:
    node.setdefault(name, []).append(value)
