"""Versions of a record are numbered for people, and two of them are shown side by side."""

import pytest

from governance.actor import Role
from tests.builders.pages import Enter
from tests.builders.web import words


def test_versions_are_numbered_one_after_the_other_and_two_of_them_stand_side_by_side(enter: Enter) -> None:
    auditor = enter(Role.AUDITOR)
    client, base = auditor.program.client, "activities/customer-management/versions"
    kept = [each["revision"] for each in client.get(f"/api/v1/{base}").get_json()["versions"]]
    first, second, last = kept[0], kept[1], kept[-1]

    numbers = [client.get(f"/api/v1/{base}/{revision}").get_json()["number"] for revision in (first, second, last)]
    beside = client.get(f"/api/v1/{base}/{first}?with={second}").get_json()["changed_since"]

    assert numbers == [1, 2, len(kept)]
    assert {"purpose": None, "field": "state", "key": [], "then": "submitted", "now": "advised"} in beside
    assert "Beside version 2" in words(auditor.get(f"/{base}/{first}?with={second}"))
    assert f"version {len(kept)} ·" in words(auditor.get("/activities/customer-management"))
    assert auditor.get(f"/{base}/{first}?with=999").status_code == 404
    assert client.get(f"/api/v1/{base}/{first}?with=0").status_code == 422


def test_a_draft_that_no_version_was_kept_of_shows_no_number(enter: Enter) -> None:
    page = words(enter(Role.AUDITOR).get("/activities/loyalty"))

    assert "version 1" not in page
    assert "version 0" not in page


@pytest.mark.parametrize("after", ["99999999999", "9" * 40, "-" + "9" * 40])
def test_no_huge_number_after_which_to_list_versions_is_a_fault_of_the_service(enter: Enter, after: str) -> None:
    assert enter(Role.AUDITOR).get(f"/activities/customer-management/versions?after={after}").status_code == 200


def test_a_version_over_rest_says_what_has_changed(enter: Enter) -> None:
    auditor = enter(Role.AUDITOR).program.client
    base = "/api/v1/activities/customer-management"
    oldest = auditor.get(f"{base}/versions").get_json()["versions"][0]

    told = auditor.get(f"{base}/versions/{oldest['revision']}").get_json()

    assert told["snapshot"] == oldest["snapshot"]
    assert {"purpose": None, "field": "state", "key": [], "then": "submitted", "now": "active"} in told["changed_since"]
    at = auditor.get(f"{base}/version?at=2099-01-01T00:00:00Z").get_json()
    assert at["changed_since"] == []
    assert auditor.get(f"{base}/version?at=2001-01-01T00:00:00Z").status_code == 404
    assert auditor.get(f"{base}/version").status_code == 422
