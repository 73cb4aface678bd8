"""The sections of a notice, each written from the facts; what Article 13 and Article 14 ask for, point by point."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from governance.errors import mark
from governance.vocabulary import LawfulBasis, SubjectKind
from register.labels import BASIS_ARTICLES, CONDITION_ARTICLES, CONDITION_LABELS
from register.lines.contents import DecisionLine, PartyLine, TransferLine
from register.lines.values import Relation, Subject
from register.models import Party
from register.notices.facts import Facts, Told
from register.notices.models import CollectionPoint
from register.notices.speaking import Speaker, capital
from register.notices.values import Passage, Section
from register.notices.words import (
    BASIS_WORDS,
    EVENT_WORDS,
    FATE_WORDS,
    GROUND_WORDS,
    PROVENANCE_WORDS,
    ROLE_WORDS,
    WAY_WORDS,
    WITHOUT_OTHERWISE,
    WITHOUT_WORDS,
)
from register.particulars import particular
from register.past import PastData, PastPurpose
from register.values import Provenance

_Line = TypeVar("_Line")
# The section in which each purpose is a passage under its name.
WHY: Final = "why"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What one notice speaks of.

    Attributes:
        point: Where the data are collected.
        activities: Those that collect there and are in force.
    """

    point: CollectionPoint
    activities: Sequence[Told]
    facts: Facts

    @property
    def purposes(self) -> list[PastPurpose]:
        """What the data are used for."""
        return [purpose for each in self.activities for purpose in each.purposes]

    @property
    def data(self) -> list[PastData]:
        """Which data are used."""
        return [row for purpose in self.purposes for row in purpose.data]

    @property
    def controllers(self) -> list[Party]:
        """Who answers for it, each once."""
        return _once(each.controller for each in self.activities)

    @property
    def officers(self) -> list[tuple[Party, Party | None]]:
        """Their data protection officers, each once, with the firm that an external one acts for."""
        return list(dict.fromkeys((each.dpo, each.dpo_firm) for each in self.activities if each.dpo is not None))

    def lines(self, subject: Subject, kind: type[_Line]) -> list[tuple[_Line, str]]:
        """Return what the activities say of a subject, each once, with what the organisation named was called."""
        found = (
            (line.content, line.called[0] if line.called else "")
            for each in self.activities
            for line in each.lines[subject]
            if isinstance(line.content, kind)
        )
        return list(dict.fromkeys(found))


def who(matter: Matter, speaker: Speaker) -> Section:
    """Say who answers, who stands for them, and how to reach them. Art. 13(1)(a), (b)."""
    passages = [
        Passage(title=party.name, lines=(speaker.say(mark("Answers for the use of your data.")), *reach(party)))
        for party in matter.controllers
    ]
    for line, called in matter.lines(Subject.PARTIES, PartyLine):
        if line.relation is Relation.JOINT_CONTROLLER:
            decides = speaker.say(mark("Decides with us why and how your data are used. You may turn to either of us."))
            party = matter.facts.parties.get(line.party_id)
            written = reach(party) if party else ()
            passages.append(Passage(title=called, lines=(decides, *_written(line.part), *written)))
    representatives = _once(each.representative for each in matter.activities)
    stands = speaker.say(mark("Represents us in the European Union."))
    passages += [Passage(title=party.name, lines=(stands, *reach(party))) for party in representatives]
    asks = speaker.say(mark("Data protection officer: whom to ask about anything to do with your data."))
    for officer, firm in matter.officers:
        acts = () if firm is None else (speaker.say(mark("Acts for {firm}."), firm=firm.name), *reach(firm))
        passages.append(Passage(title=officer.name, lines=(asks, *reach(officer), *acts)))
    return Section(
        key="who",
        heading=speaker.say(mark("Who we are")),
        article=article_of(matter, "13(1)(a), 13(1)(b)", "14(1)(a), 14(1)(b)"),
        passages=tuple(passages),
    )


def why(matter: Matter, speaker: Speaker) -> Section:
    """Say what for and by which right, with the interest pursued and how consent is withdrawn. Art. 13(1)(c), (d)."""
    passages = (
        Passage(
            title=speaker.pick(purpose, "label"),
            lines=tuple(_grounds(purpose, speaker)),
            article="" if purpose.basis is None else BASIS_ARTICLES[purpose.basis],
        )
        for purpose in matter.purposes
    )
    return Section(
        key=WHY,
        heading=speaker.say(mark("Why we use your data, and what allows us to")),
        article=article_of(matter, "13(1)(c), 13(1)(d), 13(2)(c)", "14(1)(c), 14(2)(b), 14(2)(d)"),
        passages=tuple(passages),
    )


def _without(purpose: PastPurpose) -> str:
    """Return what follows where data that the purpose needs are not given."""
    return WITHOUT_OTHERWISE if purpose.basis is None else WITHOUT_WORDS.get(purpose.basis, WITHOUT_OTHERWISE)


