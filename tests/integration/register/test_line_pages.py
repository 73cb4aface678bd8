"""The pages of the lines of a record: each subject is said on a page of its own, and the record shows what was said."""

import re
from collections.abc import Iterator

import pytest

from governance.actor import Role
from tests.builders.service import serve_in_process
from tests.builders.web import shown
from tests.demonstration import Home, wire_cheaply
from tests.integration.register.test_pages import House, Visitor, a_draft, links, set_terms, wrong


@pytest.fixture
def own(sqlite_home: Home) -> Iterator[House]:
    """A demonstration of the test's own, to change things in."""
    wired = wire_cheaply(sqlite_home)
    yield House(serve_in_process(wired), sqlite_home)
    wired.close()


def party_of(visitor: Visitor, name: str, **fields: str) -> str:
    """Put an organisation on file, and return how the forms name it."""
    given = {"country": "FR", "name": name, "representative_id": "", "dpo_id": "", "firm_id": "", **fields}
    assert visitor.post("/activities/-/parties/new", **given).status_code == 303
    found = re.search(
        rf'<option value="([0-9a-f-]{{36}})">{name}<', visitor.get("/activities/loyalty/parties/new").text
    )
    assert found is not None
    return found[1]


def test_an_organisation_is_named_corrected_and_left_out(own: House) -> None:
    owner = own(Role.OWNER)
    party = party_of(owner, "Imprimerie Exemple")

    lacking = owner.post("/activities/loyalty/parties/new", party_id=party, part="Prints.")
    assert lacking.status_code == 422
    assert "Choose one." in wrong(lacking)
    added = owner.post("/activities/loyalty/parties/new", relation="processor", party_id=party, part="Prints.")
    assert added.status_code == 303
    twice = owner.post("/activities/loyalty/parties/new", relation="processor", party_id=party, part="Again.")
    assert twice.status_code == 422

    assert "Imprimerie Exemple processor" in owner.said("/activities/loyalty")
    assert "Imprimerie Exemple sous-traitant" in owner.said("/activities/loyalty", "fr")
    [line] = [each for each in links(owner.get("/activities/loyalty")) if re.search(r"/parties/[0-9a-f-]{36}$", each)]
    assert "Prints." in owner.get(line).text
    assert owner.post(line, relation="recipient", party_id=party, part="Studies.").status_code == 303
    assert "Imprimerie Exemple recipient" in owner.said("/activities/loyalty")
    assert owner.post(f"{line}/keep").status_code == 404, "a correction of a draft is another line"

    [line] = [each for each in links(owner.get("/activities/loyalty")) if re.search(r"/parties/[0-9a-f-]{36}$", each)]
    out = f"{line}/leave-out"
    assert owner.post(out, shown=shown(owner.get("/activities/loyalty"), out)).status_code == 303
    assert "Imprimerie Exemple" not in owner.said("/activities/loyalty")


def test_whoever_only_reads_the_register_is_offered_nothing(own: House) -> None:
    assert not [each for each in links(own(Role.AUDITOR).get("/activities/loyalty")) if "/parties/new" in each]


def test_a_contract_is_put_on_file_and_its_state_is_shown_where_the_processor_is_named(own: House) -> None:
    owner = own(Role.OWNER)
    party = party_of(owner, "Imprimerie Exemple")
    owner.post("/activities/loyalty/parties/new", relation="processor", party_id=party, part="Prints.")
    assert "no contract on file" in owner.said("/activities/loyalty")
    assert "pas de contrat en vigueur" in owner.said("/activities/loyalty", "fr"), "it cannot be submitted so"

    page = f"/activities/-/parties/{party}/contracts/new"
    given = {"label": "Printing", "signed_on": "2026-01-05", "sub_processing": "none", "document": "Cupboard 2"}
    backwards = owner.post(page, **given, ends_on="2025-01-01", clauses=list("abc"))
    assert backwards.status_code == 422
    assert "ends after the day" in wrong(backwards)
    assert owner.post(page, **given, clauses=list("abc")).status_code == 303
    assert "contract incomplete" in owner.said("/activities/loyalty")

    listed = links(owner.get("/activities/-/contracts"))
    [contract] = [each for each in listed if re.search(rf"/parties/{party}/contracts/[0-9a-f-]{{36}}$", each)]
    assert "2026-01-05" in owner.get(contract).text
    assert owner.post(contract, **given, clauses=list("abcdefgh")).status_code == 303
    assert "contrat valide" in owner.said("/activities/loyalty", "fr")
    assert "contract valid" in own(Role.AUDITOR).said("/activities/loyalty")


