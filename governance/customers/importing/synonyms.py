"""What people call a column, and how they spell a choice, in French and in English.

Words are compared without accents, capitals or punctuation. A field's own name always counts.
"""

import re
from collections.abc import Mapping
from typing import Final

from governance.gate.spellings import plain

_SEPARATORS: Final = re.compile(r"[^a-z0-9]+")

# Beside the fields: when the row's data were collected, and when somebody last checked them.
COLLECTED_ON: Final = "collected_on"
VERIFIED_ON: Final = "verified_on"

_PERSON: Final[Mapping[str, tuple[str, ...]]] = {
    "civility": ("civilite", "titre", "title", "salutation"),
    "family_name": ("nom", "nom de famille", "last name", "lastname", "surname", "name"),
    "given_name": ("prenom", "prenoms", "first name", "firstname", "forename"),
    "email": ("e mail", "mail", "courriel", "adresse e mail", "adresse mail", "adresse email", "email address"),
    "phone": ("telephone", "tel", "telephone fixe", "tel fixe", "fixe", "phone number", "landline"),
    "mobile": ("portable", "telephone portable", "tel portable", "telephone mobile", "gsm", "cell", "mobile phone"),
}
_PLACE: Final[Mapping[str, tuple[str, ...]]] = {
    "address_line": ("adresse", "address", "rue", "street", "adresse postale", "voie"),
    "postcode": ("code postal", "cp", "zip", "zip code", "postal code", "post code"),
    "city": ("ville", "commune", "town", "localite"),
    "country": ("pays",),
}
HEADERS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "customers": {
        **_PERSON,
        **_PLACE,
        "number": ("numero", "numero client", "no client", "n client", "code client", "id client", "customer number",
                   "customer id", "reference client"),
        "status": ("statut", "type", "type de client"),
        "since": ("client depuis", "depuis", "date de creation", "date d entree", "customer since", "created on"),
        "acquired_through": ("origine", "provenance", "origin", "canal d acquisition", "acquisition"),
        "segment": ("segmentation",),
        "company": ("siret", "siret entreprise", "siret societe", "societe siret", "company siret"),
        "birth_date": ("date de naissance", "naissance", "ne le", "nee le", "birthday", "date of birth", "birthdate"),
        "profession": ("metier", "occupation", "job", "emploi"),
        "employer": ("employeur",),
        "language": ("langue",),
        "preferred_channel": ("canal prefere", "contact prefere", "canal de contact"),
        "interests": ("centres d interet", "interets", "gouts"),
    },
    "contacts": {
        **_PERSON,
        "company": ("siret", "siret entreprise", "siret societe", "societe", "entreprise", "company siret"),
        "role": ("role achat", "role d achat", "buying role"),
        "function": ("fonction", "poste", "job title", "position"),
        "department": ("service", "departement"),
    },
    "companies": {
        **_PLACE,
        "name": ("nom", "raison sociale", "denomination", "societe", "entreprise", "company", "company name"),
        "siret": ("numero siret", "no siret"),
        "siren": ("numero siren", "no siren"),
        "ape": ("code ape", "naf", "code naf", "activite"),
        "legal_form": ("forme juridique", "statut juridique"),
        "workforce": ("effectif", "effectifs", "salaries", "nombre de salaries", "employees", "headcount"),
        "founded_year": ("annee de creation", "creation", "founded", "year founded"),
        "website": ("site", "site web", "site internet", "url"),
        "verified_on": ("verifie le", "date de verification"),
    },
    "products": {
        "reference": ("ref", "code produit", "code article", "sku"),
        "name": ("nom", "designation", "libelle", "produit", "article"),
        "range": ("gamme", "famille", "categorie"),
        "currency": ("devise",),
        "on_sale": ("en vente", "actif"),
    },
    "orders": {
        "buyer": ("numero client", "code client", "no client", "client", "customer number", "customer"),
        "number": ("numero", "numero de commande", "no commande", "commande", "order number", "order"),
        "ordered_on": ("date", "date de commande", "order date"),
        "payment_means": ("paiement", "moyen de paiement", "mode de paiement", "reglement", "payment"),
        "channel": ("canal",),
        "status": ("statut", "etat"),
        "currency": ("devise",),
        "invoice_number": ("facture", "numero de facture", "no facture", "invoice"),
    },
}  # fmt: skip
_PROVENANCE: Final[Mapping[str, tuple[str, ...]]] = {
    COLLECTED_ON: ("collecte le", "date de collecte", "date de recueil", "recueilli le"),
    VERIFIED_ON: ("verifie le", "date de verification", "derniere verification", "last verified"),
}
# Spellings of choices, by field, beyond case and accents.
CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "civility": {
        "m": "monsieur", "m.": "monsieur", "mr": "monsieur", "mr.": "monsieur", "homme": "monsieur", "h": "monsieur",
        "mme": "madame", "mme.": "madame", "mlle": "madame", "mademoiselle": "madame", "mrs": "madame",
        "ms": "madame", "femme": "madame", "f": "madame", "autre": "unstated", "non precise": "unstated",
    },
    "status": {
        "client": "customer", "actif": "customer", "active": "customer", "ancien client": "former",
        "ancien": "former", "inactif": "former", "payee": "placed", "livree": "delivered", "expediee": "sent",
        "annulee": "cancelled", "retournee": "returned", "preparee": "prepared",
    },
    "acquired_through": {
        "magasin": "shop", "boutique": "shop", "site": "website", "site web": "website", "internet": "website",
        "web": "website", "telephone": "telephone", "salon": "fair", "foire": "fair", "parrainage": "referral",
        "recommandation": "referral", "publicite": "advertisement", "partenaire": "partner", "autre": "other",
    },
    "preferred_channel": {
        "e-mail": "email", "mail": "email", "courriel": "email", "texto": "sms", "tel": "telephone",
        "courrier": "post", "poste": "post",
    },
    "language": {"francais": "fr", "anglais": "en", "allemand": "de", "espagnol": "es", "italien": "it"},
    "role": {"decideur": "decides", "utilisateur": "uses", "prescripteur": "prescribes", "payeur": "pays"},
    "payment_means": {
        "cb": "card", "carte": "card", "carte bancaire": "card", "virement": "transfer", "prelevement": "direct-debit",
        "cheque": "cheque", "especes": "cash", "bon d achat": "voucher",
    },
    "channel": {"magasin": "shop", "boutique": "shop", "site": "website", "web": "website", "salon": "fair"},
}  # fmt: skip


def spoken(header: str) -> str:
    """Return a header as it is compared: no accents, capitals or punctuation."""
    return _SEPARATORS.sub(" ", plain(header)).strip()


def header_words(table: str, names: tuple[str, ...]) -> dict[str, str]:
    """Return what each way of heading a column stands for, in one table.

    Args:
        table: The table's name in the data map.
        names: The names that may be meant: its fields and links.
    """
    known = HEADERS.get(table, {})
    words = {spoken(word): target for target, synonyms in _PROVENANCE.items() for word in (target, *synonyms)}
    for name in names:
        words |= {spoken(word): name for word in known.get(name, ())}
    # A field's own name wins over what another field is also called.
    return words | {spoken(name): name for name in names}