def _grounds(purpose: PastPurpose, speaker: Speaker) -> Iterator[str]:
    if purpose.basis is not None:
        yield speaker.say(BASIS_WORDS[purpose.basis])
    interest = purpose.balancing[0]
    if purpose.basis is LawfulBasis.LEGITIMATE_INTERESTS and interest:
        yield speaker.say(mark("The interest: {interest}"), interest=interest)
    if purpose.legal_reference:
        yield speaker.say(mark("The text: {reference}"), reference=purpose.legal_reference)
    if purpose.number_ground:
        yield speaker.say(
            mark("Your social security number is used for it by this rule: {ground}"), ground=purpose.number_ground
        )
    if purpose.offences_ground:
        yield speaker.say(
            mark("Convictions and offences are used for it by this rule: {ground}"), ground=purpose.offences_ground
        )
    if purpose.special_condition is not None:
        condition = purpose.special_condition
        yield speaker.say(
            mark("Sensitive data are used for it on this condition: {condition} ({article})."),
            condition=speaker.say(CONDITION_LABELS[condition]),
            article=CONDITION_ARTICLES[condition],
        )


def data(matter: Matter, speaker: Speaker) -> Section:
    """Say which categories of data are used, of whom. Art. 14(1)(d)."""
    people: dict[tuple[SubjectKind, str], list[PastData]] = defaultdict(list)
    for row in sorted(matter.data, key=lambda row: row.kind.code):
        people[row.kind, particular(row, "whom", speaker.language)].append(row)
    passages = (
        Passage(title=whom.replace("\n", ", ") or speaker.kind(kind), lines=(capital(speaker.data(rows)),))
        for (kind, whom), rows in people.items()
    )
    return Section(
        key="data",
        heading=speaker.say(mark("Which data")),
        article=article_of(matter, "13(1)", "14(1)(d)"),
        passages=tuple(passages),
    )


def source(matter: Matter, speaker: Speaker) -> Section | None:
    """Say where the data come from, and whether everybody could have them there. Art. 14(2)(f)."""
    point = matter.point
    intro: list[str] = []
    if not point.way.direct:
        intro.append(speaker.say(WAY_WORDS[point.way], source=speaker.pick(point, "source")))
    else:
        for provenance in Provenance:
            of = [row for row in matter.data if row.provenance is provenance]
            if of and provenance in PROVENANCE_WORDS:
                intro.append(speaker.say(PROVENANCE_WORDS[provenance], data=speaker.data(of)))
    if not intro:
        return None
    return Section(
        key="source",
        heading=speaker.say(mark("Where we have your data from")),
        article="GDPR Art. 14(2)(f)",
        intro=tuple(intro),
    )


def obligation(matter: Matter, speaker: Speaker) -> Section | None:
    """Say what has to be given, by which rule, and what follows from keeping it. Art. 13(2)(e)."""
    if not matter.point.way.direct:
        return None
    needed = [
        (purpose, [row for row in purpose.data if row.obligatory])
        for purpose in matter.purposes
        if any(row.obligatory for row in purpose.data)
    ]
    passages = (
        Passage(
            title=speaker.pick(purpose, "label"),
            lines=(speaker.say(_without(purpose), data=speaker.data(rows)),),
        )
        for purpose, rows in needed
    )
    free = mark("All else is yours to give or to keep: where you keep it, we go without it, and nothing else follows.")
    nothing = mark(
        "Nothing obliges you to give us any of these data. Where you keep them, we cannot do what they are for; "
        "nothing else follows."
    )
    return Section(
        key="obligation",
        heading=speaker.say(mark("What you have to give, and what you may keep to yourself")),
        article="GDPR Art. 13(2)(e)",
        intro=(speaker.say(free if needed else nothing),),
        passages=tuple(passages),
    )


def recipients(matter: Matter, speaker: Speaker) -> Section:
    """Say who receives the data, inside and outside. Art. 13(1)(e), 14(1)(e)."""
    roles = {role for purpose in matter.purposes for role, _ in purpose.recipients}
    passages = []
    if roles:
        inside = capital(speaker.listed(speaker.say(words) for role, words in ROLE_WORDS.items() if role in roles))
        passages.append(
            Passage(title=speaker.say(mark("In our company, those alone who need them")), lines=(f"{inside}.",))
        )
    outside = {
        Relation.PROCESSOR: mark("Companies that work for us, under contract and as we tell them"),
        Relation.RECIPIENT: mark("Others, who use them for purposes of their own"),
        Relation.JOINT_CONTROLLER: mark("Those who decide with us"),
    }
    others = matter.lines(Subject.PARTIES, PartyLine)
    receiving = []
    for relation, title in outside.items():
        lines = tuple(_together((called, line.part) for line, called in others if line.relation is relation))
        if lines:
            receiving.append(Passage(title=speaker.say(title), lines=lines))
    known = {line.party_id for line, _ in others}
    beyond = tuple(_together(_sent(matter, speaker, known)))
    if beyond:
        receiving.append(Passage(title=speaker.say(mark("Others to whom we send them")), lines=beyond))
    nobody = () if receiving else (speaker.say(mark("Nobody outside our company receives your data.")),)
    return Section(
        key="recipients",
        heading=speaker.say(mark("Who receives your data")),
        article=article_of(matter, "13(1)(e)", "14(1)(e)"),
        intro=nobody,
        passages=(*passages, *receiving),
    )


