from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from simulators.bank.books import BankPayment
from simulators.zarinpal.pay_page import callback_url

NOW = datetime(2026, 11, 22, tzinfo=UTC)
words = st.text(min_size=1, max_size=10)


def payment(url: str, outcome: str) -> BankPayment:
    return BankPayment(
        provider="zarinpal",
        reference="S1",
        merchant="m",
        amount=1,
        unit=1,
        description="d",
        callback_url=url,
        order_id=None,
        auto_verify=False,
        opened_at=NOW,
        expires_at=NOW,
        outcome=outcome,
    )


@given(st.lists(st.tuples(words, st.text(max_size=10))), st.sampled_from(["paid", "cancelled", "failed"]))
def test_the_merchants_own_query_is_kept(query: list[tuple[str, str]], outcome: str) -> None:
    url = callback_url(payment(f"https://shop.test/back?{urlencode(query)}#part", outcome))
    status = "OK" if outcome == "paid" else "NOK"
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "shop.test", "/back")
    assert parse_qsl(parts.query, keep_blank_values=True) == [*query, ("Authority", "S1"), ("Status", status)]
