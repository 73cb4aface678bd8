"""The fictional company's sign-up form: its site's program, its questions in both languages, opened to people."""

from typing import Final

from sqlalchemy.orm import Session

from governance.actor import Role
from governance.customers.demo.company import NOTICE
from governance.customers.demo.staff import actor
from governance.customers.house import House
from governance.customers.signing_up.desk import SignUpDesk
from governance.customers.signing_up.service.forms import open_form, write_form
from governance.customers.signing_up.values import FormTerms, Question
from governance.identity.service import NewToken, add_token, countersign_token
from governance.periods import Period

FORM: Final = "lettre-de-la-maison"
_PROGRAM: Final = "Site de la maison"
_QUESTIONS: Final = (
    Question(
        purpose="email-marketing",
        label_fr="Voulez-vous recevoir par e-mail les offres et les nouveautés de Maison Lumen, deux fois par mois ?",
        label_en="Would you like to receive offers and news of Maison Lumen by e-mail, twice a month?",
    ),
    Question(
        purpose="sms-marketing",
        label_fr="Voulez-vous être prévenu par SMS des ventes privées de Maison Lumen, une fois par mois au plus ?",
        label_en="Would you like to be told of private sales of Maison Lumen by text message, once a month at most?",
    ),
)


def write_sign_up_form(session: Session, house: House) -> None:
    """Give the site a program, write its form as marketing does, and open it as the controller."""
    controller = actor(session, Role.CONTROLLER)
    command = NewToken(name=_PROGRAM, role=Role.SERVICE)
    token = add_token(session, house.clock, house.ids, actor(session, Role.ADMIN), command).token
    countersign_token(session, house.clock, house.attestor, controller, token.id)
    terms = FormTerms(
        title_fr="La lettre de la maison",
        title_en="The letter of the house",
        intro_fr="Dites-nous ce que vous voulez recevoir. Un message vous demandera de confirmer.",
        intro_en="Tell us what you would like to receive. A message will ask you to confirm.",
        questions=_QUESTIONS,
        purpose="customer-relationship",
        point=NOTICE,
        token_id=token.id,
        lasts=Period("P36M"),
    )
    desk = SignUpDesk(house.clock, house.ids, house.attestor, house.keyring)
    write_form(session, desk, actor(session, Role.MARKETING), FORM, terms)
    open_form(session, desk, controller, FORM)
