"""What the simplified register calls its cells, and what the words of its lists stand for here.

Cells are found by these words and not by where they stand, for people add rows, delete them and copy sheets. Words are
compared without accents, capitals, punctuation and numbers.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from unidecode import unidecode

from governance.actor import Role
from governance.vocabulary import DataCategory, SubjectKind
from register.catalogue.values import MeasureDomain
from register.lines.values import Safeguard

_NO_LETTERS: Final = re.compile(r"[^a-z]+")


def plain(text: str) -> str:
    """Return a text as labels are compared: its letters alone."""
    return " ".join(_NO_LETTERS.sub(" ", unidecode(text).lower()).split())


class Section(StrEnum):
    """A part of the sheet of an activity, by its heading."""

    DESCRIPTION = "Description du traitement"
    ACTORS = "Acteurs"
    PURPOSES = "Finalité(s) du traitement effectué"
    DATA = "Catégories de données personnelles concernées"
    SENSITIVE = "Données sensibles"
    PEOPLE = "Catégories de personnes concernées"
    RECIPIENTS = "Destinataires"
    MEASURES = "Mesures de sécurité"
    TRANSFERS = "Transferts hors UE"


class Actor(StrEnum):
    """Who has a row among the actors."""

    CONTROLLER = "Responsable du traitement"
    DPO = "Délégué à la protection des données"
    FIRM = "Société du DPO (si celui-ci est externe)"
    REPRESENTATIVE = "Représentant"
    JOINT = "Responsable(s) conjoint(s)"


NAME: Final = "Nom du traitement"
REFERENCE: Final = "N° / RÉF"
CREATED: Final = "Date de création du traitement"
CHANGED: Final = "Mise à jour du traitement"
MAIN_PURPOSE: Final = "Finalité principale"
SUB_PURPOSE: Final = "Sous-finalité"
# The headings of the columns of each part, in the order of the template.
COLUMNS: Final[Mapping[Section, tuple[str, ...]]] = {
    Section.DESCRIPTION: (),
    Section.ACTORS: ("Nom", "Adresse", "Code Postal", "Ville", "Pays", "Téléphone", "Adresse mél"),
    Section.PURPOSES: (),
    Section.DATA: ("Description", "Durée de conservation"),
    Section.SENSITIVE: ("Description", "Durée de conservation"),
    Section.PEOPLE: ("Description", "Précisions"),
    Section.RECIPIENTS: ("Type de destinataire", "Précisions"),
    Section.MEASURES: ("Type de mesure de sécurité", "Précisions"),
    Section.TRANSFERS: ("Destinataire", "Pays", "Type de Garanties", "Liens vers la documentation"),
}
# Where these columns begin in the template, counted from 0; whatever has no heading has its one value beside its label.
PLACES: Final[Mapping[Section, tuple[int, ...]]] = {
    Section.DESCRIPTION: (1,),
    Section.ACTORS: (1, 2, 3, 4, 5, 6, 7),
    Section.PURPOSES: (1,),
    Section.DATA: (1, 4),
    Section.SENSITIVE: (1, 4),
    Section.PEOPLE: (1, 4),
    Section.RECIPIENTS: (1, 4),
    Section.MEASURES: (1, 4),
    Section.TRANSFERS: (1, 2, 3, 5),
}
NUMBERED: Final[Mapping[Section, str]] = {
    Section.PEOPLE: "Catégorie de personnes",
    Section.RECIPIENTS: "Destinataire",
    Section.MEASURES: "Mesure de sécurité",
    Section.TRANSFERS: "Organisme destinataire",
}
# What stands in a cell that nobody has filled in.
UNFILLED: Final = frozenset(
    {"", "n a", "na", "neant", "sans objet", "aucun", "aucune", "selectionnez un element dans cette liste deroulante"}
)

_CIVIL: Final = "État civil, identité, données d’identification, images…"
_PRIVATE: Final = "Vie personnelle (habitudes de vie, situation familiale, etc.)"
_ECONOMIC: Final = (
    "Informations d’ordre économique et financier (revenus, situation financière, situation fiscale, etc.)"
)
_CONNECTION: Final = "Données de connexion (adresse IP, logs, etc.)"
_LOCATION: Final = "Données de localisation (déplacements, données GPS, GSM, etc.)"
_NATIONAL: Final = "Numéro de Sécurité Sociale (ou NIR)"
OFFENCES: Final = "Données relatives à des condamnations pénales ou infractions"
# The kinds of GDPR Art. 9(1), each with a row of its own.
SPECIAL_ROWS: Final = (
    "Données révélant l’origine raciale ou ethnique",
    "Données révélant les opinions politiques",
    "Données révélant les convictions religieuses ou philosophiques",
    "Données révélant l’appartenance syndicale",
    "Données génétiques",
    "Données biométriques aux fins d’identifier une personne physique de manière unique",
    "Données concernant la santé",
    "Données concernant la vie sexuelle ou l’orientation sexuelle",
)
OTHER_SENSITIVE: Final = "Autres données sensibles (à préciser)"
# The rows of the template, and which of our categories stand in each.
DATA_ROWS: Final[Mapping[str, tuple[DataCategory, ...]]] = {
    _CIVIL: (DataCategory.IDENTITY, DataCategory.CONTACT),
    _PRIVATE: (
        DataCategory.FAMILY,
        DataCategory.BEHAVIOUR,
        DataCategory.PREFERENCES,
        DataCategory.RELATIONSHIP,
    ),
    _ECONOMIC: (DataCategory.ECONOMIC, DataCategory.PURCHASES, DataCategory.PROFESSIONAL),
    _CONNECTION: (DataCategory.CONNECTION,),
    _LOCATION: (DataCategory.LOCATION,),
    _NATIONAL: (DataCategory.NATIONAL_NUMBER,),
}
# How a row of data is recognised, whatever was written behind: by the beginning of its label, the first that fits.
ROW_CATEGORIES: Final[Mapping[str, DataCategory]] = {
    "etat civil": DataCategory.IDENTITY,
    "identite": DataCategory.IDENTITY,
    "coordonnees": DataCategory.CONTACT,
    "vie personnelle": DataCategory.FAMILY,
    "vie professionnelle": DataCategory.PROFESSIONAL,
    "informations d ordre economique": DataCategory.ECONOMIC,
    "donnees de connexion": DataCategory.CONNECTION,
    "donnees de localisation": DataCategory.LOCATION,
    "numero de securite sociale": DataCategory.NATIONAL_NUMBER,
}

KINDS: Final[Mapping[SubjectKind, str]] = {
    SubjectKind.CUSTOMER: "Clients",
    SubjectKind.PROSPECT: "Prospects",
    SubjectKind.CONTACT: "Fournisseurs",
    SubjectKind.EMPLOYEE: "Salariés",
    SubjectKind.OTHER: "Autres (préciser)",
}
KIND_OF: Final[Mapping[str, SubjectKind]] = {
    "salaries": SubjectKind.EMPLOYEE,
    "services internes": SubjectKind.EMPLOYEE,
    "clients": SubjectKind.CUSTOMER,
    "fournisseurs": SubjectKind.CONTACT,
    "prestataires": SubjectKind.CONTACT,
    "prospects": SubjectKind.PROSPECT,
    "candidats": SubjectKind.OTHER,
    "autres": SubjectKind.OTHER,
}
PEOPLE_TYPES: Final[Mapping[str, str]] = {
    plain(each): each for each in (*KINDS.values(), "Services Internes", "Prestataires", "Candidats")
}

INTERNAL: Final = "Service interne qui traite les données"
PROCESSORS: Final = "Sous-traitants"
ABROAD: Final = "Destinataires dans des pays tiers ou organisations internationales"
PARTNERS: Final = "Partenaires institutionnels ou commerciaux"
RECIPIENT_TYPES: Final[Mapping[str, str]] = {
    plain(each): each for each in (PROCESSORS, ABROAD, PARTNERS, "Autre (Préciser)")
}
# Words by which a service of a company is recognised as one of our roles.
SERVICES: Final[Mapping[str, Role]] = {
    "compta": Role.ACCOUNTING,
    "financ": Role.ACCOUNTING,
    "paie": Role.ACCOUNTING,
    "factur": Role.ACCOUNTING,
    "market": Role.MARKETING,
    "communication": Role.MARKETING,
    "support": Role.SUPPORT,
    "service client": Role.SUPPORT,
    "apres vente": Role.SUPPORT,
    "sav": Role.SUPPORT,
    "commercia": Role.SALES,
    "vente": Role.SALES,
    "etude": Role.ANALYST,
    "statisti": Role.ANALYST,
}
ROLE_NAMES: Final[Mapping[Role, str]] = {
    Role.SALES: "Ventes",
    Role.MARKETING: "Marketing",
    Role.SUPPORT: "Service client",
    Role.ACCOUNTING: "Comptabilité",
    Role.ANALYST: "Études",
}

OTHER_MEASURES: Final = "Autres mesures (à préciser)"
MEASURE_TYPES: Final[Mapping[MeasureDomain, tuple[str, str]]] = {
    MeasureDomain.TRACING: ("Mesures de traçabilité", "Traces of what is done"),
    MeasureDomain.SOFTWARE: ("Mesures de protection des logiciels", "Protection of software"),
    MeasureDomain.CONTINUITY: ("Sauvegarde des données", "Backup of the data"),
    MeasureDomain.ENCRYPTION: ("Chiffrement des données", "Encryption of the data"),
    MeasureDomain.ACCESS: ("Contrôle d’accès des utilisateurs", "Control of users’ access"),
    MeasureDomain.PROCESSORS: ("Contrôle des sous-traitants", "Control of processors"),
}

SAFEGUARDS: Final[Mapping[Safeguard, str]] = {
    Safeguard.STANDARD_CLAUSES: "Clauses contractuelles types (CCT)",
    Safeguard.BINDING_RULES: "Règles d’entreprise contraignantes (BCR)",
    Safeguard.ADEQUACY: "Pays adéquat",
    Safeguard.CODE: "Code de conduite",
    Safeguard.CERTIFICATION: "Certification",
    Safeguard.AD_HOC: "Clauses contractuelles ad hoc",
    Safeguard.DEROGATION: "Dérogations (art 49)",
}
# The list of the template still offers it; the Court annulled the decision (CJEU C-311/18).
PRIVACY_SHIELD: Final = "privacy shield"
