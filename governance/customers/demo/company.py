"""What the fictional company declares: its staff, and its processing activities with their purposes.

The periods are those a French retailer would take from the CNIL's reference on the management of customers (2022) and
from the French Commercial Code; they are an example, not advice.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from governance.actor import Role
from governance.periods import NONE, Period
from governance.vocabulary import Channel, DataCategory, LawfulBasis, SubjectKind
from register.values import StartingEvent

NAME: Final = "Maison Lumen (société fictive)"
DOMAIN: Final = "demo.example"
NOTICE: Final = "politique-de-confidentialite"
FAIR: Final = "salon-de-la-lumiere"
COLLECTED_FOR: Final = "Les clients de la maison ont confié ces données pour ces finalités, avant la tenue du registre."

# The order matters: the controller is named first, and confirms the others.
STAFF: Final[tuple[tuple[Role, str], ...]] = (
    (Role.CONTROLLER, "Claire Fontaine (fictive)"),
    (Role.ADMIN, "Alain Verrou (fictif)"),
    (Role.DPO, "Denise Garde (fictive)"),
    (Role.OWNER, "Olivier Métier (fictif)"),
    (Role.SECURITY, "Sarah Rempart (fictive)"),
    (Role.AUDITOR, "Aude Témoin (fictive)"),
    (Role.SALES, "Victor Vente (fictif)"),
    (Role.MARKETING, "Maud Campagne (fictive)"),
    (Role.SUPPORT, "Samir Secours (fictif)"),
    (Role.ACCOUNTING, "Colette Compte (fictive)"),
    (Role.ANALYST, "Anouk Chiffre (fictive)"),
)

_C: Final = DataCategory
_CUSTOMER: Final = (SubjectKind.CUSTOMER,)
_BOTH: Final = (SubjectKind.CUSTOMER, SubjectKind.CONTACT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How long data are kept, and where the period comes from."""

    active: Period
    event: StartingEvent
    source: str
    archived: Period = NONE


# CNIL, référentiel relatif à la gestion des activités commerciales (2022), section 7.
AS_A_CUSTOMER: Final = Kept(
    active=Period("P3Y"), event=StartingEvent.END_OF_RELATIONSHIP, source="Référentiel CNIL gestion commerciale, 7"
)
AFTER_CONTACT: Final = Kept(
    active=Period("P3Y"), event=StartingEvent.LAST_CONTACT, source="Référentiel CNIL gestion commerciale, 7"
)
ORDER: Final = Kept(
    active=Period("P2Y"),
    event=StartingEvent.LAST_ORDER,
    archived=Period("P3Y"),
    source="Code civil, art. 2224 (prescription de cinq ans)",
)
ACCOUNTS: Final = Kept(
    active=Period("P1Y"),
    event=StartingEvent.END_OF_FINANCIAL_YEAR,
    archived=Period("P9Y"),
    source="Code de commerce, art. L123-22",
)
REQUEST: Final = Kept(
    active=Period("P1Y"), event=StartingEvent.CLOSURE, archived=Period("P4Y"), source="Code civil, art. 2224"
)
AFTER_SURVEY: Final = Kept(
    active=Period("P1Y"), event=StartingEvent.COLLECTION, source="Durée fixée par le responsable"
)
FIGURES: Final = Kept(active=Period("P25M"), event=StartingEvent.COLLECTION, source="Durée fixée par le responsable")


class Course(StrEnum):
    """How far a record has come."""

    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    ADVISED = "advised"
    OBSERVED = "observed"
    ENFORCED = "enforced"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoActivity:
    """A processing activity, how far its record has come, and what the DPO wrote of it."""

    slug: str
    name_fr: str
    name_en: str
    description: str
    drafted_by: Role = Role.OWNER
    course: Course = Course.ENFORCED
    favourable: bool = True
    opinion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPurpose:
    """A purpose, with what it uses and who receives it."""

    activity: str
    slug: str
    label_fr: str
    label_en: str
    basis: LawfulBasis
    recipients: tuple[Role, ...]
    categories: tuple[DataCategory, ...]
    period: Kept
    kinds: tuple[SubjectKind, ...] = _CUSTOMER
    obligatory: tuple[DataCategory, ...] = ()
    channel: Channel | None = None
    legal_reference: str = ""
    interest: str = ""
    necessity: str = ""
    balance: str = ""


