"""A notice, written: both layers, both languages, from nothing but the facts. GDPR Art. 12(1), 13, 14."""

from collections.abc import Iterator
from typing import Final

from governance.errors import mark
from governance.settings import LOCALES
from governance.vocabulary import LawfulBasis
from register.catalogue.countries import EEA
from register.lines.contents import DecisionLine, RightsLine, TransferLine
from register.lines.rights import rights_under
from register.lines.values import Safeguard, Subject
from register.models import Party
from register.notices import sections
from register.notices.authorities import HOME, Authority, authority_of
from register.notices.sections import Matter, article_of
from register.notices.speaking import Speaker
from register.notices.values import NoticeBody, Passage, Section, Wording
from register.notices.words import DEROGATION_WORDS, RIGHT_WORDS, SAFEGUARD_WORDS

_ORDER: Final = (
    sections.who,
    sections.why,
    sections.data,
    sections.source,
    sections.obligation,
    sections.recipients,
)
_END: Final = (sections.kept, sections.decisions)


def write(matter: Matter) -> NoticeBody:
    """Return the text of a notice in every language of the house."""
    slugs = (purpose.slug for purpose in matter.purposes)
    return NoticeBody(
        direct=matter.point.way.direct,
        purposes=tuple(dict.fromkeys(slugs)),
        wordings={language: _wording(matter, Speaker(language)) for language in LOCALES},
    )


def _wording(matter: Matter, speaker: Speaker) -> Wording:
    title = speaker.say(mark("How we use your data: {where}"), where=speaker.pick(matter.point, "name"))
    if not matter.purposes:
        # What was in force and is no longer: the address stays, and says so.
        nothing = speaker.say(mark("No data are collected here at present."))
        return Wording(title=title, short=(nothing,), sections=())
    found = [
        *(section(matter, speaker) for section in _ORDER),
        _transfers(matter, speaker),
        *(section(matter, speaker) for section in _END),
        _rights(matter, speaker),
        _complaint(matter, speaker),
    ]
    return Wording(
        title=title,
        short=tuple(_short(matter, speaker)),
        sections=tuple(section for section in found if section is not None),
    )


def _short(matter: Matter, speaker: Speaker) -> Iterator[str]:
    """Yield the first layer: who, why, which rights, to whom one complains."""
    names = speaker.listed(party.name for party in matter.controllers)
    labels = speaker.listed(dict.fromkeys(speaker.pick(purpose, "label") for purpose in matter.purposes))
    yield speaker.say(mark("{who} uses your data for this: {purposes}."), who=names, purposes=labels)
    from_elsewhere = sections.source(matter, speaker)
    if not matter.point.way.direct and from_elsewhere is not None:
        yield from from_elsewhere.intro
    rights = speaker.listed(speaker.say(right) for right, _ in _rights_of(matter))
    yield speaker.say(mark("You have these rights over them: {rights}."), rights=rights)
    yield from _how(matter, speaker)
    authorities = speaker.listed(each.name for each in _authorities(matter))
    yield speaker.say(mark("You may complain to: {authority}."), authority=authorities)


def _transfers(matter: Matter, speaker: Speaker) -> Section:
    """Say what leaves the European Economic Area, and what protects it there. Art. 13(1)(f), 14(1)(f)."""
    lines = matter.lines(Subject.TRANSFERS, TransferLine)
    leaving = [(line, called) for line, called in lines if line.country not in EEA]
    stay = speaker.say(mark("Your data stay in the European Economic Area, where the same law protects them."))
    passages = (
        Passage(
            title=speaker.say(
                mark("{country}: {recipient}"),
                country=speaker.country(line.country),
                recipient=called or line.recipient,
            ),
            lines=tuple(_protects(matter, line, speaker)),
        )
        for line, called in leaving
    )
    return Section(
        key="transfers",
        heading=speaker.say(mark("Outside the European Economic Area")),
        article=article_of(matter, "13(1)(f)", "14(1)(f)"),
        intro=() if leaving else (stay,),
        passages=tuple(passages),
    )


