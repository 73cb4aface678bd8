"""What names of columns and tables say, in French and in English, as tables of words.

A phrase is written without spaces; `names.look_up` finds the longest one within a name. The words of special categories
(GDPR Art. 9), of offences (Art. 10) and of the national registration number follow the CNIL's own lists of examples.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from governance.datamap.values import FieldKind, Origin, Search
from governance.errors import Phrase
from governance.vocabulary import DataCategory, SubjectKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a column holds.

    Attributes:
        what: In words, for the reader of the map.
        kind: What a value looks like.
        category: What it speaks of.
        origin: Where it usually comes from.
        search: How a person is usually found by it.
        special: Special category.
        criminal: Convictions and offences.
        nir: The national registration number.
        of_persons: Whether the words mean this only in a table of persons; elsewhere they name things.
    """

    what: str
    kind: FieldKind
    category: DataCategory
    origin: Origin = Origin.PROVIDED
    search: frozenset[Search] = frozenset()
    special: bool = False
    criminal: bool = False
    nir: bool = False
    of_persons: bool = False

    @property
    def spoken(self) -> Phrase:
        """What it holds, to be told in any language; `governance.datamap.labels` marks the words."""
        return Phrase(self.what, {})


_EXACT: Final = frozenset({Search.EXACT})
_TEXT, _OBSERVED = FieldKind.TEXT, Origin.OBSERVED
_IDENTITY, _CONTACT, _WORK = DataCategory.IDENTITY, DataCategory.CONTACT, DataCategory.PROFESSIONAL
_MONEY, _BOUGHT, _WAYS = DataCategory.ECONOMIC, DataCategory.PURCHASES, DataCategory.BEHAVIOUR
_LINE, _TASTES, _RELATION = DataCategory.CONNECTION, DataCategory.PREFERENCES, DataCategory.RELATIONSHIP

EMAIL: Final = Meaning(what="an e-mail address", kind=FieldKind.EMAIL, category=_CONTACT, search=_EXACT)
PHONE: Final = Meaning(what="a telephone number", kind=FieldKind.PHONE, category=_CONTACT, search=_EXACT)
FAMILY_NAME: Final = Meaning(what="a family name", kind=FieldKind.NAME, category=_IDENTITY, search=_EXACT)
GIVEN_NAME: Final = Meaning(what="a given name", kind=FieldKind.NAME, category=_IDENTITY)
PERSON_NAME: Final = Meaning(
    what="a person's name", kind=FieldKind.NAME, category=_IDENTITY, search=_EXACT, of_persons=True
)
IBAN: Final = Meaning(what="an IBAN", kind=FieldKind.IBAN, category=_MONEY)
SIRET: Final = Meaning(what="a SIRET", kind=FieldKind.SIRET, category=_WORK, search=_EXACT)
SIREN: Final = Meaning(what="a SIREN", kind=FieldKind.SIREN, category=_WORK, search=_EXACT)
NAF: Final = Meaning(what="an APE code", kind=FieldKind.NAF, category=_WORK)
NIR: Final = Meaning(
    what="a national registration number (NIR)", kind=_TEXT, category=DataCategory.NATIONAL_NUMBER, nir=True
)
CARD: Final = Meaning(what="a payment card number", kind=_TEXT, category=_MONEY)
ADDRESS: Final = Meaning(what="a postal address", kind=FieldKind.ADDRESS, category=_CONTACT)
POSTCODE: Final = Meaning(what="a postcode", kind=FieldKind.POSTCODE, category=_CONTACT)
COUNTRY: Final = Meaning(what="a country", kind=_TEXT, category=_CONTACT)
URL: Final = Meaning(what="a web address", kind=FieldKind.URL, category=_CONTACT)
NETWORK: Final = Meaning(what="a network address", kind=_TEXT, category=DataCategory.CONNECTION, origin=_OBSERVED)
CIVILITY: Final = Meaning(what="a civility", kind=_TEXT, category=_IDENTITY)
BIRTH_DATE: Final = Meaning(what="a date of birth", kind=FieldKind.BIRTH_DATE, category=_IDENTITY)
JOB: Final = Meaning(what="a profession or function", kind=_TEXT, category=_WORK, of_persons=True)
FREE_TEXT: Final = Meaning(
    what="free text", kind=FieldKind.FREE_TEXT, category=DataCategory.RELATIONSHIP, origin=_OBSERVED
)


# Words that only say a column is secret: nobody needs to read it, and it is not proposed.
SECRET: Final = Meaning(what="a secret", kind=_TEXT, category=DataCategory.CONNECTION)
# The name of a thing, in a table that is not about persons.
LABEL: Final = Meaning(what="a label", kind=_TEXT, category=_BOUGHT)


def _text(what: str, category: DataCategory, origin: Origin = Origin.PROVIDED) -> Meaning:
    return Meaning(what=what, kind=_TEXT, category=category, origin=origin)