ACTIVITIES: Final = (
    DemoActivity(
        slug="customer-management",
        name_fr="Gestion des clients et des commandes",
        name_en="Customers and orders",
        description="Tenir le fichier des clients et des prospects, prendre et livrer les commandes, assurer le suivi.",
    ),
    DemoActivity(
        slug="accounting",
        name_fr="Facturation et comptabilité",
        name_en="Invoicing and accounts",
        description="Établir, envoyer et conserver les factures, suivre les règlements.",
    ),
    DemoActivity(
        slug="direct-marketing",
        name_fr="Prospection commerciale",
        name_en="Direct marketing",
        description="Adresser des offres par e-mail, SMS, téléphone et courrier postal.",
    ),
    DemoActivity(
        slug="studies",
        name_fr="Études et statistiques",
        name_en="Studies and statistics",
        description="Connaître les ventes et les habitudes d’achat, sans connaître les personnes.",
    ),
    DemoActivity(
        slug="data-subject-rights",
        name_fr="Exercice des droits",
        name_en="Data subjects' rights",
        description="Répondre aux personnes qui exercent leurs droits.",
        drafted_by=Role.DPO,
    ),
    # What follows shows records on their way: nothing is granted for these.
    DemoActivity(
        slug="satisfaction-surveys",
        name_fr="Enquêtes de satisfaction",
        name_en="Satisfaction surveys",
        description="Demander aux clients, une fois par an au plus, s’ils sont satisfaits de leur dernier achat.",
        course=Course.OBSERVED,
        opinion="Durée courte, question simple, opposition rappelée dans chaque message.",
    ),
    DemoActivity(
        slug="partner-offers",
        name_fr="Offres de partenaires",
        name_en="Offers of partners",
        description="Adresser aux clients, par e-mail, les offres d’enseignes partenaires.",
        course=Course.ADVISED,
        favourable=False,
        opinion="Un e-mail publicitaire pour des partenaires demande le consentement (CPCE, art. L34-5) : l’intérêt "
        "légitime ne suffit pas. À reprendre sur la base du consentement, recueilli à part.",
    ),
    DemoActivity(
        slug="call-quality",
        name_fr="Qualité de l’accueil téléphonique",
        name_en="Quality of telephone service",
        description="Relire un échantillon de comptes rendus d’appels pour améliorer les réponses.",
        course=Course.SUBMITTED,
    ),
    DemoActivity(
        slug="loyalty",
        name_fr="Programme de fidélité",
        name_en="Loyalty programme",
        description="Compter des points et offrir des remises aux clients qui le demandent.",
        course=Course.DRAFTED,
    ),
)

