"""Systems and datasets of Fides, read as drafts."""

import hashlib
import io

import pytest

from governance.actor import Role
from governance.vocabulary import Channel, DataCategory, LawfulBasis, SubjectKind
from register.exchange.errors import MalformedRegisterError, NoTableError
from register.exchange.fides.taxonomy import category_of, is_of_nobody, kind_of, words_of_use
from register.exchange.opening import open_register
from register.exchange.placed import ReadRegister
from register.exchange.tables.asked import AskedColumns
from register.lines.values import DecisionGround, Relation, Safeguard
from register.values import Capacity, SpecialCondition
from tests.builders.fides import DATASETS, SYSTEMS


def opened(text: str) -> ReadRegister:
    return open_register(io.BytesIO(text.encode()))


def a_system(said: str = "", declared: str = "") -> str:
    return (
        f"system:\n  - fides_key: crm\n{said}    privacy_declarations:\n"
        f"      - data_use: sales\n        data_categories: [user.name]\n{declared}"
    )


def test_a_system_is_an_activity_and_each_of_its_declarations_a_purpose() -> None:
    register = opened(SYSTEMS + DATASETS)
    [found] = register.activities
    activity = found.activity

    assert (register.format, register.digest) == ("fides", hashlib.sha256((SYSTEMS + DATASETS).encode()).hexdigest())
    assert (activity.slug, activity.name_fr, activity.capacity) == (
        "newsletter-sender",
        "Newsletter",
        Capacity.CONTROLLER,
    )
    letter, insights = activity.purposes
    assert (letter.label_fr, letter.basis, letter.consent_channel) == (
        "Write the weekly letter", LawfulBasis.CONSENT, Channel.EMAIL
    )  # fmt: skip
    assert {(each.subject_kind, each.category, each.active_for) for each in letter.data} == {
        (kind, category, "P1095D")
        for kind in (SubjectKind.CUSTOMER, SubjectKind.PROSPECT)
        for category in (DataCategory.CONTACT, DataCategory.IDENTITY)
    }
    assert letter.recipients == (Role.MARKETING,)
    assert (insights.label_fr, insights.label_en) == ("Statistiques d’usage", "Reports on use")
    assert [(each.subject_kind, each.category) for each in insights.data] == [
        (SubjectKind.OTHER, DataCategory.PURCHASES)
    ]
    assert [(each.party.name, each.relation) for each in activity.parties] == [
        ("Sender Example Inc.", Relation.PROCESSOR),
        ("Printer Example", Relation.RECIPIENT),
        ("Post Example", Relation.RECIPIENT),
    ]
    assert [(each.country, each.recipient, each.safeguard) for each in activity.transfers] == [
        ("US", "Sender Example Inc.", Safeguard.STANDARD_CLAUSES)
    ]
    assert [each.label_fr for each in activity.measures] == ["Encryption in transit"]
    assert [each.name for each in activity.assets] == ["Shop database"]


def test_what_has_no_place_is_kept_in_the_description_and_told() -> None:
    register = opened(SYSTEMS + DATASETS)
    [found] = register.activities
    notes = " ".join(found.notes)

    assert found.activity.description.count("Writes to those who asked for it.") == 1
    for kept in ("uses_cookies", "cookie_max_age_seconds : 3600", "name seen", "Supplementary Measures"):
        assert kept in found.activity.description
    for told in ("uses_cookies", "cookies", "legal_basis_for_transfers", "user.unheard_of", "visitor"):
        assert told in notes
    assert "privacy_declarations[1].retention_period, line" in notes, "a period in other words stands as no day"
    assert any("Build server" in note for note in register.notes)
    assert any("policy" in note for note in register.notes)


def test_what_a_dataset_holds_beyond_what_is_declared_is_told_field_by_field() -> None:
    [found] = opened(SYSTEMS + DATASETS).activities

    assert any("users.profile.card" in note and "economic" in note for note in found.notes)
    assert any("users.profile.blood" in note and "special" in note for note in found.notes)
    assert any("Shop database" in note and "user.unheard_of" in note for note in found.notes)
    assert not any("users.email" in note for note in found.notes), "its purposes name contact data"


def test_a_dataset_that_no_system_names_is_an_activity_without_purpose() -> None:
    [found] = opened(DATASETS).activities

    assert found.activity.purposes == ()
    assert [each.name for each in found.activity.assets] == ["Shop database"]
    for told in ("profile.card (user.financial.credit_card)", "conservation : 3 years"):
        assert told in found.activity.description
    assert any("no purpose" in note for note in found.notes)


