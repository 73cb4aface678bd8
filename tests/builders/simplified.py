"""Workbooks in the shape of the CNIL's simplified register, made by another program than ours (odfpy)."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

Rows = Sequence[Sequence[Any]]

PLACEHOLDER = "Sélectionnez un élément dans cette liste déroulante ►"
LIST: Rows = [
    ["Coordonnées du responsable de l’organisme\n(...)", "Nom :", "", "Prénom :", "", "Adresse :"],
    ["", "Code postal :", "", "Ville :", "", "Téléphone :"],
    ["Identification du traitement", "", "", "", "Finalité du traitement", "", "", "Données sensibles ?"],
    ["Nom du traitement", "N° / RÉF", "Date de création de la fiche", "Dernière mise à jour de la fiche"],
    ["(EXEMPLE) Fichier du personnel", "P-1", date(2020, 1, 2), date(2021, 3, 4), "Embauche, Planning", "", "", "Non"],
]
CARD: Rows = [
    ["Exemple de fiche", "", "", "", "", "", "", "P-1", "", "Consulter les guides"],
    [],
    ["Description  du traitement  "],
    ["Nom du traitement", "Fichier du personnel"],
    ["N° / RÉF", "P-1"],
    ["Date de création du traitement", date(2020, 1, 2)],
    ["Mise à jour du traitement", "04/03/2021"],
    [],
    ["Acteurs", "Nom", "Adresse", "Code Postal", "Ville", "Pays", "Téléphone", "Adresse mél", "", "► Lien"],
    [
        "Responsable du traitement",
        "Atelier Exemple",
        "3 rue du Port",
        7100,
        "Annonay",
        "France",
        "04 00",
        "a@x.example",
    ],
    ["Délégué à la protection des données", "Camille Modèle", "", "", "", "", "", "dpo@x.example"],
    ["Société du DPO (si celui-ci est externe)", "Conseil Exemple"],
    ["Représentant", "N/A"],
    ["Responsable(s) conjoint(s)"],
    [],
    ["Finalité(s) du traitement effectué"],
    ["Finalité principale", "Gérer le personnel"],
    ["Sous-finalité 1", "Établir les plannings"],
    ["Sous-finalité 2", ""],
    [],
    ["Catégories de données personnelles concernées", "Description", "", "", "Durée de conservation"],
    ["État civil, identité, données d'identification, images…", "Noms, photos", "", "", "5 ans après le départ"],
    ["Données de connexion (adress IP, logs, etc.)", "Journaux", "", "", "6 mois"],
    [],
    ["Données sensibles", "Description", "", "", "Durée de conservation"],
    ["Données concernant la santé", "Arrêts", "", "", "aussi longtemps que nécessaire"],
    [],
    ["Catégories de personnes concernées", "Description", "", "", "Précisions"],
    ["Catégorie de personnes 1", "Salariés", "", "", "environ 1 200"],
    ["Catégorie de personnes 2", PLACEHOLDER],
    [],
    ["Destinataires", "Type de destinataire", "", "", "Précisions"],
    ["Destinataire 1", "Service interne qui traite les données", "", "", "Service comptabilité"],
    ["Destinataire 2", "Sous-traitants", "", "", "Paie Exemple"],
    [],
    ["Mesures de sécurité", "Type de mesure de sécurité", "", "", "Précisions"],
    ["Mesure de sécurité 1", "Chiffrement des données", "", "", "disques"],
    ["Mesure de sécurité 2", "Autres mesures (à préciser)", "", "", "Badge à l’entrée"],
    [],
    ["Transferts hors UE", "Destinataire", "Pays", "Type de Garanties", "", "Liens vers la documentation"],
    ["Organisme destinataire 1", "Paie Exemple", "Etats-Unis", "Clauses contractuelles types (CCT)", "", "Contrat"],
]
# A sheet in which every row of the template says something, and some say it as only people do.
FULL: Rows = [
    ["Modèle de fiche"],
    ["Description  du traitement"],
    ["Nom du traitement", "Accueil des patients"],
    ["N° / RÉF", "7 bis - Accueil"],
    ["Date de création du traitement", date(2018, 6, 12)],
    ["Mise à jour du traitement", "03/02/2021"],
    ["Acteurs", "Nom", "Adresse", "Code Postal", "Ville", "Pays", "Téléphone", "Adresse mél"],
    [
        "Responsable du traitement",
        "Clinique Exemple",
        "3 rue du Port",
        "07100",
        "Annonay",
        "France",
        "04 00",
        "a@x.example",
    ],
    [
        "Délégué à la protection des données",
        "Camille Modèle",
        "5 quai Sud",
        "69001",
        "Lyon",
        "France",
        "",
        "dpo@x.example",
    ],
    ["Société du DPO (si celui-ci est externe)", "Conseil Exemple"],
    ["Représentant", "N/A"],
    ["Responsable(s) conjoint(s)", "Cabinet Voisin", "4 rue du Port", "07100", "Annonay", "France", "", ""],
    ["Finalité(s) du traitement effectué"],
    ["Finalité principale", "Accueillir"],
    ["Sous-finalité 1", "Facturer"],
    ["Catégories de données personnelles concernées", "Description", "", "", "Durée de conservation"],
    [
        "État civil, identité, données d'identification, images…",
        "Noms, prénoms, adresses",
        "",
        "",
        "5 ans après le départ",
    ],
    ["Vie personnelle (habitudes de vie, situation familiale, etc.)", "Personne à prévenir", "", "", "6 mois"],
    ["Informations d'ordre économique et financier (revenus...)", "RIB", "", "", "10 ans à compter du paiement"],
    ["Données de connexion (adress IP, logs, etc.)", "Journaux", "", "", "1 an"],
    ["Données de localisation (déplacements, données GPS, GSM, etc.)", "Étage", "", "", "tant que c’est utile"],
    ["Numéro de Sécurité Sociale (ou NIR)", "Numéro des patients", "", "", "5 ans"],
    ["Données sensibles", "Description", "", "", "Durée de conservation"],
    ["Données révélant l'origine raciale ou ethnique", "Groupe rare", "", "", "1 an"],
    ["Données révélant les opinions politiques"],
    ["Données révélant les convictions religieuses ou philosophiques", "Régime", "", "", "6 mois"],
    ["Données révélant l'appartenance syndicale"],
    ["Données génétiques", "Porteurs", "", "", ""],
    ["Données biométriques aux fins d'identifier une personne physique de manière unique"],
    ["Données concernant la santé", "Dossier : antécédents\nOrdonnances", "", "", "20 ans après le départ"],
    ["Données concernant la vie sexuelle ou l'orientation sexuelle"],
    ["Données relatives à des condamnations pénales ou  infractions", "Agressions", "", "", "5 ans"],
    ["Catégories de personnes concernées", "Description", "", "", "Précisions"],
    ["Catégorie de personnes 1", "Clients", "", "", "Patients"],
    ["Catégorie de personnes 2", "Salariés"],
    ["Catégorie de personnes 3", "Services Internes", "", "", "Stagiaires"],
    ["Catégorie de personnes 4", "Candidats"],
    ["Catégorie de personnes 5", "Autres (préciser)", "", "", "Visiteurs"],
    ["Destinataires", "Type de destinataire", "", "", "Précisions"],
    ["Destinataire 1", "Service interne qui traite les données", "", "", "Direction financière"],
    ["Destinataire 2", "Service interne qui traite les données", "", "", "Standard"],
    ["Destinataire 3", "Sous-traitants", "", "", "Paie Exemple"],
    ["Destinataire 4", "Partenaires institutionnels ou commerciaux", "", "", "Caisse Exemple"],
    ["Destinataire 5", "Destinataires dans des pays tiers ou organisations internationales", "", "", "Labo Exemple"],
    ["Destinataire 6", "Destinataires dans des pays tiers ou organisations internationales", "", "", "ONG Exemple"],
    ["Destinataire 7", "Autre (Préciser)", "", "", "Presse locale"],
    ["Mesures de sécurité", "Type de mesure de sécurité", "", "", "Précisions"],
    ["Mesure de sécurité 1", "Chiffrement des données", "", "", "disques"],
    ["Mesure de sécurité 2", "Chiffrement des données", "", "", "courriels"],
    ["Mesure de sécurité 3", "Sauvegarde des données"],
    ["Mesure de sécurité 4", "Autres mesures (à préciser)", "", "", "Badge à l’entrée"],
    ["Transferts hors UE", "Destinataire", "Pays", "Type de Garanties", "", "Liens vers la documentation"],
    ["Organisme destinataire 1", "Labo Exemple", "Suisse", "Pays adéquat", "", "Contrat"],
    ["Organisme destinataire 2", "Groupe Exemple", "Etats-Unis", "Privacy shield", "", "Note"],
]
BLANK: Rows = [
    [row[0], PLACEHOLDER] if row and row[0].startswith("Catégorie de personnes") else row[:1] for row in CARD
]


def an_ods_of(sheets: Mapping[str, Rows]) -> bytes:
    """Return a workbook with these sheets."""
    document = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        table = Table(name=name)
        for row in rows:
            line = TableRow()
            for value in row:
                line.addElement(_cell(value))
            table.addElement(line)
        document.spreadsheet.addElement(table)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _cell(value: Any) -> TableCell:
    if isinstance(value, date):
        cell = TableCell(valuetype="date", datevalue=value.isoformat())
    elif isinstance(value, int):
        cell = TableCell(valuetype="float", value=str(value))
    else:
        cell = TableCell(valuetype="string")
    for line in str(value).split("\n"):
        cell.addElement(P(text=line))
    return cell


def with_cell(rows: Rows, label: str, *values: Any) -> Rows:
    """Return rows in which the one of a label says something else behind it."""
    return [[row[0], *values] if row and row[0] == label else row for row in rows]


def retyped(workbook: bytes, changes: Mapping[str, str]) -> bytes:
    """Return a workbook in which whole cells say something else: what a person does who types over them."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive, zipfile.ZipFile(changed, "w") as copy:
        for name in archive.namelist():
            content = archive.read(name).decode()
            for before, after in changes.items() if name == "content.xml" else ():
                assert f"<text:p>{before}</text:p>" in content, before
                content = content.replace(f"<text:p>{before}</text:p>", f"<text:p>{after}</text:p>")
            copy.writestr(name, content)
    return changed.getvalue()
