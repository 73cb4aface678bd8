"""The words of the fictional file: what is to be done, what was taught, what was written, where the firm stands."""

from dataclasses import dataclass
from typing import Final

from governance.actor import Role
from governance.oversight.drift.values import Kind, name_of
from governance.oversight.values import About
from governance.oversight.values.accountability import MaturityActivity
from governance.oversight.values.plan import ActionVerb, Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An action of the fictional plan.

    Attributes:
        due_in: In so many days, negative where it is late.
        about: What it is about, by kind and by what its room calls it.
        steps: What was done with it since, with the words that came with it.
    """

    title: str
    why: str
    to: Role
    due_in: int
    priority: Priority = Priority.NORMAL
    cost: int | None = None
    about: tuple[About, str] | None = None
    steps: tuple[tuple[ActionVerb, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A document of the fictional library, in words.

    Attributes:
        dated: So many days ago.
        valid_for: For so many days from now; None where it does not end.
        about: What it proves, by kind and by what its room calls it.
    """

    title: str
    text: str
    dated: int
    about: tuple[About, str]
    valid_for: int | None = None


PLAN: Final = (
    Planned(
        title="Faire ajouter la clause d’audit au contrat d’Appels Boréal",
        why="Le contrat ne dit pas que le prestataire se laisse auditer (RGPD, art. 28(3)(h)).",
        to=Role.OWNER,
        due_in=21,
        priority=Priority.HIGH,
        about=(About.CONTRACT, "Prestation d’appels"),
    ),
    Planned(
        title="Décider s’il faut une analyse d’impact pour les études et statistiques",
        why="Plusieurs critères sont réunis. Avis de la déléguée d’abord, décision écrite ensuite.",
        to=Role.CONTROLLER,
        due_in=45,
        cost=3_000,
        about=(About.DRIFT, name_of(Kind.ASSESSMENT, "studies")),
    ),
    Planned(
        title="Revoir les accès de la comptabilité",
        why="Deux personnes ont changé de poste.",
        to=Role.OWNER,
        due_in=-4,
        about=(About.ACCESS_REVIEW, "accounting"),
        steps=((ActionVerb.START, ""),),
    ),
    Planned(
        title="Écrire la marche à suivre en cas de violation de données",
        why="La dernière date d’avant le changement d’hébergeur.",
        to=Role.SECURITY,
        due_in=60,
        cost=800,
        about=(About.MATURITY, MaturityActivity.BREACHES.value),
    ),
    Planned(
        title="Former le service client aux demandes de droits",
        why="Une demande reçue au téléphone était restée sans suite.",
        to=Role.DPO,
        due_in=-10,
        cost=450,
        about=(About.ACTIVITY, "data-subject-rights"),
        steps=((ActionVerb.FINISH, "Séance tenue ; la feuille d’émargement est à la bibliothèque."),),
    ),
)
SHELF: Final = (
    Shelved(
        title="Contrat d’hébergement, exemplaire signé (document fictif)",
        text="DOCUMENT FICTIF. Contrat d’hébergement entre Maison Lumen et Hébergement Alizé, signé des deux parties.",
        dated=400,
        about=(About.CONTRACT, "Contrat d’hébergement"),
    ),
    Shelved(
        title="Comptabilité : pourquoi aucune analyse d’impact n’est faite (document fictif)",
        text=(
            "DOCUMENT FICTIF. Décision motivée. La tenue de la comptabilité suit la loi, ne note personne, ne "
            "rapproche aucun fichier et ne garde que ce que les factures exigent. Avis favorable de la déléguée."
        ),
        dated=90,
        about=(About.ASSESSMENT, "accounting"),
        valid_for=640,
    ),
    Shelved(
        title="Notices du site, relecture annuelle (document fictif)",
        text="DOCUMENT FICTIF. Les notices ont été relues en entier ; rien n’y manque.",
        dated=330,
        about=(About.ACTIVITY, "customer-management"),
        valid_for=25,
    ),
)
TRAINING_SHEET: Final = (
    "Feuille d’émargement, demandes de droits (document fictif)",
    "DOCUMENT FICTIF. Séance « Reconnaître une demande de droits » : trois personnes présentes, trois signatures.",
)
DESIGNATION: Final = (
    "Lettre de désignation de la déléguée (document fictif)",
    "DOCUMENT FICTIF. Désignation de la déléguée à la protection des données de Maison Lumen.",
)
# Where each activity of the CNIL's model stands, where it is to stand, and why it is thought so.
LEVELS: Final[dict[MaturityActivity, tuple[int, int, str]]] = {
    MaturityActivity.PROCEDURES: (2, 3, "Écrites pour le principal, relues sans rythme."),
    MaturityActivity.GOVERNANCE: (3, 4, "La déléguée est consultée avant chaque projet."),
    MaturityActivity.INVENTORY: (4, 4, "Le registre fait foi à chaque lecture."),
    MaturityActivity.COMPLIANCE: (2, 3, "Des écarts connus, au plan d’actions."),
    MaturityActivity.TRAINING: (2, 3, "Le service client est formé, pas encore la vente."),
    MaturityActivity.REQUESTS: (3, 4, "Délais tenus ; le téléphone échappait au suivi."),
    MaturityActivity.SECURITY: (3, 4, "Données scellées, accès journalisés."),
    MaturityActivity.BREACHES: (1, 3, "La marche à suivre est ancienne et n’a pas été essayée."),
}