def _number(what: str, category: DataCategory, origin: Origin = _OBSERVED) -> Meaning:
    return Meaning(what=what, kind=FieldKind.NUMBER, category=category, origin=origin)


def _moment(what: str, category: DataCategory) -> Meaning:
    return Meaning(what=what, kind=FieldKind.MOMENT, category=category, origin=_OBSERVED)


def _special(what: str) -> Meaning:
    return Meaning(what=what, kind=_TEXT, category=DataCategory.SPECIAL, special=True)


_OFFENCES: Final = Meaning(
    what="convictions or offences", kind=_TEXT, category=DataCategory.OFFENCES, origin=Origin.THIRD_PARTY, criminal=True
)
_BIRTHPLACE: Final = Meaning(what="a place of birth", kind=FieldKind.CITY, category=_IDENTITY)
_TOWN: Final = Meaning(what="a town", kind=FieldKind.CITY, category=_CONTACT)

_PHRASES: Final[tuple[tuple[Meaning, str], ...]] = (
    (EMAIL, "email emailaddress mail mailaddress courriel adressemail adresseemail adressecourriel mel"),
    (PHONE, "phone telephone tel mobile portable gsm fax telecopie phonenumber numtel numerotelephone cellphone"),
    (FAMILY_NAME, "lastname surname familyname nomfamille nomnaissance nomusage maidenname patronyme nomjeunefille"),
    (GIVEN_NAME, "firstname givenname forename middlename prenom"),
    (PERSON_NAME, "name nom fullname nomcomplet nomprenom displayname contactname nomcontact holder titulaire"),
    (CIVILITY, "civilite civility salutation gender sexe sex"),
    (BIRTH_DATE, "birthdate dateofbirth datebirth birthday birth born dob datenaissance naissance anniversaire ddn"),
    (_BIRTHPLACE, "birthplace lieunaissance villenaissance communenaissance birthcity placebirth"),
    (_text("a nationality", _IDENTITY), "nationality nationalite"),
    (_text("an identity document", _IDENTITY), "passport passeport cni idcard identitycard carteidentite permis"),
    (_text("a photograph", _IDENTITY), "photo picture avatar portrait"),
    (NIR, "nir ssn nss numsecu numerosecu securitesociale numerosecuritesociale socialsecurity"),
    (ADDRESS, "address adresse addr street streetaddress rue voie addressline adresseligne complementadresse"),
    (POSTCODE, "postalcode postcode zip zipcode cp codepostal"),
    (_TOWN, "city town ville commune localite"),
    (_text("a region", _CONTACT), "region province departement county canton billingstate shippingstate"),
    (Meaning(what="a region", kind=_TEXT, category=_CONTACT, of_persons=True), "state"),
    (COUNTRY, "country pays countrycode codepays"),
    (URL, "website siteweb url homepage linkedin twitter facebook instagram"),
    (IBAN, "iban"),
    (_text("bank details", _MONEY), "bic swift rib bankaccount comptebancaire banque bank accountnumber mandat"),
    (CARD, "cardnumber creditcard cartebancaire numerocarte numerocartebancaire cb pan"),
    (_number("a person's means", _MONEY), "salary salaire wage remuneration income revenu creditlimit encours"),
    (_number("what a person owes or is owed", _MONEY), "solde balance debt dette plafond quotientfamilial"),
    (_special("health"), "health sante medical allergie allergy handicap disability maladie disease pathologie"),
    (_special("health"), "diagnosis diagnostic bloodtype groupesanguin pregnancy grossesse medication medicament"),
    (_special("beliefs"), "religion religious faith croyance confession"),
    (_special("political opinions or union membership"), "political politique parti syndicat unionmember tradeunion"),
    (_special("racial or ethnic origin"), "race ethnic ethnicity ethnie origineethnique"),
    (_special("sex life or orientation"), "sexual sexualorientation orientationsexuelle"),
    (_special("biometric or genetic data"), "biometric biometrie fingerprint empreinte genetic genetique adn"),
    (_OFFENCES, "criminal conviction condamnation casier casierjudiciaire infraction offence offense"),
    (_text("a family situation", DataCategory.FAMILY), "marital maritalstatus situationfamiliale etatcivil"),
    (_text("relatives", DataCategory.FAMILY), "spouse conjoint child children enfant parent nbenfants nombreenfants"),
    (_text("a company", _WORK), "company companyname societe nomsociete entreprise employer employeur raisonsociale"),
    (JOB, "title titre jobtitle job profession metier fonction function poste position occupation role"),
    (LABEL, "label libelle intitule"),
    (_text("a department", _WORK), "department service"),
    (Meaning(what="a date of employment", kind=FieldKind.DATE, category=_WORK), "hiredate dateembauche hired"),
    (SIRET, "siret"),
    (SIREN, "siren"),
    (NAF, "naf ape codenaf codeape"),
    (_text("a VAT number", _WORK), "vat vatnumber tva numerotva"),
    (NETWORK, "ip ipaddress adresseip macaddress"),
    (_text("a device or browser", _LINE, _OBSERVED), "useragent browser navigateur device appareil"),
    (_text("an account name", _LINE), "login username userlogin identifiant pseudo nickname"),
    (_moment("a connection", _LINE), "lastlogin derniereconnexion loginat dateconnexion lastseen"),
    (SECRET, "password passwd pwd motpasse mdp passwordhash hash salt token secret apikey otp pin sessionid"),
    (_number("a position", DataCategory.LOCATION), "latitude longitude lat lng lon geoloc gps"),
    (_text("a language", _TASTES), "language langue locale lang"),
    (_text("a preference", _TASTES), "newsletter optin consent consentement preference interest gouts"),
    (_text("interests", _TASTES), "centreinteret interests hobby hobbies loisir"),
    (_number("a score", _WAYS, Origin.INFERRED), "score scoring rating note20 risk risque"),
    (_text("a segment", _WAYS, Origin.INFERRED), "segment segmentation profil profile cluster"),
    (_number("loyalty points", _WAYS), "point loyalty fidelite loyaltypoint visit visite"),
    (_moment("a date of the file", _RELATION), "createdat created datecreation createdon creele"),
    (_moment("a date of the file", _RELATION), "updatedat updated datemodification modifiedat updatedon"),
    (_text("a state of the relationship", _RELATION, _OBSERVED), "status statut etat stage origine"),
    (FREE_TEXT, "comment commentaire remark remarque observation message note description detail memo body texte"),
    (_text("a subject", _RELATION, _OBSERVED), "subject objet topic motif reason raison"),
    (_moment("a date of purchase", _BOUGHT), "invoicedate datefacture orderdate datecommande orderedat"),
    (_moment("a date of payment", _BOUGHT), "paidat datepaiement datereglement"),
    (_moment("a date of purchase", _BOUGHT), "duedate echeance dateecheance shippeddate datelivraison date"),
    (_number("an amount", _BOUGHT), "total amount montant price prix unitprice prixunitaire subtotal discount"),
    (_number("an amount", _BOUGHT), "tax taxe remise fee frais freight cost cout ttc ht totalttc totalht"),
    (_number("a quantity", _BOUGHT), "quantity quantite qty qte"),
    (_text("a means of payment", _BOUGHT, _OBSERVED), "payment paiement paymentmethod modepaiement reglement"),
    (_text("a number of a document", _BOUGHT, _OBSERVED), "invoicenumber numerofacture ordernumber numerocommande"),
    (_text("a product", _BOUGHT, _OBSERVED), "product produit productname nomproduit article sku designation"),
)  # fmt: skip
COLUMNS: Final[Mapping[str, Meaning]] = {phrase: meaning for meaning, phrases in _PHRASES for phrase in phrases.split()}