def _protects(matter: Matter, line: TransferLine, speaker: Speaker) -> Iterator[str]:
    decision = matter.facts.adequacy.get(line.country)
    if line.safeguard is Safeguard.ADEQUACY and decision is None:
        yield speaker.say(mark("The decision that protected them there is no longer in force."))
        return
    if line.safeguard is not None:
        yield speaker.say(SAFEGUARD_WORDS[line.safeguard])
    if line.safeguard is Safeguard.ADEQUACY and decision is not None and decision.partial:
        yield speaker.say(mark("It is for these alone: {scope}"), scope=speaker.pick(decision, "scope"))
    if line.derogation is not None:
        yield speaker.say(DEROGATION_WORDS[line.derogation])
    if line.grounds:
        yield line.grounds
    if line.safeguard not in {None, Safeguard.ADEQUACY, Safeguard.DEROGATION}:
        yield speaker.say(mark("Ask us for a copy of what protects them."))


def _rights(matter: Matter, speaker: Speaker) -> Section:
    """Say which rights people have, and how they use them. Art. 13(2)(b), 14(2)(c), 21(4)."""
    passages = [
        Passage(title=speaker.say(RIGHT_WORDS[right][0]), lines=(speaker.say(RIGHT_WORDS[right][1]),), article=article)
        for right, article in _rights_of(matter)
    ]
    if any(each.country == HOME for each in _authorities(matter)):
        after = mark("You may also say what shall become of your data after your death.")
        passages.append(
            Passage(
                title=speaker.say(mark("After your death")),
                lines=(speaker.say(after),),
                article=speaker.say(mark("French Data Protection Act, Art. 85")),
            )
        )
    limits = dict.fromkeys(line.limits for line, _ in matter.lines(Subject.RIGHTS, RightsLine) if line.limits)
    month = speaker.say(mark("It costs nothing, and you have an answer within one month."))
    return Section(
        key="rights",
        heading=speaker.say(mark("Your rights, and how to use them")),
        article=article_of(matter, "13(2)(b)", "14(2)(c)"),
        intro=(*_how(matter, speaker), month, *limits),
        passages=tuple(passages),
    )


def _rights_of(matter: Matter) -> list[tuple[str, str]]:
    bases: set[LawfulBasis | None] = {purpose.basis for purpose in matter.purposes}
    if any(purpose.consent_channel is not None for purpose in matter.purposes):
        # Explicit consent to sensitive data is consent too. GDPR Art. 9(2)(a).
        bases.add(LawfulBasis.CONSENT)
    alone = any(line.solely for line, _ in matter.lines(Subject.DECISIONS, DecisionLine))
    return list(rights_under(bases, decides_alone=alone))


def _how(matter: Matter, speaker: Speaker) -> list[str]:
    """Return how rights are exercised: as the records say it, or by writing to whoever answers."""
    said = [speaker.pick(line, "how") for line, _ in matter.lines(Subject.RIGHTS, RightsLine)]
    written = list(dict.fromkeys(text for text in said if text))
    if written:
        return written
    officers = (each for officer in matter.officers for each in officer if each is not None)
    for party in (*officers, *matter.controllers):
        reached = _address(party)
        if reached:
            return [speaker.say(mark("To use them, write to {who}: {address}."), who=party.name, address=reached)]
    return [speaker.say(mark("To use them, write to us or come to see us."))]


def _address(party: Party) -> str:
    return party.email or next(iter(sections.reach(party)), "")


def _complaint(matter: Matter, speaker: Speaker) -> Section:
    """Say to whom one complains. Art. 13(2)(d), 14(2)(e), 77(1)."""
    passages = (
        Passage(title=each.name, lines=tuple(filter(None, (each.address, each.site)))) for each in _authorities(matter)
    )
    where = mark(
        "If our answer does not satisfy you, or at any time, you may complain to the authority below, or to that of "
        "the country of the Economic Area in which you live or work."
    )
    return Section(
        key="complaint",
        heading=speaker.say(mark("To whom you may complain")),
        article=article_of(matter, "13(2)(d)", "14(2)(e)"),
        intro=(speaker.say(where),),
        passages=tuple(passages),
    )


def _authorities(matter: Matter) -> list[Authority]:
    """Return the authorities of those who answer; of one outside the Area, that of its representative."""
    found = []
    for each in matter.activities:
        if each.controller is not None:
            outside = each.controller.country not in EEA
            party = each.representative if outside and each.representative is not None else each.controller
            found.append(authority_of(party.country))
    return list(dict.fromkeys(found)) or [authority_of(HOME)]
