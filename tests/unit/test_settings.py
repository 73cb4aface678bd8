"""What the host decides, read: mail and the company's provider."""

from pathlib import Path

import pytest

from governance.actor import Role
from governance.settings import MalformedSettingError, UnknownSettingError, load_settings

PROVIDER = {
    "EGIDE_OIDC_ISSUER": "https://login.example/realms/house",
    "EGIDE_OIDC_CLIENT_ID": "egide",
    "EGIDE_OIDC_CLIENT_SECRET": "hunter2",
}


def test_without_a_setting_there_is_neither_mail_nor_a_provider(tmp_path: Path) -> None:
    settings = load_settings({"EGIDE_HOME": str(tmp_path)})

    assert (settings.smtp, settings.openid) == (None, None)


def test_a_provider_is_called_by_its_host_unless_it_has_a_name() -> None:
    plain = load_settings(PROVIDER).openid
    named = load_settings(PROVIDER | {"EGIDE_OIDC_NAME": "Annuaire"}).openid

    assert plain is not None
    assert named is not None
    assert (plain.name, plain.roles_claim, dict(plain.roles), named.name) == ("login.example", "groups", {}, "Annuaire")
    assert "hunter2" not in repr(plain)


def test_groups_stand_for_roles_even_where_their_names_hold_an_equals_sign() -> None:
    mapped = load_settings(PROVIDER | {"EGIDE_OIDC_ROLES": "helpdesk=support, cn=books=accounting,"}).openid

    assert mapped is not None
    assert mapped.roles == {"helpdesk": Role.SUPPORT, "cn=books": Role.ACCOUNTING}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EGIDE_OIDC_ISSUER", "http://login.example"),
        ("EGIDE_OIDC_ISSUER", "login.example"),
        ("EGIDE_OIDC_ISSUER", "https:///realms"),
        ("EGIDE_OIDC_ISSUER", "https://login.example/?x=1"),
        ("EGIDE_OIDC_ISSUER", "https://login.example/#x"),
        ("EGIDE_OIDC_ROLES", "boss=controller"),
        ("EGIDE_OIDC_ROLES", "till=service"),
        ("EGIDE_OIDC_ROLES", "helpdesk"),
        ("EGIDE_OIDC_ROLES", "=support"),
        ("EGIDE_OIDC_ROLES", "helpdesk=nonsense"),
        ("EGIDE_OIDC_ROLES", "helpdesk=support,helpdesk=sales"),
        ("EGIDE_PROXIES", "-1"),
        ("EGIDE_PROXIES", "one"),
        ("EGIDE_PROXIES", "1.5"),
        ("EGIDE_PROXIES", "10"),
        ("EGIDE_PROXIES", "١"),
        ("EGIDE_SMTP_URL", "mail.example"),
        ("EGIDE_SMTP_URL", "smtp://mail.example/?starttls=maybe"),
    ],
)
def test_a_setting_that_cannot_be_used_stops_the_start_and_shows_no_value(name: str, value: str) -> None:
    with pytest.raises(MalformedSettingError) as refused:
        load_settings(PROVIDER | {name: value})

    assert refused.value.name == name
    assert value not in str(refused.value)


@pytest.mark.parametrize("missing", sorted(PROVIDER))
def test_a_provider_that_is_half_named_stops_the_start(missing: str) -> None:
    with pytest.raises(MalformedSettingError) as refused:
        load_settings({name: value for name, value in PROVIDER.items() if name != missing})

    assert refused.value.name == missing


def test_a_setting_that_nobody_knows_stops_the_start() -> None:
    with pytest.raises(UnknownSettingError):
        load_settings({"EGIDE_OIDC_SCOPE": "openid"})


def test_the_file_of_the_home_is_read_too(tmp_path: Path) -> None:
    lines = [f"{name}={value}" for name, value in PROVIDER.items()]
    (tmp_path / "egide.env").write_text("\n".join([*lines, "EGIDE_SMTP_URL=smtps://mail.example"]), encoding="utf-8")

    settings = load_settings({"EGIDE_HOME": str(tmp_path)})

    assert settings.smtp is not None
    assert settings.openid is not None
    assert settings.smtp.encrypted


@pytest.mark.parametrize(
    ("given", "proxies", "unknown"),
    [
        ({}, 0, False),
        ({"EGIDE_BASE_URL": "https://egide.example"}, 0, True),
        ({"EGIDE_BASE_URL": "https://egide.example", "EGIDE_PROXIES": "1"}, 1, False),
        ({"EGIDE_BASE_URL": "http://egide.example", "EGIDE_PROXIES": "2"}, 2, False),
    ],
)
def test_over_https_somebody_has_to_say_how_many_proxies_there_are(
    given: dict[str, str], proxies: int, unknown: bool, tmp_path: Path
) -> None:
    settings = load_settings({"EGIDE_HOME": str(tmp_path), **given})

    assert (settings.proxies, settings.proxy_unknown) == (proxies, unknown)
