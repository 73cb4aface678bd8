"""The icon, where browsers look for it that show no page of the house."""

from tests.builders.service import Service


def test_whoever_looks_for_the_icon_at_the_root_is_led_to_it(sqlite_service: Service) -> None:
    client = sqlite_service.app.test_client()

    answer = client.get("/favicon.ico")

    assert answer.status_code == 301
    with client.get(answer.headers["Location"]) as icon:
        assert icon.mimetype == "image/svg+xml"
