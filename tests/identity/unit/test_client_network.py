import pytest

from identity.client import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("5.160.1.2", "5.160.1.2"),
        (" 5.160.1.2 ", "5.160.1.2"),
        ("::ffff:5.160.1.2", "5.160.1.2"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("", None),
        ("5.160.1.2, 10.0.0.1", None),
        ("localhost", None),
    ],
)
def test_a_client_counts_by_its_ipv4_address_or_its_ipv6_site(address: str, network: str | None) -> None:
    assert network_of(address) == network
