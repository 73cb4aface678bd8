"""Where people's choices may be sent to."""

import pytest

from consent.propagation.addresses import check_address
from consent.propagation.errors import WebhookAddressError


@pytest.mark.parametrize(
    "address",
    [
        "https://crm.demo.example/hooks/consent",
        "https://crm.demo.example:8443/hooks?tenant=1",
        "https://10.0.0.7/hooks",
        "https://[2001:db8::7]/hooks",
        "http://localhost:9000/hooks",
        "http://127.0.0.1:9000",
        "http://[::1]:9000/hooks",
    ],
)
def test_over_tls_or_to_this_host(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://crm.demo.example/hooks",
        "http://localhost.demo.example/",
        "http://127.0.0.1.demo.example/",
        "http://0.0.0.0/",
        "ftp://crm.demo.example/",
        "crm.demo.example/hooks",
        "https://",
        "https:///hooks",
        "https://name:word@crm.demo.example/",
        "https://name@crm.demo.example/",
        "https://crm.demo.example/#here",
        "https://crm.demo.example:0/",
        "https://crm.demo.example:99999/",
        "https://crm.demo.example:port/",
        "https://[2001:db8::7/",
        "https://crm.demo.example/a b",
        "https://crm.demo.example/\r\nHost: other",
        "https://crm.démo.example/",
        "javascript:alert(1)",
        "file:///etc/passwd",
    ],
)
def test_and_to_nobody_else(address: str) -> None:
    with pytest.raises(WebhookAddressError):
        check_address(address)
