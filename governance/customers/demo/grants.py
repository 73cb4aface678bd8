"""Who may do what in the fictional company: asked for by the owner, approved by the controller."""

from dataclasses import dataclass
from typing import Final

from governance.actor import Role
from governance.policies.terms import DEFAULT_DAYS
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind

_C: Final = DataCategory
_CUSTOMER: Final = (SubjectKind.CUSTOMER,)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoGrant:
    """What a role may do with some categories, for a purpose, for a number of days."""

    role: Role
    purpose: str
    categories: tuple[DataCategory, ...]
    form: Form = Form.CLEAR
    actions: tuple[GrantedAction, ...] = (GrantedAction.READ,)
    lookup: bool = False
    kinds: tuple[SubjectKind, ...] = _CUSTOMER
    days: int = DEFAULT_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoWish:
    """What a member of the staff asks for and nobody has decided: a role, or data for a purpose."""

    by: Role
    reason: str
    role: Role
    purpose: str | None = None
    categories: tuple[DataCategory, ...] = ()
    form: Form = Form.CLEAR


_READ: Final = GrantedAction.READ
_CREATE: Final = GrantedAction.CREATE
_CHANGE: Final = GrantedAction.CHANGE
_DELETE: Final = GrantedAction.DELETE
_EXPORT: Final = GrantedAction.EXPORT
_WHO_AND_WHERE: Final = (_C.IDENTITY, _C.CONTACT)

