"""What the columns of a register kept as a table are called: by us, by MADIS, and by whoever keeps a spreadsheet.

A column is recognised by words of its heading. Boxes that MADIS ticks (*Oui*, *Non*) each have a column, with one for
remarks behind. What is not recognised is kept in the description of its activity, under its heading, unless somebody
says what it is (`asked.py`).
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Final

from governance.vocabulary import SubjectKind
from register.catalogue.values import MeasureDomain
from register.exchange.cnil.labels import plain
from register.exchange.tables.lines import ACTIVITY_COLUMNS
from register.exchange.words import spoken_in


class Field(StrEnum):
    """What a column says."""

    REFERENCE = "reference"
    NAME = "name"
    NAME_EN = "name_en"
    DESCRIPTION = "description"
    CAPACITY = "capacity"
    CONTROLLER = "controller"
    REPRESENTATIVE = "representative"
    DPO = "dpo"
    FIRM = "firm"
    JOINT = "joint"
    PURPOSES = "purposes"
    ORIGINAL = "original"
    WHICH = "which"
    WHOM = "whom"
    BASIS = "basis"
    LEGAL = "legal"
    PEOPLE = "people"
    ESTIMATE = "estimate"
    DATA = "data"
    SENSITIVE = "sensitive"
    PERIOD = "period"
    PERIOD_NUMBER = "period_number"
    PERIOD_UNIT = "period_unit"
    ROLES = "roles"
    PROCESSORS = "processors"
    CONTRACTS = "contracts"
    RECIPIENTS = "recipients"
    TRANSFERS = "transfers"
    SAFEGUARD = "safeguard"
    MEASURES = "measures"
    ASSETS = "assets"
    RIGHTS = "rights"
    CREATED = "created"
    CHANGED = "changed"
    # A box that is ticked: whom it concerns, or how it is protected.
    TICKED_KIND = "ticked_kind"
    TICKED_MEASURE = "ticked_measure"
    # What has no place of its own: kept in the description, under its heading.
    KEPT = "kept"
    LEFT_OUT = "left-out"


class Certainty(StrEnum):
    """How sure it is what a column says."""

    # It is called as we call it, or MADIS does.
    SURE = "sure"
    # A word of its heading is known.
    LIKELY = "likely"
    UNKNOWN = "unknown"
    # Somebody said it.
    SAID = "said"


# The first that fits is meant.
_RULES: Final[Sequence[tuple[Field, str]]] = (
    (Field.PERIOD, r"(delai|duree).* commentaire$"),
    # Whatever comes from a file is a draft here.
    (Field.LEFT_OUT, r"^etat$|^state$"),
    (Field.KEPT, r"commentaire$|remarque$|^decisions automatisees$|^automated decisions$"),
    (Field.TICKED_KIND, r"personnes concernees \w+"),
    (Field.TICKED_MEASURE, r"(mesures de )?securite .*\b(acces|tracabilite|sauvegarde|mises? a jour)"),
    (Field.ORIGINAL, r"^votre numero de fiche|^your record number"),
    (Field.WHICH, r"^donnees exactes|^which data exactly"),
    (Field.WHOM, r"^personnes exactes|^whose data exactly"),
    (Field.REFERENCE, r"^(n )?ref\w*$|^reference|^identifiant|^slug$|^numero$|^id$"),
    (Field.NAME_EN, r"^nom en anglais|^english name|^name in english"),
    (Field.JOINT, r"conjoint|joint controller"),
    (Field.FIRM, r"^(societe|firm|organisme) .*(\bdpo\b|\bdpd\b|delegue)"),
    (Field.DPO, r"delegue|\bdpo\b|\bdpd\b|data protection officer"),
    (Field.REPRESENTATIVE, r"representant|representative"),
    (Field.CONTROLLER, r"responsable d[ue] traitement|controller|(collectivite|structure|organisme) nom$"),
    (Field.LEGAL, r"justification de la base|texte|legal reference"),
    (Field.BASIS, r"base.? (legale|juridique)|fondement|liceite|lawful bas|legal basis"),
    (Field.PURPOSES, r"finalite|purpose|objectif"),
    (Field.ESTIMATE, r"nombre (estime )?de personnes|personnes concernees estime|number of people|volume"),
    (Field.PERIOD_NUMBER, r"(delai|duree).* nombre$"),
    (Field.PERIOD_UNIT, r"(delai|duree).* periode$"),
    (Field.PERIOD, r"duree|delai|conservation|combien de temps|retention|kept|how long"),
    (Field.SENSITIVE, r"sensible|sensitive|special categor"),
    (Field.DATA, r"categories? de donnees|categor\w+ of data|data categor|^donnees$|^data$"),
    (Field.DATA, r"donnees (traitees|collectees|personnelles)"),
    (Field.PEOPLE, r"personnes|qui est concerne|data subjects|^people|whose data|who is concerned"),
    (Field.CONTRACTS, r"^contrats avec les sous traitants$|^contracts with processors$"),
    (Field.PROCESSORS, r"sous traitant|processor|prestataire"),
    (Field.ROLES, r"destinataires? internes?|services? (internes?|destinataires?)|internal recipients"),
    (Field.RECIPIENTS, r"destinataire|recipient"),
    (Field.SAFEGUARD, r"garantie|safeguard"),
    (Field.TRANSFERS, r"transfer|hors ue|hors de l ue|pays"),
    (Field.MEASURES, r"mesure|securite|security"),
    (Field.ASSETS, r"logiciel|application|support|outil|software"),
    (Field.RIGHTS, r"exerc(e|ice).* (des |les |leurs )?droits|droits .*exerce|rights .*exercised"),
    (Field.CREATED, r"cree|creation|created"),
    (Field.CHANGED, r"mise a jour|modifi|updated|changed"),
    (Field.CAPACITY, r"en tant que|qualite|capacity"),
    (Field.DESCRIPTION, r"description|observation"),
    (Field.NAME, r"^nom\b|^traitement|^activite|^intitule|^libelle|^name|^activity|^title"),
)
# In MADIS's words, whom a box is about.
TICKED_KINDS: Final[Mapping[str, SubjectKind]] = {
    "particuliers": SubjectKind.CUSTOMER,
    "usagers": SubjectKind.CUSTOMER,
    "utilisateurs": SubjectKind.CUSTOMER,
    "agents": SubjectKind.EMPLOYEE,
    "elus": SubjectKind.OTHER,
    "entreprises": SubjectKind.CONTACT,
    "partenaires": SubjectKind.CONTACT,
    "autres": SubjectKind.OTHER,
}
TICKED_MEASURES: Final[Mapping[str, tuple[MeasureDomain, str, str]]] = {
    "acces": (MeasureDomain.ACCESS, "Contrôle d’accès des utilisateurs", "Control of users’ access"),
    "tracabilite": (MeasureDomain.TRACING, "Mesures de traçabilité", "Traces of what is done"),
    "sauvegarde": (MeasureDomain.CONTINUITY, "Sauvegarde des données", "Backup of the data"),
    "jour": (MeasureDomain.SOFTWARE, "Mesures de protection des logiciels", "Protection of software"),
}
# What is longer is a text, and no heading.
_LONGEST_HEADING: Final = 200
# A table of activities says more than one thing of each.
_LEAST: Final = 2
# What one column says, and no second; of any other, what several say is put together.
ONCE: Final = frozenset(
    {
        Field.REFERENCE, Field.NAME, Field.NAME_EN, Field.CAPACITY, Field.CONTROLLER, Field.REPRESENTATIVE, Field.DPO,
        Field.ESTIMATE, Field.PERIOD_NUMBER, Field.PERIOD_UNIT, Field.SAFEGUARD, Field.CREATED, Field.CHANGED,
    }
)  # fmt: skip
# As MADIS calls its columns, beside those that are known by their words alone.
_MADIS: Final = (
    "nom", "structure nom", "en tant que", "finalites", "base legale", "justification de la base legale",
    "categories de donnees", "destinataires categorie de destinataires", "destinataires sous traitants", "observation",
)  # fmt: skip


def field_of(heading: str) -> Field | None:
    """Return what a column of this heading says; None where that is not known."""
    words = plain(heading) if len(heading) <= _LONGEST_HEADING else ""
    return next((field for field, rule in _RULES if re.search(rule, words)), None) if words else None


def certainty_of(heading: str) -> Certainty:
    """Return how sure it is what a column of this heading says."""
    words = plain(heading)
    if field_of(heading) is None:
        return Certainty.UNKNOWN
    return Certainty.SURE if words in _sure() or words.startswith("details ") else Certainty.LIKELY


@cache
def _sure() -> frozenset[str]:
    ours = (plain(spoken_in(language)(label)) for language in ("fr", "en") for label, _ in ACTIVITY_COLUMNS)
    return frozenset((*ours, *_MADIS))


def recognised(headings: Sequence[str]) -> dict[int, Field]:
    """Return what each column says as far as its heading is known, by its place."""
    found: dict[int, Field] = {}
    for place, heading in enumerate(headings):
        field = field_of(heading)
        # Of several columns that could say what one says, the first does.
        if field is not None and not (field in ONCE and field in found.values()):
            found[place] = field
    return found


def is_register(fields: Mapping[int, Field]) -> bool:
    """Say whether columns that say this are those of a register."""
    known = set(fields.values())
    return {Field.NAME, Field.PURPOSES} <= known and len(known) > _LEAST