def test_consent_without_a_channel_is_left_to_a_person() -> None:
    declared = "        legal_basis_for_processing: Consent\n"
    [found] = opened(a_system(declared=declared)).activities

    assert found.activity.purposes[0].basis is None
    assert any("channel" in note for note in found.notes)


def test_special_categories_have_their_condition_and_profiles_their_ground() -> None:
    declared = "        processes_special_category_data: true\n        special_category_legal_basis: Vital interests\n"
    said = "    uses_profiling: true\n    legal_basis_for_profiling: [Contract]\n"
    said += "    joint_controller_info: Autre Exemple\n"
    [found] = opened(a_system(said, declared)).activities
    [purpose] = found.activity.purposes

    assert purpose.special_condition is SpecialCondition.VITAL_INTERESTS
    assert {each.category for each in purpose.data} == {DataCategory.IDENTITY, DataCategory.SPECIAL}
    assert [each.ground for each in found.activity.decisions] == [DecisionGround.CONTRACT]
    assert found.activity.capacity is Capacity.JOINT_CONTROLLER


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("system: {}\n", "system, line"),
        ("system:\n  - [a]\n", r"system\[0\], line 2"),
        ("system:\n  - name: x\n", r"system\[0\].fides_key, line 2: it is missing"),
        ("system:\n  - fides_key: [x]\n", r"system\[0\].fides_key, line"),
        (
            a_system(declared="        legal_basis_for_processing: Whim\n"),
            r"system\[0\].privacy_declarations\[0\].legal_basis_for_processing, line",
        ),
        (
            "system:\n  - fides_key: a\n    privacy_declarations:\n      - name: x\n",
            r"system\[0\].privacy_declarations\[0\].data_use, line 4: it is missing",
        ),
        (a_system("    third_country_transfers: [ZZZ]\n"), r"system\[0\].third_country_transfers\[0\], line"),
        (a_system("    uses_profiling: perhaps\n"), r"system\[0\].uses_profiling, line .* true or false"),
        ("dataset:\n  - fides_key: a\n    collections:\n      - fields: []\n", r"dataset\[0\].collections\[0\].name"),
        ("system: []\nsystem: []\n", "line 2: .*twice"),
        ("system: &a []\ndataset: *a\n", "line 1: anchors"),
        ("system:\n  - !!python/object:os.system x\n", "line 2: tags"),
        ("system:\n---\nsystem:\n", "second document"),
        ("system:\n  - " + "[" * 200, "nested too deep"),
        ("system:\n  - fides_key: [\n", "not YAML"),
        ("system:\n" + "#" * 1_100_000, "longer than"),
        (a_system(f"    description: {'x' * 10_001}\n"), r"system\[0\].description, line 3: it is longer"),
    ],
)
def test_what_is_not_as_the_format_has_it_is_refused_with_its_path_and_its_line(text: str, place: str) -> None:
    with pytest.raises(MalformedRegisterError, match=place):
        opened(text)


def test_a_name_that_is_too_long_for_a_line_is_cut_and_a_description_too() -> None:
    many = "".join(f"    extra_{number}: {'x' * 400}\n" for number in range(60))
    [found] = opened(a_system(f"    name: {'n' * 300}\n{many}")).activities

    assert len(found.activity.name_fr) == 200
    assert len(found.activity.description) == 10_000
    assert any("is cut" in note for note in found.notes)


def test_fides_has_no_columns() -> None:
    with pytest.raises(NoTableError):
        open_register(io.BytesIO(SYSTEMS.encode()), AskedColumns())


@pytest.mark.parametrize(
    ("key", "category"),
    [
        ("user.contact.email", DataCategory.CONTACT),
        ("user.provided.identifiable.contact.email", DataCategory.CONTACT),
        ("user.demographic.marital_status", DataCategory.FAMILY),
        ("user.demographic.sexual_orientation.ours", DataCategory.SPECIAL),
        ("user.device.ip_address", DataCategory.CONNECTION),
        ("user.government_id.national_identification_number", DataCategory.NATIONAL_NUMBER),
        ("user", None),
        ("user.unheard_of", None),
    ],
)
def test_a_key_stands_for_what_the_nearest_known_one_does(key: str, category: DataCategory | None) -> None:
    assert category_of(key) is category


def test_what_is_of_a_system_is_of_nobody_and_uses_and_people_have_their_words() -> None:
    assert is_of_nobody("system.operations")
    assert kind_of("employee") is SubjectKind.EMPLOYEE
    assert kind_of("martian") is None
    assert words_of_use("marketing.advertising.third_party.targeted") == ("Publicité", "Advertising")
    assert words_of_use("our.own") == ("our.own", "our.own")