def _sent(matter: Matter, speaker: Speaker, known: Collection[uuid.UUID]) -> Iterator[tuple[str, str]]:
    """Yield to whom data go in other countries, of those that no other line names, and where that is."""
    for line, called in matter.lines(Subject.TRANSFERS, TransferLine):
        if line.party_id is None or line.party_id not in known:
            yield called or line.recipient, speaker.country(line.country)


def kept(matter: Matter, speaker: Speaker) -> Section:
    """Say how long the data are kept, by purpose and category. Art. 13(2)(a), 14(2)(a)."""
    passages = (
        Passage(title=speaker.pick(purpose, "label"), lines=tuple(_periods(purpose, speaker)))
        for purpose in matter.purposes
        if purpose.data
    )
    return Section(
        key="kept",
        heading=speaker.say(mark("How long we keep your data")),
        article=article_of(matter, "13(2)(a)", "14(2)(a)"),
        passages=tuple(passages),
    )


def _periods(purpose: PastPurpose, speaker: Speaker) -> Iterator[str]:
    # What is kept alike is told together, whoever's it is.
    found: dict[tuple[object, ...], list[PastData]] = {}
    for row in purpose.data:
        alike = (row.active_for, row.archived_for, row.starting_event, row.final_fate)
        found.setdefault(alike, []).append(row)
    for rows in found.values():
        yield _period(rows, speaker)


def _period(rows: Sequence[PastData], speaker: Speaker) -> str:
    row = rows[0]
    told = [
        speaker.say(
            mark("{data}: {span} {event}."),
            data=capital(speaker.data(rows)),
            span=speaker.span(row.active_for),
            event=speaker.say(EVENT_WORDS[row.starting_event]),
        )
    ]
    if row.archived_for:
        archived = mark("Then {span} in an archive that few may open, for proof and because the law asks for it.")
        told.append(speaker.say(archived, span=speaker.span(row.archived_for)))
    told.append(speaker.say(FATE_WORDS[row.final_fate]))
    return " ".join(told)


def decisions(matter: Matter, speaker: Speaker) -> Section:
    """Say what machines decide, how, and what it means. Art. 13(2)(f), 14(2)(g), 22."""
    found = [line for line, _ in matter.lines(Subject.DECISIONS, DecisionLine)]
    none = speaker.say(
        mark("No machine alone takes a decision that has legal effects for you, or affects you as much as one.")
    )
    return Section(
        key="decisions",
        heading=speaker.say(mark("What machines decide")),
        article=article_of(matter, "13(2)(f), 22", "14(2)(g), 22"),
        intro=() if any(line.solely for line in found) else (none,),
        passages=tuple(Passage(title=line.name, lines=tuple(_decides(line, speaker))) for line in found),
    )


def _decides(line: DecisionLine, speaker: Speaker) -> Iterator[str]:
    if not line.solely:
        yield speaker.say(mark("A machine prepares it, and a person decides."))
    elif line.ground is None:
        yield speaker.say(mark("A machine decides it alone."))
    else:
        ground = speaker.say(GROUND_WORDS[line.ground])
        yield speaker.say(mark("A machine decides it alone. What allows it: {ground}."), ground=ground)
    if line.logic:
        yield speaker.say(mark("How it works: {logic}"), logic=line.logic)
    if line.significance:
        yield speaker.say(mark("What it means for you: {significance}"), significance=line.significance)
    if line.safeguards:
        yield speaker.say(mark("What protects you: {safeguards}"), safeguards=line.safeguards)


def reach(party: Party) -> tuple[str, ...]:
    """Return how to reach an organisation."""
    place = " ".join(filter(None, (party.postcode, party.city)))
    address = ", ".join(filter(None, (party.address, place)))
    return tuple(filter(None, (address, party.email, party.telephone)))


def article_of(matter: Matter, direct: str, indirect: str) -> str:
    """Return the provision that asks for a section: Article 13 where the people give the data, else Article 14."""
    return f"GDPR Art. {direct if matter.point.way.direct else indirect}"


def _together(parts: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Return each organisation once, with all that it does or receives."""
    found: dict[str, list[str]] = defaultdict(list)
    for called, part in parts:
        found[called] += [part] if part and part not in found[called] else []
    return (f"{called} ({' '.join(told)})" if told else called for called, told in found.items())


def _written(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _once(parties: Iterable[Party | None]) -> list[Party]:
    return list({party.id: party for party in parties if party is not None}.values())
