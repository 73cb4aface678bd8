"""What a receipt is asked for by; receipts opened again, and the shape of a Kantara Consent Receipt 1.1."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from marshmallow import INCLUDE, Schema, ValidationError, fields, validate, validates_schema

from audit.envelopes import open_envelope
from audit.notes import NoteError, VerifierKey
from consent.receipts.errors import ReceiptRefusedError
from consent.receipts.issuing import KINDS
from consent.receipts.values import ReceiptFormat


class ReceiptQuerySchema(Schema):
    """In what shape a receipt is wanted."""

    format = fields.Enum(ReceiptFormat, by_value=True, load_default=ReceiptFormat.PDF)


class KantaraControllerSchema(Schema):
    """Who answers for it."""

    class Meta:
        """Take what others add."""

        unknown = INCLUDE

    piiController = fields.String(required=True)  # noqa: N815 -- the specification's names
    onBehalf = fields.Boolean()  # noqa: N815 -- the same
    contact = fields.String(required=True)
    address = fields.Dict(required=True)
    email = fields.String(required=True)
    phone = fields.String(required=True)
    piiControllerUrl = fields.String()  # noqa: N815 -- the same


class KantaraPurposeSchema(Schema):
    """What was agreed to."""

    class Meta:
        """Take what others add."""

        unknown = INCLUDE

    purpose = fields.String()
    consentType = fields.String(required=True)  # noqa: N815 -- the specification's names
    purposeCategory = fields.List(fields.String(), required=True)  # noqa: N815 -- the same
    piiCategory = fields.List(fields.String(), required=True)  # noqa: N815 -- the same
    primaryPurpose = fields.Boolean()  # noqa: N815 -- the same
    termination = fields.String(required=True)
    thirdPartyDisclosure = fields.Boolean(required=True)  # noqa: N815 -- the same
    thirdPartyName = fields.String()  # noqa: N815 -- the same

    @validates_schema
    def name_receivers(self, data: dict[str, Any], **_: Any) -> None:
        """Ask for the name of whoever the data are disclosed to."""
        if data.get("thirdPartyDisclosure") and "thirdPartyName" not in data:
            raise ValidationError("A receiver has a name.", "thirdPartyName")


class KantaraServiceSchema(Schema):
    """What it was agreed to for."""

    class Meta:
        """Take what others add."""

        unknown = INCLUDE

    service = fields.String(required=True)
    purposes = fields.List(fields.Nested(KantaraPurposeSchema), required=True)


class KantaraReceiptSchema(Schema):
    """A receipt."""

    class Meta:
        """Take what others add."""

        unknown = INCLUDE

    version = fields.String(required=True)
    jurisdiction = fields.String(required=True)
    consentTimestamp = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))  # noqa: N815 -- the specification's names
    collectionMethod = fields.String(required=True)  # noqa: N815 -- the same
    consentReceiptID = fields.String(required=True)  # noqa: N815 -- the same
    publicKey = fields.String()  # noqa: N815 -- the same
    language = fields.String()
    piiPrincipalId = fields.String(required=True)  # noqa: N815 -- the same
    piiControllers = fields.List(fields.Nested(KantaraControllerSchema), required=True)  # noqa: N815 -- the same
    policyUrl = fields.String(required=True)  # noqa: N815 -- the same
    services = fields.List(fields.Nested(KantaraServiceSchema), required=True)
    sensitive = fields.Boolean(required=True)
    spiCat = fields.List(fields.String(), required=True)  # noqa: N815 -- the same


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedReceipt:
    """A receipt whose signature holds."""

    form: ReceiptFormat
    content: Mapping[str, Any] = field(repr=False)


def open_receipt(text: str, key: VerifierKey) -> OpenedReceipt:
    """Return what a receipt says, once its signature and its shape are checked. Needs no house.

    Raises:
        ReceiptRefusedError: If it is none, or the key did not sign it.
    """
    for form, kind in KINDS.items():
        try:
            content = orjson.loads(open_envelope(text, key, kind))
        except (NoteError, ValueError):
            continue
        if form is ReceiptFormat.KANTARA:
            check_kantara(content)
        return OpenedReceipt(form=form, content=content)
    raise ReceiptRefusedError


def check_kantara(content: Mapping[str, Any]) -> None:
    """Refuse what is no Kantara Consent Receipt 1.1.

    Raises:
        ReceiptRefusedError: If something that the specification asks for is missing, or of another shape.
    """
    try:
        KantaraReceiptSchema().load(content)
    except ValidationError:
        raise ReceiptRefusedError from None