PURPOSES: Final = (
    DemoPurpose(
        activity="customer-management",
        slug="customer-relationship",
        label_fr="Gestion de la relation client",
        label_en="Customer relationship",
        basis=LawfulBasis.LEGITIMATE_INTERESTS,
        recipients=(Role.SALES, Role.SUPPORT, Role.SERVICE),
        categories=(_C.IDENTITY, _C.CONTACT, _C.PROFESSIONAL, _C.ECONOMIC, _C.PREFERENCES, _C.PURCHASES,
                    _C.RELATIONSHIP, _C.BEHAVIOUR),
        kinds=_BOTH,
        period=AS_A_CUSTOMER,
        interest="Connaître ses clients pour leur répondre et les conseiller.",
        necessity="Sans l’historique des échanges, chaque demande serait à reprendre du début.",
        balance="Les clients s’y attendent ; données limitées, masquées selon le rôle ; l’opposition est simple.",
    ),
    DemoPurpose(
        activity="customer-management",
        slug="order-management",
        label_fr="Gestion des commandes",
        label_en="Order management",
        basis=LawfulBasis.CONTRACT,
        recipients=(Role.SALES, Role.SUPPORT, Role.SERVICE),
        categories=(_C.IDENTITY, _C.CONTACT, _C.PURCHASES, _C.RELATIONSHIP),
        obligatory=(_C.IDENTITY, _C.CONTACT, _C.PURCHASES),
        period=ORDER,
    ),
    DemoPurpose(
        activity="customer-management",
        slug="after-sales",
        label_fr="Service après-vente",
        label_en="After-sales service",
        basis=LawfulBasis.CONTRACT,
        recipients=(Role.SUPPORT,),
        categories=(_C.IDENTITY, _C.CONTACT, _C.ECONOMIC, _C.PURCHASES, _C.RELATIONSHIP),
        period=ORDER,
    ),
    DemoPurpose(
        activity="accounting",
        slug="invoicing",
        label_fr="Facturation",
        label_en="Invoicing",
        basis=LawfulBasis.LEGAL_OBLIGATION,
        recipients=(Role.ACCOUNTING,),
        categories=(_C.IDENTITY, _C.CONTACT, _C.PROFESSIONAL, _C.ECONOMIC, _C.PURCHASES, _C.RELATIONSHIP),
        # Code de commerce, art. L441-9: the name and the address of the buyer, and what was bought.
        obligatory=(_C.IDENTITY, _C.CONTACT, _C.PURCHASES),
        period=ACCOUNTS,
        legal_reference="Code de commerce, art. L123-22 et L441-9; CGI, art. 289",
    ),
    DemoPurpose(
        activity="direct-marketing",
        slug="email-marketing",
        label_fr="Prospection par e-mail",
        label_en="Marketing by e-mail",
        basis=LawfulBasis.CONSENT,
        channel=Channel.EMAIL,
        recipients=(Role.MARKETING,),
        categories=(_C.IDENTITY, _C.CONTACT, _C.PREFERENCES, _C.RELATIONSHIP),
        period=AFTER_CONTACT,
    ),
    DemoPurpose(
        activity="direct-marketing",
        slug="sms-marketing",
        label_fr="Prospection par SMS",
        label_en="Marketing by text message",
        basis=LawfulBasis.CONSENT,
        channel=Channel.SMS,
        recipients=(Role.MARKETING,),
        categories=(_C.IDENTITY, _C.CONTACT, _C.PREFERENCES, _C.RELATIONSHIP),
        period=AFTER_CONTACT,
    ),
    DemoPurpose(
        activity="direct-marketing",
        slug="phone-marketing",
        label_fr="Démarchage téléphonique",
        label_en="Marketing by telephone",
        # Code de la consommation, art. L223-1: prior consent since 11 August 2026 (Act 2025-594).
        basis=LawfulBasis.CONSENT,
        channel=Channel.TELEPHONE,
        recipients=(Role.SALES,),
        categories=(_C.IDENTITY, _C.CONTACT, _C.PREFERENCES, _C.RELATIONSHIP),
        period=AFTER_CONTACT,
    ),
    DemoPurpose(
        activity="direct-marketing",
        slug="post-marketing",
        label_fr="Prospection par courrier postal",
        label_en="Marketing by post",
        basis=LawfulBasis.LEGITIMATE_INTERESTS,
        recipients=(Role.MARKETING,),
        categories=(_C.IDENTITY, _C.CONTACT, _C.RELATIONSHIP),
        period=AFTER_CONTACT,
        interest="Faire connaître le catalogue à ceux qui ont déjà acheté ou demandé un renseignement.",
        necessity="Le nom et l’adresse suffisent, et rien d’autre n’est lu.",
        balance="Quatre envois par an au plus, opposition possible à tout moment et rappelée dans chaque envoi.",
    ),
    DemoPurpose(
        activity="studies",
        slug="scoring",
        label_fr="Segmentation de la clientèle",
        label_en="Customer segmentation",
        basis=LawfulBasis.LEGITIMATE_INTERESTS,
        recipients=(Role.ANALYST,),
        categories=(_C.IDENTITY, _C.CONTACT, _C.PURCHASES, _C.BEHAVIOUR),
        period=FIGURES,
        interest="Adapter les offres aux habitudes d’achat.",
        necessity="Une tranche d’âge, un département et les achats suffisent ; aucun nom n’est lu.",
        balance="Aucune décision individuelle n’en dépend ; l’opposition est possible.",
    ),
    DemoPurpose(
        activity="studies",
        slug="statistics",
        label_fr="Statistiques",
        label_en="Statistics",
        basis=LawfulBasis.LEGITIMATE_INTERESTS,
        recipients=(Role.ANALYST,),
        categories=(_C.IDENTITY, _C.CONTACT, _C.PURCHASES, _C.RELATIONSHIP, _C.BEHAVIOUR),
        period=FIGURES,
        interest="Suivre l’activité et préparer les approvisionnements.",
        necessity="Des pseudonymes et des données généralisées suffisent.",
        balance="Personne n’est reconnu ; les effectifs de moins de dix ne sont pas publiés.",
    ),
    DemoPurpose(
        activity="data-subject-rights",
        slug="rights-requests",
        label_fr="Demandes d’exercice des droits",
        label_en="Requests from data subjects",
        basis=LawfulBasis.LEGAL_OBLIGATION,
        recipients=(Role.DPO, Role.SUPPORT),
        categories=(_C.IDENTITY, _C.CONTACT, _C.PROFESSIONAL, _C.ECONOMIC, _C.LOCATION, _C.BEHAVIOUR, _C.PREFERENCES,
                    _C.PURCHASES, _C.RELATIONSHIP),
        kinds=_BOTH,
        period=REQUEST,
        legal_reference="RGPD, art. 12 à 22",
    ),
    DemoPurpose(
        activity="satisfaction-surveys",
        slug="satisfaction-survey",
        label_fr="Mesure de la satisfaction",
        label_en="Measuring satisfaction",
        basis=LawfulBasis.LEGITIMATE_INTERESTS,
        recipients=(Role.SUPPORT,),
        categories=(_C.IDENTITY, _C.CONTACT, _C.PURCHASES),
        period=AFTER_SURVEY,
        interest="Savoir ce qui ne va pas pour le corriger.",
        necessity="Il faut savoir qui a acheté quoi pour poser la bonne question.",
        balance="Une question par an au plus, sans conséquence pour la personne ; l’opposition est simple.",
    ),
    DemoPurpose(
        activity="partner-offers",
        slug="partner-offers-by-email",
        label_fr="Offres de partenaires par e-mail",
        label_en="Offers of partners by e-mail",
        basis=LawfulBasis.LEGITIMATE_INTERESTS,
        recipients=(Role.MARKETING,),
        categories=(_C.IDENTITY, _C.CONTACT, _C.PREFERENCES),
        period=AFTER_CONTACT,
        interest="Faire connaître les enseignes avec lesquelles la maison travaille.",
        necessity="L’adresse électronique suffit.",
        balance="Les offres sont choisies, et peu nombreuses.",
    ),
    DemoPurpose(
        activity="call-quality",
        slug="call-review",
        label_fr="Relecture de comptes rendus d’appels",
        label_en="Reviewing notes of calls",
        basis=LawfulBasis.LEGITIMATE_INTERESTS,
        recipients=(Role.SUPPORT,),
        categories=(_C.RELATIONSHIP,),
        period=AFTER_SURVEY,
        interest="Répondre mieux, et former les conseillers.",
        necessity="Un échantillon tiré au hasard suffit.",
        balance="Les comptes rendus ne servent ni à noter ni à sanctionner.",
    ),
    DemoPurpose(
        activity="loyalty",
        slug="loyalty-points",
        label_fr="Compte de points de fidélité",
        label_en="Account of loyalty points",
        basis=LawfulBasis.CONTRACT,
        # Nobody is named yet: the draft still lacks something, and says so.
        recipients=(),
        categories=(_C.IDENTITY, _C.PURCHASES),
        period=AS_A_CUSTOMER,
    ),
)  # fmt: skip
