"""What tables, fields and categories are called on the pages; marked for translation."""

from collections.abc import Mapping
from typing import Final

from governance.errors import mark
from governance.gate.reasons import Rule

RULE_LABELS: Final[Mapping[Rule, str]] = {
    Rule.SIGN_IN: mark("Sign-in"),
    Rule.ROLE: mark("Role"),
    Rule.PURPOSE: mark("Purpose"),
    Rule.ACTIVITY: mark("Processing activity"),
    Rule.DATA_MAP: mark("Data map"),
    Rule.CATEGORY: mark("Category of data"),
    Rule.RECIPIENT: mark("Recipients"),
    Rule.GRANT: mark("Grant"),
    Rule.FORM: mark("Form of the data"),
    Rule.CONSENT: mark("Consent"),
}

TABLE_LABELS: Final[Mapping[str, str]] = {
    "customers": mark("record of the customer"),
    "contacts": mark("record of the contact"),
    "orders": mark("orders"),
    "order_lines": mark("lines of orders"),
    "equipment": mark("equipment"),
    "exchanges": mark("exchanges"),
    "behaviour": mark("behaviour"),
    "consent": mark("consents"),
}

FIELD_LABELS: Final[Mapping[str, str]] = {
    "number": mark("Number"),
    "status": mark("Status"),
    "since": mark("Since"),
    "acquired_through": mark("Came through"),
    "segment": mark("Segment"),
    "company": mark("Company"),
    "civility": mark("Title"),
    "family_name": mark("Family name"),
    "given_name": mark("Given name"),
    "birth_date": mark("Date of birth"),
    "email": mark("E-mail"),
    "phone": mark("Telephone"),
    "mobile": mark("Mobile"),
    "address_line": mark("Address"),
    "postcode": mark("Postcode"),
    "city": mark("Town"),
    "country": mark("Country"),
    "profession": mark("Profession"),
    "employer": mark("Employer"),
    "iban": mark("IBAN"),
    "language": mark("Language"),
    "preferred_channel": mark("Preferred channel"),
    "interests": mark("Interests"),
    "ordered_on": mark("Date"),
    "total_cents": mark("Total"),
    "payment_means": mark("Paid by"),
    "channel": mark("Channel"),
    "happened_at": mark("When"),
    "subject": mark("About"),
    "note": mark("Note"),
    "direction": mark("Direction"),
    "brand": mark("Brand"),
    "model": mark("Model"),
    "replacement_on": mark("To be replaced"),
    "bought_on": mark("Bought on"),
    "nature": mark("Nature"),
}

# The words that choices hold; a choice without a label is shown as it is.
CHOICE_LABELS: Final[Mapping[str, str]] = {
    "prospect": mark("prospect"),
    "customer": mark("customer"),
    "former": mark("former customer"),
    "madame": mark("Mrs"),
    "monsieur": mark("Mr"),
    "unstated": mark("not stated"),
    "shop": mark("shop"),
    "website": mark("website"),
    "telephone": mark("telephone"),
    "fair": mark("fair"),
    "referral": mark("referral"),
    "advertisement": mark("advertisement"),
    "partner": mark("partner"),
    "other": mark("other"),
    "new": mark("new"),
    "occasional": mark("occasional"),
    "faithful": mark("faithful"),
    "premium": mark("premium"),
    "sleeping": mark("sleeping"),
    "card": mark("card"),
    "transfer": mark("bank transfer"),
    "direct-debit": mark("direct debit"),
    "cheque": mark("cheque"),
    "cash": mark("cash"),
    "voucher": mark("voucher"),
    "placed": mark("placed"),
    "prepared": mark("prepared"),
    "sent": mark("sent"),
    "delivered": mark("delivered"),
    "returned": mark("returned"),
    "cancelled": mark("cancelled"),
    "email": mark("e-mail"),
    "sms": mark("text message"),
    "post": mark("post"),
    "push": mark("push message"),
    "call": mark("call"),
    "visit": mark("visit"),
    "mailing": mark("mailing"),
    "complaint": mark("complaint"),
    "incoming": mark("incoming"),
    "outgoing": mark("outgoing"),
    "open": mark("open"),
    "waiting": mark("waiting"),
    "settled": mark("settled"),
    "message": mark("message"),
}


def field_label(name: str) -> str:
    """Return a field's label in English; its name in words where it has none."""
    return FIELD_LABELS.get(name, name.replace("_", " ").capitalize())
