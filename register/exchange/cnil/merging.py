"""A sheet of our own, read again: what nobody touched is what we wrote, what somebody changed is what they wrote."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from governance.errors import phrase
from governance.vocabulary import SubjectKind
from register.exchange.cnil.card import Card, CardRow, filled_rows, same_words, seen
from register.exchange.cnil.drawing import card_of
from register.exchange.cnil.labels import NAME, REFERENCE, Section, plain
from register.exchange.cnil.understanding import understand
from register.exchange.cnil.understood import Understood
from register.exchange.written import (
    WrittenActivity,
    WrittenContact,
    WrittenMeasure,
    WrittenOfficer,
    WrittenPartaking,
    WrittenParty,
    WrittenTerms,
    WrittenTransfer,
)
from register.lines.values import Relation
from register.slugs import is_slug
from register.values import Capacity

# Parts whose labels tell the rows apart.
_BY_LABEL = frozenset({Section.DATA, Section.SENSITIVE})


def merged(ours: WrittenActivity, card: Card) -> tuple[WrittenActivity, Understood]:
    """Return what we wrote, with what was changed since on its sheet.

    Args:
        ours: The activity as the complement keeps it.
        card: Its sheet, as it is now.
    """
    drawn = card_of(ours)
    changed = {each for each in Section if not _same(card, drawn, each)}
    theirs, read = understand(card)
    read.notes.clear()
    activity = _described(ours, card, theirs)
    if Section.ACTORS in changed:
        activity = _answered_for(activity, theirs)
    if Section.PURPOSES in changed:
        activity = _purposed(activity, theirs)
    if changed & {Section.DATA, Section.SENSITIVE, Section.PEOPLE}:
        activity = _used(activity, theirs, read)
    if Section.RECIPIENTS in changed:
        activity = _received(activity, theirs)
    if Section.MEASURES in changed:
        activity = replace(activity, measures=tuple(_measures(activity.measures, card.rows(Section.MEASURES), theirs)))
    if Section.TRANSFERS in changed:
        activity = replace(activity, transfers=tuple(_transfers(activity.transfers, theirs.transfers)))
    return activity, read


def _same(card: Card, drawn: Card, section: Section) -> bool:
    if section not in _BY_LABEL:
        return same_words(card.rows(section), drawn.rows(section))
    labels = [[plain(row.label) for row in filled_rows(each, section)] for each in (card, drawn)]
    return labels[0] == labels[1] and same_words(card.rows(section), drawn.rows(section))


def _described(ours: WrittenActivity, card: Card, theirs: WrittenActivity) -> WrittenActivity:
    name, reference = card.said(NAME), card.said(REFERENCE)
    activity = ours
    if name is not None and seen(name[0]) != seen(ours.name_fr):
        activity = replace(activity, name_fr=theirs.name_fr, name_en=theirs.name_en)
    if reference is None or seen(reference[0]) == seen(ours.reference or ours.slug):
        return activity
    if is_slug(reference[0]):
        return replace(activity, slug=reference[0], reference="")
    return replace(activity, reference=theirs.reference)


def _acted_for(ours: WrittenActivity, theirs: WrittenActivity) -> WrittenActivity:
    """Return whom it is done for: the first controller of the sheet is the first of them."""
    named = theirs.controller
    place = next((place for place, each in enumerate(ours.parties) if each.relation is Relation.PRINCIPAL), None)
    if named is None or place is None:
        return ours
    before = ours.parties[place]
    party = replace(before, party=_same_party(named, before.party))
    parties = (*ours.parties[:place], party, *ours.parties[place + 1 :])
    return replace(ours, parties=parties)


def _answered_for(ours: WrittenActivity, theirs: WrittenActivity) -> WrittenActivity:
    if ours.capacity is Capacity.PROCESSOR:
        return _acted_for(ours, theirs)
    joint = [each for each in theirs.parties if each.relation is Relation.JOINT_CONTROLLER]
    others = [each for each in ours.parties if each.relation is not Relation.JOINT_CONTROLLER]
    kept = [_known(each, ours.parties) for each in joint]
    controller = theirs.controller
    if controller is not None and ours.controller is not None:
        controller = _same_party(controller, ours.controller)
    return replace(ours, controller=controller, parties=(*others, *kept))


def _same_party(theirs: WrittenParty, ours: WrittenParty) -> WrittenParty:
    return replace(
        theirs,
        legal_form=ours.legal_form,
        registration=ours.registration,
        representative=_same_contact(theirs.representative, ours.representative),
        dpo=_same_officer(theirs.dpo, ours.dpo),
    )


def _same_contact(theirs: WrittenContact | None, ours: WrittenContact | None) -> WrittenContact | None:
    if theirs is None or ours is None or theirs.name != ours.name:
        return theirs
    return replace(theirs, legal_form=ours.legal_form, registration=ours.registration)


def _same_officer(theirs: WrittenOfficer | None, ours: WrittenOfficer | None) -> WrittenOfficer | None:
    if theirs is None or ours is None:
        return theirs
    same = theirs.name == ours.name
    firm = _same_contact(theirs.firm, ours.firm)
    told = {"legal_form": ours.legal_form, "registration": ours.registration} if same else {}
    return replace(theirs, **told, firm=firm)


def _purposed(ours: WrittenActivity, theirs: WrittenActivity) -> WrittenActivity:
    """Return the purposes by their places: those that stand where they stood are the same under other words."""
    data = ours.purposes[0].data if ours.purposes else ()
    roles = ours.purposes[0].recipients if ours.purposes else ()
    taken = {each.slug for each in ours.purposes}
    purposes = []
    for place, each in enumerate(theirs.purposes):
        if place >= len(ours.purposes):
            slug = next(name for name in _names(each.slug) if name not in taken)
            taken.add(slug)
            purposes.append(replace(each, slug=slug, parent=None, data=data, recipients=roles))
            continue
        before = ours.purposes[place]
        same = seen(each.label_fr) == seen(before.label_fr)
        purposes.append(before if same else replace(before, label_fr=each.label_fr, label_en=each.label_en))
    there = {each.slug for each in purposes}
    return replace(
        ours,
        purposes=tuple(each if each.parent in there else replace(each, parent=None) for each in purposes),
    )


def _names(slug: str) -> Iterator[str]:
    yield slug
    yield from (f"{slug[:56]}-{number}" for number in range(2, 1000))


def _used(ours: WrittenActivity, theirs: WrittenActivity, read: Understood) -> WrittenActivity:
    estimates = {each.subject_kind: each for each in theirs.people}
    activity = replace(ours, people=tuple(estimates.values()))
    data = theirs.purposes[0].data if theirs.purposes else ()
    drawn = card_of(ours)
    kinds = {row[0] for row in drawn.rows(Section.PEOPLE)} == {
        row[0] for row in read.card.rows(Section.PEOPLE) if row[0]
    }
    untouched = all(_same(read.card, drawn, each) for each in (Section.DATA, Section.SENSITIVE))
    if untouched and kinds:
        return _named_anew(activity, drawn, theirs)
    read.note(phrase("Its data were changed on the sheet: they stand for each of its purposes."))
    return replace(activity, purposes=tuple(replace(each, data=data) for each in activity.purposes))


def _named_anew(ours: WrittenActivity, drawn: Card, theirs: WrittenActivity) -> WrittenActivity:
    """Return an activity whose people are described as its sheet does now."""
    before = understand(drawn)[0].purposes
    then, now = (_whom(each[0].data if each else ()) for each in (before, theirs.purposes))
    changed = {kind: whom for kind, whom in now.items() if then.get(kind) != whom}

    def told(terms: WrittenTerms) -> WrittenTerms:
        whom = changed.get(terms.subject_kind)
        return terms if whom is None else replace(terms, whom_fr=whom, whom_en="")

    return replace(ours, purposes=tuple(replace(each, data=tuple(map(told, each.data))) for each in ours.purposes))


def _whom(data: Sequence[WrittenTerms]) -> dict[SubjectKind, str]:
    return {each.subject_kind: each.whom_fr for each in data}


def _received(ours: WrittenActivity, theirs: WrittenActivity) -> WrittenActivity:
    roles = theirs.purposes[0].recipients if theirs.purposes else ()
    before = {role for each in ours.purposes for role in each.recipients}
    purposes = ours.purposes
    if set(roles) != before:
        purposes = tuple(replace(each, recipients=roles) for each in ours.purposes)
    # Controllers stand among the actors.
    kept = [each for each in ours.parties if each.relation in {Relation.JOINT_CONTROLLER, Relation.PRINCIPAL}]
    others = [each for each in theirs.parties if each.relation is not Relation.JOINT_CONTROLLER]
    return replace(ours, purposes=purposes, parties=(*(_known(each, ours.parties) for each in others), *kept))


def _known(each: WrittenPartaking, ours: Sequence[WrittenPartaking]) -> WrittenPartaking:
    """Return someone who takes part with all that we know of them."""
    before = next((one for one in ours if one.party.name == each.party.name), None)
    if before is None:
        return each
    part = each.part or (before.part if each.relation is Relation.JOINT_CONTROLLER else "")
    # On the sheet only a joint controller has an address.
    party = _reached(before.party, each.party) if each.relation is Relation.JOINT_CONTROLLER else before.party
    return replace(each, party=party, part=part, contracts=before.contracts)


def _reached(ours: WrittenParty, theirs: WrittenParty) -> WrittenParty:
    names = ("address", "postcode", "city", "country", "telephone", "email")
    return replace(ours, **{name: getattr(theirs, name) for name in names})


def _measures(
    ours: Sequence[WrittenMeasure], rows: Sequence[CardRow], theirs: WrittenActivity
) -> Iterator[WrittenMeasure]:
    known = {each.label_fr: each for each in ours}
    told: list[str] = []
    types = {row[0] for row in rows}
    for row in rows:
        label, _, remark = row[1].partition("\n")
        if label in known:
            told.append(row[1])
            yield replace(known[label], remark=remark)
    # What is called as the type is told by its type alone, and by all the rows of it.
    for each in theirs.measures:
        if each.label_fr in known and each.label_fr in types and each.remark not in told:
            yield replace(known[each.label_fr], remark=each.remark)
    yield from (each for each in theirs.measures if each.remark not in told and each.label_fr not in known)


def _transfers(ours: Sequence[WrittenTransfer], theirs: Sequence[WrittenTransfer]) -> Iterator[WrittenTransfer]:
    known = {(each.country, _to(each)): each for each in ours}
    for each in theirs:
        before = known.get((each.country, _to(each)))
        if before is None:
            yield each
            continue
        kept = before.safeguard if each.safeguard is None else each.safeguard
        derogation = before.derogation if kept is before.safeguard else None
        yield replace(before, safeguard=kept, derogation=derogation, grounds=each.grounds)


def _to(transfer: WrittenTransfer) -> str:
    return transfer.recipient if transfer.party is None else transfer.party.name