def test_a_transfer_is_declared_and_its_state_is_shown(own: House) -> None:
    owner = own(Role.OWNER)
    page = "/activities/loyalty/transfers/new"
    form = {"country": "US", "party_id": "", "recipient": "Support desk", "safeguard": "", "derogation": ""}

    nobody = owner.post(page, **{**form, "recipient": ""})
    assert nobody.status_code == 422
    assert "Say to whom the data go" in wrong(nobody)
    derogated = owner.post(page, **form | {"safeguard": "derogation"})
    assert "for which situation" in wrong(derogated)
    assert owner.post(page, **form).status_code == 303
    said = owner.said("/activities/loyalty")
    assert "United States: Support desk" in said
    assert "no safeguard for the transfer for Support desk (US)" in said
    assert "États-Unis" in owner.said("/activities/loyalty", "fr")

    [line] = [each for each in links(owner.get("/activities/loyalty")) if re.search(r"/transfers/[0-9a-f-]{36}$", each)]
    assert owner.post(line, **form | {"safeguard": "adequacy", "grounds": "Listed."}).status_code == 303
    assert "Organisations on the list of the Data Privacy Framework" in owner.said("/activities/loyalty")


def test_measures_numbers_rights_and_assets_are_said_on_one_page_each(own: House) -> None:
    owner = own(Role.OWNER)
    boxes = re.findall(r'name="measure_([0-9a-f]{32})"', owner.get("/activities/loyalty/measures").text)
    assert len(boxes) > 20

    chosen = {f"measure_{boxes[0]}": "y", f"remark_{boxes[0]}": "Since 2025"}
    assert owner.post("/activities/loyalty/measures", **chosen).status_code == 303
    assert owner.post("/activities/loyalty/people", customer="12000", prospect="").status_code == 303
    assert "wrong" in owner.post("/activities/loyalty/people", customer="-1").text
    how = {"how_fr": "Écrivez à rgpd@boutique.example.", "how_en": "Write to rgpd@boutique.example."}
    assert owner.post("/activities/loyalty/rights", **how).status_code == 303
    tables = {"applications": "Till\r\nTill\r\nNewsletter", "tables": ["customers"]}
    assert owner.post("/activities/loyalty/assets", **tables).status_code == 303
    assert owner.post("/activities/loyalty/assets", tables=["no-such-table"]).status_code == 422

    said = owner.said("/activities/loyalty")
    for part in ("Since 2025", "about 12,000", "Write to rgpd@boutique.example.", "Till application", "Newsletter"):
        assert part in said
    assert "Écrivez à rgpd@boutique.example." in owner.said("/activities/loyalty", "fr")
    assert "checked" in owner.get("/activities/loyalty/measures").text
    assert "12000" in owner.get("/activities/loyalty/people").text
    nothing = {f"remark_{boxes[0]}": ""}
    assert owner.post("/activities/loyalty/measures", **nothing).status_code == 303
    assert "Since 2025" not in owner.said("/activities/loyalty")


def test_a_decision_is_declared_with_its_logic(own: House) -> None:
    owner = own(Role.OWNER)
    form = {"name": "Score of loyalty", "solely": "y", "ground": "", "logic": "Orders of a year."}
    assert owner.post("/activities/loyalty/decisions/new", **form).status_code == 303

    said = owner.said("/activities/loyalty")
    assert "Score of loyalty taken by a machine alone" in said
    assert "no exception for a decision taken by a machine alone" in said
    assert "human intervention" in said


