"""The files of the starting points: complete, sourced, in both languages; and what a file may not say."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.periods import Period
from governance.vocabulary import Channel, DataCategory, LawfulBasis, SubjectKind
from register.errors import StartingPointError, StartingPointNotFoundError
from register.starting_points.schemas.loader import (
    FOLDER,
    load_folder,
    load_sources,
    load_starting_point,
    starting_point,
    starting_points,
)
from register.starting_points.spans import period_in
from register.starting_points.values import Language, Source, StartingPoint, Words
from register.values import StartingEvent

POINTS = tuple(starting_points().values())
SOURCES = {"law": Source(name=Words(fr="Loi", en="Law"), dated=date(2008, 6, 17))}
EXPECTED = {
    "customer-relationship", "orders-invoicing", "prospecting-email", "prospecting-sms", "prospecting-telephone",
    "prospecting-post", "loyalty", "after-sales", "segmentation", "statistics", "payment-incidents", "website",
    "rights-requests", "suppliers", "recruitment", "payroll", "video-surveillance",
}  # fmt: skip
FILE = """\
version: 1
order: 1
name: {fr: Nom, en: Name}
summary: {fr: Court, en: Short}
description: {fr: Long, en: Long too}
look_at:
  - {fr: Voir, en: See}
purposes:
  - slug: one
    label: {fr: Une, en: One}
    basis: contract
    recipients: [sales]
    data:
      - of: [customer]
        categories: [identity]
        active: 3 years
        since: last-contact
        source: law
