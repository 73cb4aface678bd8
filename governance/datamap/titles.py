"""What the columns of adopted tables are called on the pages, where their names say one thing and no other.

A column keeps the name that its program gave it, which stands beside its title. Only whole names count, as people write
them in French and in English: of `mail_subject`, nobody knows that it is an address.
"""

from collections.abc import Mapping
from typing import Final

from governance.datamap.adopt.names import words_of
from governance.errors import mark

# A title, and the names that say it, their words written together.
_NAMES: Final[tuple[tuple[str, str], ...]] = (
    (mark("Family name"), "familyname lastname surname nomfamille patronyme"),
    (mark("Name at birth"), "maidenname birthname nomnaissance nomjeunefille"),
    (mark("Given name"), "givenname firstname forename prenom"),
    (mark("Name"), "name nom"),
    (mark("Full name"), "fullname nomcomplet nomprenom"),
    # "Title" is a person's civility, on other pages.
    (mark("Heading or position"), "title titre intitule"),
    (mark("Position"), "jobtitle position poste fonction"),
    (mark("Profession"), "profession metier job occupation"),
    (mark("Date of birth"), "birthdate dateofbirth datebirth dob datenaissance ddn birthday"),
    (mark("Place of birth"), "birthplace placebirth lieunaissance villenaissance"),
    (mark("Nationality"), "nationality nationalite"),
    (mark("E-mail"), "email emailaddress mail courriel adressemail adresseemail adressecourriel mel"),
    (mark("Telephone"), "phone telephone tel phonenumber telephonenumber numtel numerotelephone"),
    (mark("Mobile"), "mobile mobilephone mobilenumber cellphone gsm portable telephoneportable telephonemobile"),
    (mark("Fax"), "fax telecopie faxnumber"),
    (mark("Address"), "address adresse street streetaddress postaladdress adressepostale rue"),
    (mark("Postcode"), "postcode postalcode zip zipcode cp codepostal"),
    (mark("Town"), "city town ville commune"),
    (mark("Region"), "region"),
    (mark("Country"), "country pays"),
    (mark("Billing address"), "billingaddress adressefacturation"),
    (mark("Town of billing"), "billingcity villefacturation"),
    (mark("Postcode of billing"), "billingpostalcode billingpostcode billingzip codepostalfacturation"),
    (mark("Country of billing"), "billingcountry paysfacturation"),
    (mark("Delivery address"), "shippingaddress deliveryaddress adresselivraison"),
    (mark("Company"), "company companyname societe nomsociete entreprise raisonsociale"),
    (mark("Employer"), "employer employeur"),
    (mark("Date of employment"), "hiredate datehire dateembauche"),
    (mark("Salary"), "salary salaire wage remuneration"),
    (mark("Website"), "website siteweb homepage"),
    (mark("Language"), "language langue"),
    (mark("Date of the invoice"), "invoicedate datefacture"),
    (mark("Date of the order"), "orderdate datecommande"),
    (mark("Price"), "price prix"),
    (mark("Unit price"), "unitprice prixunitaire"),
    (mark("Total"), "total"),
    (mark("Quantity"), "quantity quantite qty qte"),
    (mark("Amount"), "amount montant"),
    (mark("Points"), "points"),
    (mark("Note"), "note comment comments commentaire commentaires remark remarks remarque remarques"),
    (mark("Status"), "status statut"),
    (mark("Allergies"), "allergies allergy allergie"),
    ("IBAN", "iban"),
    ("BIC", "bic"),
    ("SIRET", "siret"),
    ("SIREN", "siren"),
    ("VAT", "vat"),
    ("TVA", "tva"),
    ("URL", "url"),
)
_TITLES: Final[Mapping[str, str]] = {name: title for title, names in _NAMES for name in names.split()}


def title_of(name: str) -> str:
    """Return what a column is called, in English where its name is known; its own name in words otherwise."""
    words = words_of(name)
    return _TITLES.get("".join(words), " ".join(name.replace("_", " ").split()).capitalize())