_PERSONS: Final[tuple[tuple[SubjectKind, str], ...]] = (
    (SubjectKind.CUSTOMER, "customer client acheteur buyer member membre adherent subscriber abonne donor donateur"),
    (SubjectKind.CUSTOMER, "passenger passager guest shopper purchaser consumer consommateur"),
    (SubjectKind.PROSPECT, "prospect lead"),
    (SubjectKind.CONTACT, "contact interlocuteur correspondent correspondant"),
    (SubjectKind.EMPLOYEE, "employee employe salarie staff collaborateur worker agent vendeur seller salesperson"),
    (SubjectKind.OTHER, "person personne people individual individu user utilisateur usager patient student eleve"),
    (SubjectKind.OTHER, "etudiant beneficiaire beneficiary recipient destinataire candidate candidat visitor visiteur"),
)
# Tables whose rows are persons, by what the table is called.
TABLES: Final[Mapping[str, SubjectKind]] = {phrase: kind for kind, phrases in _PERSONS for phrase in phrases.split()}
_ORGANISATIONS: Final = """
company societe entreprise organisation organization supplier fournisseur vendor etablissement magasin store shop
branch agence manufacturer fabricant brand marque partner partenaire association
"""
# Tables of organisations: their telephone and their e-mail address are not a person's by that alone.
ORGANISATIONS: Final = frozenset(_ORGANISATIONS.split())
_KEY_WORDS: Final = "id ids key fk pk num numero number no code ref reference uid uuid guid"
# Words that stand in the names of keys and say nothing of what the key is of.
KEY_WORDS: Final = frozenset(_KEY_WORDS.split())
_TABLE_WORDS: Final = "t tb tbl table dim fact crm shop erp app data ref"
# Words with which tables are prefixed.
TABLE_WORDS: Final = frozenset(_TABLE_WORDS.split())