"""


def test_what_a_shop_does_has_a_starting_point() -> None:
    assert set(starting_points()) == EXPECTED
    assert [point.order for point in POINTS] == list(range(1, len(POINTS) + 1))


@given(st.sampled_from(POINTS))
def test_every_text_is_there_in_both_languages_and_says_something_else_in_each(point: StartingPoint) -> None:
    texts = [point.name, point.summary, point.description, *point.look_at]
    for purpose in point.purposes:
        texts.append(purpose.label)
        if purpose.balancing is not None:
            texts += [purpose.balancing.interest, purpose.balancing.necessity, purpose.balancing.balance]
    for words in texts:
        assert words.fr.strip()
        assert words.en.strip()
        assert words.fr != words.en
        assert "'" not in words.fr + words.en, words


@given(st.sampled_from(POINTS), st.sampled_from(Language))
def test_every_period_quotes_a_source_with_its_day(point: StartingPoint, language: Language) -> None:
    for purpose in point.purposes:
        for terms in purpose.data:
            assert terms.source.dated <= date(2026, 11, 22)
            assert str(terms.source.dated.year) in terms.source.written(language)


def test_every_source_is_quoted() -> None:
    sources = load_sources((FOLDER / "sources.yaml").read_text(encoding="utf-8"), "sources.yaml")

    quoted = {terms.source for point in POINTS for purpose in point.purposes for terms in purpose.data}

    assert set(sources.values()) == quoted


@pytest.mark.parametrize(
    ("slug", "channel"),
    [
        ("prospecting-email", Channel.EMAIL),
        ("prospecting-sms", Channel.SMS),
        ("prospecting-telephone", Channel.TELEPHONE),
    ],
)
def test_soliciting_strangers_electronically_or_by_telephone_rests_on_consent_on_that_channel(
    slug: str, channel: Channel
) -> None:
    strangers = [
        purpose
        for purpose in starting_point(slug).purposes
        if any(
            "prospect" in terms.kinds and terms.starting_event is StartingEvent.LAST_CONTACT for terms in purpose.data
        )
    ]

    assert [(each.basis, each.consent_channel) for each in strangers] == [(LawfulBasis.CONSENT, channel)]


@pytest.mark.parametrize(
    ("slug", "purpose", "active", "archive"),
    [
        ("prospecting-email", "email-with-consent", "P3Y", "P0D"),
        ("orders-invoicing", "keep-invoices", "P0D", "P10Y"),
        ("orders-invoicing", "take-payments", "P0D", "P13M"),
        ("video-surveillance", "watch-premises", "P1M", "P0D"),
        ("recruitment", "keep-profiles", "P2Y", "P0D"),
        ("website", "tracker-choices", "P6M", "P0D"),
        ("website", "measure-audience", "P25M", "P0D"),
        ("payroll", "pay-wages", "P1M", "P5Y"),
    ],
)
def test_the_periods_are_those_of_their_sources(slug: str, purpose: str, active: str, archive: str) -> None:
    found = next(each for each in starting_point(slug).purposes if each.slug == purpose)

    assert {(terms.active_for, terms.archived_for) for terms in found.data} == {(Period(active), Period(archive))}


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("0 days", "P0D"),
        ("0 years", "P0D"),
        ("1 day", "P1D"),
        ("13 months", "P13M"),
        ("3 years", "P3Y"),
        ("1 month", "P1M"),
    ],
)
def test_spans_keep_the_unit_in_which_they_are_told(written: str, period: str) -> None:
    assert period_in(written) == period


@pytest.mark.parametrize(
    "written", ["", "3", "3 weeks", "-1 days", "03 years", "3years", "3.5 years", "٣ years", "101 years"]
)
def test_what_is_no_span_is_none(written: str) -> None:
    assert period_in(written) is None


def test_a_file_becomes_a_starting_point() -> None:
    point = load_starting_point(FILE, "shop.yaml", SOURCES)

    assert (point.slug, point.name.en, len(point.purposes)) == ("shop", "Name", 1)


@pytest.mark.parametrize(
    ("before", "after", "line", "told"),
    [
        ("order: 1", "order: first", 2, "order"),
        ("summary: {fr: Court, en: Short}", "summary: {fr: Court}", 4, "summary.en"),
        ("basis: contract", "basis: friendship", 11, "basis"),
        ("basis: contract", "basis: consent", 9, "consent_channel"),
        ("basis: contract", "basis: legitimate-interests", 9, "balancing"),
        ("basis: contract", "basis: legal-obligation", 9, "legal_reference"),
        ("categories: [identity]", "categories: [special]", 9, "special_condition"),
        ("categories: [identity]", "categories: [identity, identity]", 15, "twice"),
        ("recipients: [sales]", "recipients: [admin]", 12, "admin"),
        ("active: 3 years", "active: a while", 16, "active"),
        ("source: law", "source: hearsay", 18, "source"),
        ("        source: law\n", "", 14, "source"),
        ("since: last-contact", "since: last-contact\n        colour: red", 18, "colour"),
        ("slug: one", "slug: One", 9, "slug"),
        ("order: 1", "order: 1\norder: 2", 3, "twice"),
        ("order: 1", "order: &a 1", 2, "anchors"),
    ],
)
def test_what_a_file_may_not_say_is_told_with_its_line(before: str, after: str, line: int, told: str) -> None:
    assert before in FILE

    with pytest.raises(StartingPointError) as refused:
        load_starting_point(FILE.replace(before, after), "shop.yaml", SOURCES)

    assert (refused.value.file, refused.value.line) == ("shop.yaml", line)
    assert told in refused.value.reason


def test_a_purpose_is_proposed_by_one_file_only(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(
        "sources:\n  law:\n    name: {fr: Loi, en: Law}\n    dated: 2008-06-17\n", encoding="utf-8"
    )
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(FILE, encoding="utf-8")

    with pytest.raises(StartingPointError, match=r"b\.yaml"):
        load_folder(tmp_path)


@given(st.text(max_size=40))
def test_a_name_that_is_none_is_not_found(name: str) -> None:
    if name not in EXPECTED:
        with pytest.raises(StartingPointNotFoundError):
            starting_point(name)


def test_payroll_names_the_social_security_number_with_what_allows_it_and_no_condition_of_article_9() -> None:
    for purpose in starting_point("payroll").purposes:
        assert DataCategory.NATIONAL_NUMBER in {each for terms in purpose.data for each in terms.categories}
        assert purpose.number_ground is not None
        assert "2019-341" in purpose.number_ground.fr
        assert purpose.special_condition is None


def test_whoever_is_no_customer_is_named() -> None:
    for slug, whom in (("recruitment", "Candidats"), ("website", "Visiteurs du site")):
        others = [
            terms
            for purpose in starting_point(slug).purposes
            for terms in purpose.data
            if terms.kinds == [SubjectKind.OTHER]
        ]
        assert {terms.whom.fr if terms.whom else "" for terms in others} == {whom}