GRANTS: Final = (
    # Customer relationship: support sees the bank account by its last figures only.
    DemoGrant(
        role=Role.SUPPORT,
        purpose="customer-relationship",
        categories=(*_WHO_AND_WHERE, _C.PREFERENCES, _C.PURCHASES, _C.RELATIONSHIP),
        lookup=True,
    ),
    DemoGrant(
        role=Role.SUPPORT, purpose="customer-relationship", categories=(_C.ECONOMIC,), form=Form.MASKED
    ),
    DemoGrant(
        role=Role.SUPPORT,
        purpose="customer-relationship",
        categories=(_C.CONTACT, _C.PREFERENCES, _C.RELATIONSHIP),
        actions=(_CHANGE,),
    ),
    DemoGrant(
        role=Role.SUPPORT, purpose="customer-relationship", categories=(_C.RELATIONSHIP,), actions=(_CREATE,)
    ),
    DemoGrant(
        role=Role.SALES,
        purpose="customer-relationship",
        categories=(*_WHO_AND_WHERE, _C.PROFESSIONAL, _C.PREFERENCES, _C.PURCHASES, _C.RELATIONSHIP, _C.BEHAVIOUR),
        lookup=True,
    ),
    DemoGrant(
        role=Role.SALES,
        purpose="customer-relationship",
        categories=(*_WHO_AND_WHERE, _C.PROFESSIONAL, _C.ECONOMIC, _C.PREFERENCES, _C.PURCHASES, _C.RELATIONSHIP,
                    _C.BEHAVIOUR),
        actions=(_CREATE,),
    ),
    DemoGrant(
        role=Role.SALES,
        purpose="customer-relationship",
        categories=(*_WHO_AND_WHERE, _C.PROFESSIONAL, _C.PREFERENCES, _C.RELATIONSHIP),
        actions=(_CHANGE,),
    ),
    DemoGrant(
        role=Role.SALES,
        purpose="customer-relationship",
        categories=(*_WHO_AND_WHERE, _C.PROFESSIONAL),
        kinds=(SubjectKind.CONTACT,),
        actions=(_READ, _CREATE, _CHANGE),
    ),
    # The site puts on file whoever signed up there, and finds whoever is on file already.
    DemoGrant(role=Role.SERVICE, purpose="customer-relationship", categories=_WHO_AND_WHERE, lookup=True),
    DemoGrant(
        role=Role.SERVICE, purpose="customer-relationship", categories=_WHO_AND_WHERE, actions=(_CREATE,)
    ),
    # Orders: the shop's own programs read and write them too.
    DemoGrant(
        role=Role.SALES,
        purpose="order-management",
        categories=(*_WHO_AND_WHERE, _C.PURCHASES, _C.RELATIONSHIP),
        lookup=True,
    ),
    DemoGrant(
        role=Role.SALES,
        purpose="order-management",
        categories=(_C.CONTACT, _C.PURCHASES),
        actions=(_CREATE, _CHANGE),
    ),
    DemoGrant(
        role=Role.SUPPORT, purpose="order-management", categories=(*_WHO_AND_WHERE, _C.PURCHASES), lookup=True
    ),
    DemoGrant(role=Role.SERVICE, purpose="order-management", categories=(*_WHO_AND_WHERE, _C.PURCHASES)),
    DemoGrant(
        role=Role.SERVICE,
        purpose="order-management",
        categories=(_C.CONTACT, _C.PURCHASES),
        actions=(_CREATE, _CHANGE),
    ),
    DemoGrant(
        role=Role.SUPPORT,
        purpose="after-sales",
        categories=(*_WHO_AND_WHERE, _C.PURCHASES, _C.RELATIONSHIP),
        lookup=True,
    ),
    DemoGrant(role=Role.SUPPORT, purpose="after-sales", categories=(_C.ECONOMIC,), form=Form.MASKED),
    DemoGrant(
        role=Role.ACCOUNTING,
        purpose="invoicing",
        categories=(*_WHO_AND_WHERE, _C.PURCHASES, _C.RELATIONSHIP),
        actions=(_READ, _EXPORT),
    ),
    DemoGrant(role=Role.ACCOUNTING, purpose="invoicing", categories=(_C.ECONOMIC,), form=Form.MASKED),
    # For the audit of the accounts, and over soon.
    DemoGrant(role=Role.ACCOUNTING, purpose="invoicing", categories=(_C.PROFESSIONAL,), form=Form.MASKED, days=21),
    # Marketing reads whoever has consented, and nobody else.
    DemoGrant(
        role=Role.MARKETING,
        purpose="email-marketing",
        categories=(*_WHO_AND_WHERE, _C.PREFERENCES),
        actions=(_READ, _EXPORT),
    ),
    DemoGrant(role=Role.MARKETING, purpose="sms-marketing", categories=(*_WHO_AND_WHERE, _C.PREFERENCES)),
    DemoGrant(role=Role.SALES, purpose="phone-marketing", categories=(*_WHO_AND_WHERE, _C.PREFERENCES)),
    DemoGrant(
        role=Role.MARKETING, purpose="post-marketing", categories=_WHO_AND_WHERE, actions=(_READ, _EXPORT)
    ),
    # Studies know nobody: a name becomes a pseudonym or nothing, an address a département, a day its year and an amount
    # a band, for the day and the amount of an order are as good as its number.
    DemoGrant(role=Role.ANALYST, purpose="scoring", categories=(_C.IDENTITY,), form=Form.GENERALISED),
    DemoGrant(role=Role.ANALYST, purpose="scoring", categories=(_C.CONTACT,), form=Form.GENERALISED),
    DemoGrant(role=Role.ANALYST, purpose="scoring", categories=(_C.PURCHASES, _C.BEHAVIOUR)),
    DemoGrant(role=Role.ANALYST, purpose="statistics", categories=(_C.IDENTITY,), form=Form.PSEUDONYM),
    DemoGrant(
        role=Role.ANALYST,
        purpose="statistics",
        categories=(_C.CONTACT, _C.RELATIONSHIP, _C.PURCHASES, _C.BEHAVIOUR),
        form=Form.GENERALISED,
    ),
    DemoGrant(
        role=Role.DPO,
        purpose="rights-requests",
        categories=(*_WHO_AND_WHERE, _C.PROFESSIONAL, _C.ECONOMIC, _C.LOCATION, _C.BEHAVIOUR, _C.PREFERENCES,
                    _C.PURCHASES, _C.RELATIONSHIP),
        actions=(_READ, _EXPORT, _CHANGE, _DELETE),
        lookup=True,
    ),
    DemoGrant(
        role=Role.DPO,
        purpose="rights-requests",
        categories=(*_WHO_AND_WHERE, _C.PROFESSIONAL),
        kinds=(SubjectKind.CONTACT,),
        actions=(_READ, _EXPORT, _CHANGE, _DELETE),
    ),
    DemoGrant(role=Role.SUPPORT, purpose="rights-requests", categories=_WHO_AND_WHERE, form=Form.MASKED, lookup=True),
)  # fmt: skip

WISHES: Final = (
    DemoWish(
        by=Role.SALES,
        role=Role.SALES,
        purpose="customer-relationship",
        categories=(_C.ECONOMIC,),
        form=Form.MASKED,
        reason="Confirmer au téléphone les quatre derniers chiffres du compte lors d’un changement de banque.",
    ),
    DemoWish(
        by=Role.MARKETING,
        role=Role.ANALYST,
        reason="Faire le bilan de la campagne de Noël pendant le congé d’Anouk.",
    ),
)
