"""Words by which people name kinds of data, and our categories for them; those of MADIS's list among them."""

from collections.abc import Mapping
from typing import Final

from governance.vocabulary import DataCategory

_C: Final = DataCategory
# Without accents and in small letters, as labels are compared; the first that fits.
DATA_WORDS: Final[Mapping[str, DataCategory]] = {
    # GDPR Art. 87, 10, 9(1).
    "numero de securite sociale": _C.NATIONAL_NUMBER, "securite sociale": _C.NATIONAL_NUMBER,
    "nir": _C.NATIONAL_NUMBER, "social security": _C.NATIONAL_NUMBER, "infraction": _C.OFFENCES,
    "condamnation": _C.OFFENCES, "casier": _C.OFFENCES, "offence": _C.OFFENCES, "sante": _C.SPECIAL,
    "syndica": _C.SPECIAL, "religi": _C.SPECIAL, "politique": _C.SPECIAL, "racial": _C.SPECIAL, "ethnique": _C.SPECIAL,
    "vie sexuelle": _C.SPECIAL, "genetique": _C.SPECIAL, "biometri": _C.SPECIAL,
    "sensible": _C.SPECIAL, "categories particulieres": _C.SPECIAL, "special": _C.SPECIAL, "health": _C.SPECIAL,
    "familia": _C.FAMILY, "famille": _C.FAMILY, "filiation": _C.FAMILY, "vie personnelle": _C.FAMILY,
    "family": _C.FAMILY, "bancaire": _C.ECONOMIC, "rib": _C.ECONOMIC, "patrimoine": _C.ECONOMIC, "fiscal": _C.ECONOMIC,
    "revenu": _C.ECONOMIC, "economique": _C.ECONOMIC, "financi": _C.ECONOMIC, "paiement": _C.ECONOMIC,
    "means of payment": _C.ECONOMIC, "caf": _C.ECONOMIC, "professionnel": _C.PROFESSIONAL,
    "professional": _C.PROFESSIONAL, "cv": _C.PROFESSIONAL, "carriere": _C.PROFESSIONAL,
    "adresse ip": _C.CONNECTION, "connexion": _C.CONNECTION, "connection": _C.CONNECTION, "logs": _C.CONNECTION,
    "journaux": _C.CONNECTION, "localisation": _C.LOCATION, "gps": _C.LOCATION, "location": _C.LOCATION,
    "mail": _C.CONTACT, "courriel": _C.CONTACT, "telephone": _C.CONTACT, "coordonnees": _C.CONTACT,
    "adresse": _C.CONTACT, "contact": _C.CONTACT, "postal": _C.CONTACT, "achat": _C.PURCHASES,
    "commande": _C.PURCHASES, "purchases": _C.PURCHASES, "preference": _C.PREFERENCES, "gouts": _C.PREFERENCES,
    "comportement": _C.BEHAVIOUR, "navigation": _C.BEHAVIOUR, "behaviour": _C.BEHAVIOUR,
    "relation": _C.RELATIONSHIP, "identit": _C.IDENTITY, "etat civil": _C.IDENTITY, "nom": _C.IDENTITY,
    "naissance": _C.IDENTITY, "photo": _C.IDENTITY, "image": _C.IDENTITY,
}  # fmt: skip
