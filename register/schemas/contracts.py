"""What crosses the edge of contracts with processors."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from governance.web.fields import Day
from register.catalogue.values import Clause, ContractState, SubProcessing
from register.schemas.activities import PartySchema
from register.schemas.fields import altered, label, words
from register.service import ContractTerms


class ContractTermsSchema(Schema):
    """A contract to keep, whole."""

    party_id = fields.UUID(required=True)
    label = label()
    signed_on = Day(load_default=None, allow_none=True)
    ends_on = Day(load_default=None, allow_none=True)
    clauses = fields.List(
        fields.Enum(Clause, by_value=True),
        load_default=list,
        validate=validate.Length(max=len(Clause)),
        metadata={"description": "The points of GDPR Art. 28(3) that were found in it, (a) to (h)."},
    )
    sub_processing = fields.Enum(SubProcessing, by_value=True, load_default=SubProcessing.NONE)
    sub_processors = words(load_default="")
    audited_on = Day(load_default=None, allow_none=True)
    document = words(load_default="", metadata={"description": "Where it lies."})

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> ContractTerms:
        """Build the command."""
        return ContractTerms(**{**data, "clauses": frozenset(data["clauses"])})


class ContractSchema(Schema):
    """A contract on file."""

    id = fields.UUID(required=True)
    altered = altered()
    party_id = fields.UUID(required=True)
    label = fields.String(required=True)
    signed_on = Day(required=True, allow_none=True)
    ends_on = Day(required=True, allow_none=True)
    clauses = fields.Function(lambda contract: [*contract.clauses], metadata={"type": "array"}, required=True)
    sub_processing = fields.Enum(SubProcessing, by_value=True, required=True)
    sub_processors = fields.String(required=True)
    audited_on = Day(required=True, allow_none=True)
    document = fields.String(required=True)
    from_file = fields.Boolean(
        required=True, metadata={"description": "It came with a file, and does not count until somebody saved it."}
    )
    changed_at = fields.AwareDateTime(required=True)


class ProcessorSchema(Schema):
    """An organisation that processes for us, and how its contract stands today."""

    party = fields.Nested(PartySchema, required=True)
    state = fields.Enum(ContractState, by_value=True, required=True)
    contracts = fields.List(fields.Nested(ContractSchema), required=True)


class ProcessorPageSchema(Schema):
    """A page of processors."""

    processors = fields.List(fields.Nested(ProcessorSchema), attribute="rows", required=True)
    next = fields.String(required=True, allow_none=True)