def test_the_officer_keeps_the_catalogues(own: House) -> None:
    dpo = own(Role.DPO)
    assert "Data Privacy Framework" in dpo.said("/activities/-/adequacy")
    assert "Sauvegardes quotidiennes" in dpo.said("/activities/-/measures", "fr")
    assert own(Role.OWNER).get("/activities/-/measures/new").status_code == 403

    measure = {"domain": "access", "label_fr": "Badges", "label_en": "Badges"}
    assert dpo.post("/activities/-/measures/new", **measure).status_code == 303
    assert "Badges" in dpo.said("/activities/-/measures")
    [first, *_] = [
        each for each in links(dpo.get("/activities/-/measures")) if re.search(r"/measures/[0-9a-f-]{36}$", each)
    ]
    assert dpo.post(first, **{**measure, "withdrawn": "y"}).status_code == 303
    assert "offered no more" in dpo.said("/activities/-/measures")

    decision = {"country": "IN", "decided_on": "2026-05-01", "source": "2026/1", "checked_on": "2026-11-22"}
    wrongly = dpo.post("/activities/-/adequacy/new", **decision, until="2025-01-01")
    assert wrongly.status_code == 422
    assert "ends after it was taken" in wrong(wrongly)
    assert dpo.post("/activities/-/adequacy/new", **decision).status_code == 303
    [last] = [
        each for each in links(dpo.get("/activities/-/adequacy")) if re.search(r"/adequacy/[0-9a-f-]{36}$", each)
    ][-1:]
    assert "2026-05-01" in dpo.get(last).text
    assert dpo.post(last, **decision | {"source": "2026/2"}).status_code == 303
    assert "2026/2" in dpo.said("/activities/-/adequacy")


def test_what_is_proposed_of_a_running_activity_stands_beside_what_is_in_force_and_beside_the_version(
    own: House,
) -> None:
    dpo, path = own(Role.DPO), "/activities/customer-management"
    party = party_of(own(Role.OWNER), "Imprimerie Exemple")
    assert dpo.post(f"{path}/steps/review", text="").status_code == 303
    there = set(links(dpo.get(path)))
    assert dpo.post(f"{path}/parties/new", relation="recipient", party_id=party, part="Prints.").status_code == 303

    assert "Imprimerie Exemple recipient + proposed" in dpo.said(path)
    newest = max(
        int(found[1]) for each in links(dpo.get(f"{path}/versions")) if (found := re.search(r"/versions/(\d+)$", each))
    )
    beside = dpo.said(f"{path}/versions/{newest}")
    assert "Others who take part (proposed)" in beside
    assert "Imprimerie Exemple recipient" in beside
    assert "Autres participants (proposé" in dpo.said(f"{path}/versions/{newest}", "fr")

    [line] = [each for each in {*links(dpo.get(path))} - there if re.search(r"/parties/[0-9a-f-]{36}$", each)]
    out = f"{line}/leave-out"
    assert dpo.post(out, shown=shown(dpo.get(path), out)).status_code == 303
    assert "Imprimerie Exemple recipient" not in dpo.said(path)


def test_which_data_exactly_is_said_of_one_category_and_stays_when_several_are_corrected(own: House) -> None:
    owner, slug = own(Role.OWNER), a_draft(own, "exact-words")
    path = f"/activities/{slug}"
    assert set_terms(owner, slug, ["economic"], active="1", which_fr="RIB", whom_fr="Salariés").status_code == 303
    refused = set_terms(owner, slug, ["economic", "contact"], active="1", which_fr="RIB")
    assert refused.status_code == 422
    assert set_terms(owner, slug, ["economic", "contact"], active="2", whom_fr="Salariés").status_code == 303

    told = owner.get(path).get_data(as_text=True)

    assert told.count("RIB") == 1
    assert told.count("Salariés") == 2
