"""Why a record is not open, in words."""

from flask import Flask
from flask_babel import Babel

from governance.customers.pages.wording import said_once
from governance.gate.reasons import Code, Reason
from governance.vocabulary import DataCategory

REASONS = [
    Reason(code=Code.ROLE_NOT_RECIPIENT),
    Reason(code=Code.CATEGORY_NOT_DECLARED, category=DataCategory.CONTACT, field="email"),
    Reason(code=Code.ROLE_NOT_RECIPIENT, field="email"),
    Reason(code=Code.CATEGORY_NOT_DECLARED, category=DataCategory.FAMILY, field="children"),
]


def test_each_reason_is_said_once_and_categories_that_are_not_declared_together() -> None:
    app = Flask(__name__)
    Babel(app, default_locale="en")

    with app.test_request_context():
        assert said_once(REASONS) == [
            "None of the roles held is a recipient of this purpose.",
            "The purpose declares no data of these categories: Contact, Family.",
        ]
        assert said_once(REASONS[:2])[1] == "The purpose declares no data of the category Contact."
