"""The fictional company's register and grants, made by the people and in the steps that the house asks for."""

from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from governance.actor import Actor, Role
from governance.customers.demo.company import (
    ACTIVITIES,
    COLLECTED_FOR,
    DOMAIN,
    FAIR,
    NAME,
    NOTICE,
    PURPOSES,
    Course,
    DemoActivity,
    DemoPurpose,
)
from governance.customers.demo.grants import GRANTS, WISHES
from governance.customers.demo.lines import Lines
from governance.customers.demo.staff import actor
from governance.customers.house import House
from governance.policies.service import AskData, AskRole, RequestGrant, approve_grant, ask_data, ask_role, request_grant
from governance.policies.service import Desk as GrantDesk
from governance.vocabulary import GrantedAction
from register.lifecycle import Mode, Opinion, Verb
from register.notices.values import CollectionWay
from register.service import (
    DataTerms,
    Desk,
    NewActivity,
    NewParty,
    NewPurpose,
    PointTerms,
    SetMode,
    SetPurposeData,
    SetPurposeRecipients,
    Step,
    add_party,
    add_point,
    add_purpose,
    draft_activity,
    move_activity,
    set_mode,
    set_purpose_data,
    set_purpose_recipients,
)

# How many steps lead there.
_STEPS: Final = {Course.DRAFTED: 0, Course.SUBMITTED: 1, Course.ADVISED: 2, Course.OBSERVED: 3, Course.ENFORCED: 3}


def declare(session: Session, house: House) -> None:
    """Write the register: every activity drafted, and most submitted, advised on, activated and enforced.

    Where data are collected is said last, so that the first version of the notice tells of all that is in force.
    """
    owner, dpo, controller = (actor(session, role) for role in (Role.OWNER, Role.DPO, Role.CONTROLLER))
    officer = add_party(
        session, house.ids, owner, NewParty(name="Denise Garde (fictive)", city="Lyon", email=f"dpo@{DOMAIN}")
    )
    company = add_party(
        session,
        house.ids,
        owner,
        NewParty(
            name=NAME,
            dpo_id=officer.id,
            legal_form="SAS",
            registration="000 000 000",
            address="1 rue de la Lumière",
            postcode="69003",
            city="Lyon",
            email=f"contact@{DOMAIN}",
        ),
    )
    lines = Lines(session, Desk(house.clock, house.ids, house.attestor), owner)
    for activity in ACTIVITIES:
        drafter = dpo if activity.drafted_by is Role.DPO else owner
        draft_activity(
            session,
            house.clock,
            house.ids,
            drafter,
            NewActivity(
                slug=activity.slug,
                name_fr=activity.name_fr,
                name_en=activity.name_en,
                description=activity.description,
                controller_id=company.id,
            ),
        )
        for purpose in PURPOSES:
            if purpose.activity == activity.slug:
                _declare_purpose(session, house, drafter, purpose)
        lines.write(drafter, activity.slug)
        _carry(session, house, activity, (drafter, dpo, controller))
    _tell(session, house, dpo)


def _tell(session: Session, house: House, dpo: Actor) -> None:
    """Say where data are collected: the texts follow from what is in force."""
    desk = Desk(house.clock, house.ids, house.attestor)
    everything = PointTerms(
        slug=NOTICE,
        name_fr="clients, prospects et contacts",
        name_en="customers, prospects and contacts",
        way=CollectionWay.WEBSITE,
        covers_all=True,
    )
    fair = PointTerms(
        slug=FAIR,
        name_fr="visiteurs du Salon de la lumière",
        name_en="visitors of the Fair of Light",
        way=CollectionWay.BOUGHT_FILE,
        activities=frozenset({"direct-marketing"}),
        source_fr="Salon de la lumière, Lyon (fictif)",
        source_en="Fair of Light, Lyon (fictional)",
    )
    for terms in (everything, fair):
        add_point(session, desk, dpo, terms)


def _declare_purpose(session: Session, house: House, drafter: Actor, purpose: DemoPurpose) -> None:
    desk = Desk(house.clock, house.ids, house.attestor)
    add_purpose(
        session,
        house.clock,
        house.attestor,
        drafter,
        NewPurpose(
            activity=purpose.activity,
            slug=purpose.slug,
            label_fr=purpose.label_fr,
            label_en=purpose.label_en,
            basis=purpose.basis,
            consent_channel=purpose.channel,
            legal_reference=purpose.legal_reference,
            interest=purpose.interest,
            necessity=purpose.necessity,
            balance=purpose.balance,
        ),
    )
    period = purpose.period
    terms = [
        DataTerms(
            subject_kind=kind,
            category=category,
            obligatory=category in purpose.obligatory,
            active_for=period.active,
            archived_for=period.archived,
            starting_event=period.event,
            retention_source=period.source,
        )
        for kind in purpose.kinds
        for category in purpose.categories
    ]
    set_purpose_data(session, desk, drafter, SetPurposeData(purpose=purpose.slug, data=terms))
    recipients = SetPurposeRecipients(purpose=purpose.slug, roles=frozenset(purpose.recipients))
    set_purpose_recipients(session, desk, drafter, recipients)


def _carry(session: Session, house: House, activity: DemoActivity, people: tuple[Actor, Actor, Actor]) -> None:
    """Take a record as far as it shall have come."""
    drafter, dpo, controller = people
    opinion = Opinion.FAVOURABLE if activity.favourable else Opinion.UNFAVOURABLE
    steps = (
        (drafter, Step(activity=activity.slug, verb=Verb.SUBMIT, collected_for=COLLECTED_FOR)),
        (dpo, Step(activity=activity.slug, verb=Verb.ADVISE, opinion=opinion, text=activity.opinion)),
        (controller, Step(activity=activity.slug, verb=Verb.ACTIVATE)),
    )
    for who, step in steps[: _STEPS[activity.course]]:
        move_activity(session, house.clock, house.attestor, who, step)
    if activity.course is Course.ENFORCED:
        mode = SetMode(activity=activity.slug, mode=Mode.ENFORCE)
        set_mode(session, house.clock, house.attestor, controller, mode)


def grant(session: Session, house: House) -> None:
    """Ask for every grant as the owner, and approve it as the controller."""
    owner, controller = (actor(session, role) for role in (Role.OWNER, Role.CONTROLLER))
    desk = GrantDesk(house.clock, house.ids, house.attestor)
    for each in GRANTS:
        for category in each.categories:
            for action in each.actions:
                command = RequestGrant(
                    role=each.role,
                    purpose=each.purpose,
                    category=category,
                    kinds=frozenset(each.kinds),
                    action=action,
                    form=each.form,
                    exact_lookup=each.lookup and action in {GrantedAction.READ, GrantedAction.EXPORT},
                    valid_to=house.clock.now() + timedelta(days=each.days),
                    reason="Société de démonstration",
                )
                for asked in request_grant(session, desk, owner, command):
                    approve_grant(session, house.clock, house.attestor, controller, asked.id)


def wish(session: Session, house: House) -> None:
    """Ask for what waits for a decision."""
    desk = GrantDesk(house.clock, house.ids, house.attestor)
    for each in WISHES:
        who = actor(session, each.by)
        if each.purpose is None:
            ask_role(session, desk, who, AskRole(role=each.role, reason=each.reason))
            continue
        command = AskData(
            role=each.role,
            purpose=each.purpose,
            categories=frozenset(each.categories),
            form=each.form,
            reason=each.reason,
        )
        ask_data(session, desk, who, command)
