"""What a form could not take is told on top of the page, in its title, and beside the field; never by the browser."""

import re
from pathlib import Path

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from werkzeug.test import TestResponse
from wtforms import RadioField
from wtforms.validators import InputRequired

from governance.actor import Role
from register.forms import ChecksField
from tests.builders.identity import People
from tests.builders.second_factors import somebody_with_an_app
from tests.builders.web import parse, sign_in, token_of, words

_TEMPLATES = Path(__file__).parents[3] / "templates"
_FORM = re.compile(r"<form(?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*>", re.DOTALL)
_SUPPORT = "support@demo.example"


def title_of(answer: TestResponse) -> str:
    return str(parse(answer).findtext(".//{*}title"))


def sent_empty(client: FlaskClient, house: People, language: str = "en") -> TestResponse:
    house.account(_SUPPORT, Role.SUPPORT)
    sign_in(client, _SUPPORT)
    token = token_of(client, "/account/password")
    return client.post("/account/password", data={"csrf_token": token}, headers={"Accept-Language": language})


def test_every_form_leaves_it_to_the_house_to_say_what_is_wrong() -> None:
    tags = [(path.name, tag) for path in _TEMPLATES.rglob("*.html") for tag in _FORM.findall(path.read_text())]

    assert len(tags) > 50
    assert [(name, tag) for name, tag in tags if "novalidate" not in tag] == []


def test_every_template_that_shows_an_error_beside_a_field_tells_it_to_the_top_of_the_page() -> None:
    beside = re.compile(r'<p class="wrong" id=')
    for path in _TEMPLATES.rglob("*.html"):
        text = path.read_text()
        assert len(beside.findall(text)) <= text.count("tell_wrong("), path.name


def test_a_form_that_failed_lists_on_top_what_is_to_be_corrected_and_leads_there(
    client: FlaskClient, house: People
) -> None:
    answer = sent_empty(client, house)

    assert answer.status_code == 422
    page = parse(answer)
    (summary,) = page.findall(".//{*}section[@id='wrongs']")
    assert summary.attrib["role"] == "alert"
    assert summary.attrib["tabindex"] == "-1"
    assert "autofocus" in summary.attrib, "it has the focus before anything else asks for it"
    leads = [link.attrib["href"].removeprefix("#") for link in summary.iter() if link.attrib.get("href")]
    assert leads == ["current", "new"]
    for control in leads:
        (drawn,) = [each for each in page.iter() if each.attrib.get("id") == control]
        assert drawn.attrib["aria-invalid"] == "true"
        assert f"{control}-error" in drawn.attrib["aria-describedby"].split()
    assert "2 answers to correct" in words(answer)
    assert "Current password: This is missing." in words(answer)


def test_the_title_of_a_page_says_first_that_something_went_wrong(client: FlaskClient, house: People) -> None:
    answer = sent_empty(client, house)

    assert title_of(answer).startswith("Error: ")
    assert not title_of(client.get("/account/password")).startswith("Error: ")


def test_what_is_to_be_corrected_is_told_in_french(client: FlaskClient, house: People) -> None:
    answer = sent_empty(client, house, "fr")

    assert title_of(answer).startswith("Erreur\N{NO-BREAK SPACE}: ")
    assert "2 réponses à corriger" in words(answer)


def test_what_was_refused_as_a_whole_has_the_focus_and_says_so_in_the_title(client: FlaskClient, house: People) -> None:
    house.account(_SUPPORT, Role.SUPPORT)
    answer = sign_in(client, _SUPPORT, "not the password")

    (notice,) = [each for each in parse(answer).iter() if "notice-refused" in each.attrib.get("class", "")]
    assert "autofocus" in notice.attrib
    assert notice.attrib["tabindex"] == "-1"
    assert title_of(answer).startswith("Erreur\N{NO-BREAK SPACE}: ")


def test_a_wrong_code_of_either_kind_is_told_beside_its_field_and_its_box_stays_open(
    client: FlaskClient, house: People
) -> None:
    somebody_with_an_app(house, _SUPPORT, Role.SUPPORT)
    sign_in(client, _SUPPORT)
    token = token_of(client, "/second-factor")

    for path, name in (("code", "code"), ("recovery", "recovery")):
        form = {"csrf_token": token, name: "000000", "next": "/"}
        answer = client.post(f"/second-factor/{path}", data=form, headers={"Accept-Language": "en"})
        page = parse(answer)
        (control,) = page.findall(f".//{{*}}input[@name='{name}']")

        assert answer.status_code == 422
        assert control.attrib["aria-invalid"] == "true"
        assert f"{control.attrib['id']}-error" in control.attrib["aria-describedby"].split()
        assert "This code is not right" in words(answer)
        assert [each.attrib["id"] for each in page.findall(".//{*}section[@id='wrongs']")] == ["wrongs"]
        (box,) = page.findall(".//{*}details[@class='recovery']")
        assert ("open" in box.attrib) == (name == "recovery")


def test_none_of_the_boxes_of_a_group_is_required_for_any_will_do(app: Flask) -> None:
    class Group(FlaskForm):  # type: ignore[misc] # the library brings no types
        boxes = ChecksField("Which?", choices=["a", "b"], validators=[InputRequired()])
        one = RadioField("Which one?", choices=["a", "b"], validators=[InputRequired()])

    draw = "{% from 'components/choices.html' import choices %}{{ choices(form.boxes) }}|{{ choices(form.one) }}"
    with app.test_request_context("/sign-in"):
        app.preprocess_request()
        boxes, radios = render_template_string(draw, form=Group()).split("|")

    assert boxes.count("checkbox") == 2
    assert "required" not in boxes
    assert "required" in radios
