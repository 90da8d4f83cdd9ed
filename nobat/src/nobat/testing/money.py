"""All the money of some orders, as the bank, the payment service's rows and its ledger have it.

One sentence for each difference: a Rial is missing, counted twice, or lies where nobody looks for it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import httpx

from nobat.testing.facts import Row, Rows, read_rows
from nobat.topology import Servers

UNSETTLED = frozenset({"started", "at_bank", "unknown", "conflicted"})
AT_BANK: Mapping[str, frozenset[str]] = {
    "verified": frozenset({"verified"}),
    "reversed": frozenset({"reversed"}),
    "refunded": frozenset({"refunded"}),
    "failed": frozenset({"in_bank", "failed", "expired"}),
}
"""Where a session stands at the bank, by the state of our payment."""
VERIFY_WINDOW = timedelta(minutes=30)
"""ZarinPal's, the longest of all: what nobody verifies in time goes back to the buyer."""

_BILLS = "SELECT id::text, amount, paid, state FROM bills WHERE order_id = ANY($1)"
_PAYMENTS = """
    SELECT payment.id::text, bill_id::text, provider, authority, reference, payment.amount, received,
           payment.state, owed.payment_id IS NOT NULL AS owed, owed.done_at IS NOT NULL AS returned
    FROM payments AS payment JOIN bills ON bills.id = bill_id
    LEFT JOIN owed_returns AS owed ON owed.payment_id = payment.id
    WHERE order_id = ANY($1)
"""
_POSTINGS = """
    SELECT entry_id::text, entry.payment_id::text, kind, account, amount
    FROM ledger_postings JOIN ledger_entries AS entry ON entry.id = entry_id
    WHERE order_id = ANY($1)
"""


@dataclass(frozen=True)
class Money:
    """Rial everywhere; ids are text. ``bank`` are the sessions that were opened meanwhile."""

    bills: Rows
    payments: Rows
    postings: Rows
    bank: Rows

    @property
    def unsettled(self) -> int:
        """Payments that nobody knows the end of, and returns that are not done."""
        live = sum(payment["state"] in UNSETTLED for payment in self.payments)
        return live + sum(payment["owed"] and not payment["returned"] for payment in self.payments)


async def read_money(
    servers: Servers, order_ids: Sequence[UUID], simulators: httpx.AsyncClient, opened_after: datetime
) -> Money:
    queries = [(query, order_ids) for query in (_BILLS, _PAYMENTS, _POSTINGS)]
    bills, payments, postings = await read_rows(servers, "payment", queries)
    books = (await simulators.get("/bank/books")).raise_for_status().json()["payments"]
    bank = [row for row in books if datetime.fromisoformat(row["opened_at"]) >= opened_after]
    return Money(bills, payments, postings, bank)


def money_differences(money: Money) -> list[str]:
    """None when every Rial is accounted for."""
    return [sentence for rule in RULES for sentence in rule(money)]


def _payments_have_ended(money: Money) -> Iterator[str]:
    for payment in money.payments:
        if payment["state"] in UNSETTLED or (payment["owed"] and not payment["returned"]):
            yield f"payment {payment['id']} is {payment['state']}, owed back: {payment['owed']}"


def _bank_agrees(money: Money) -> Iterator[str]:
    sessions = {(row["provider"], row["reference"]): row for row in money.bank}
    known = set()
    for payment in money.payments:
        session = sessions.get((payment["provider"], payment["authority"]))
        known.add((payment["provider"], payment["authority"]))
        stands = session["state"] if session else "in_bank"
        if stands not in AT_BANK.get(payment["state"], frozenset({stands})):
            yield f"payment {payment['id']} is {payment['state']}, at the bank it is {stands}"
        if session and payment["state"] == "verified" and session["paid_amount"] != payment["received"]:
            yield f"payment {payment['id']} holds {payment['received']}, the bank {session['paid_amount']}"
    for key, session in sessions.items():
        if session["state"] in {"paid", "verified"} and key not in known:
            yield f"{session['paid_amount']} Rial lie at {key[0]} that we know nothing of"


def _ledger_has_what_the_bank_has(money: Money) -> Iterator[str]:
    kept = Counter[str]()
    for session in money.bank:
        if session["state"] == "verified":
            kept[f"provider:{session['provider']}"] += session["paid_amount"]
    booked = _sums(money)
    for account in {*kept, *(name for name in booked if name.startswith("provider:"))}:
        if kept[account] != booked[account]:
            yield f"{account} holds {kept[account]}, the ledger says {booked[account]}"


def _ledger_has_what_the_bills_have(money: Money) -> Iterator[str]:
    booked, paid = _sums(money), sum(bill["paid"] for bill in money.bills)
    if (booked["buyer"], booked["unapplied"]) != (-paid, 0):
        yield f"bills hold {paid}, the ledger says {-booked['buyer']} and {booked['unapplied']} unapplied"


def _entries_balance(money: Money) -> Iterator[str]:
    entries = Counter[str]()
    for posting in money.postings:
        entries[posting["entry_id"]] += posting["amount"]
    yield from (f"entry {entry} sums to {total}" for entry, total in entries.items() if total)


def _bills_are_paid_once(money: Money) -> Iterator[str]:
    """One that is open may hold a part: a card carries only so much in a day."""
    counted: dict[str, list[Row]] = defaultdict(list)
    for payment in money.payments:
        if payment["state"] == "verified":
            counted[payment["bill_id"]].append(payment)
    for bill in money.bills:
        amounts = [payment["amount"] for payment in counted[bill["id"]]]
        is_whole = bill["paid"] == bill["amount"]
        if sum(amounts) != bill["paid"] or is_whole is not (bill["state"] == "paid"):
            yield f"bill {bill['id']} is {bill['state']}, {bill['paid']} of {bill['amount']}; {amounts} came"


def _references_are_used_once(money: Money) -> Iterator[str]:
    used = Counter(
        (payment["provider"], payment["reference"]) for payment in money.payments if payment["reference"]
    )
    yield from (f"reference {key} pays {times} payments" for key, times in used.items() if times > 1)


def _settled_within_the_window(money: Money) -> Iterator[str]:
    for session in money.bank:
        times = {state: datetime.fromisoformat(at) for state, at in session["times"].items()}
        if "verified" in times and times["verified"] - times["paid"] > VERIFY_WINDOW:
            yield f"session {session['reference']} was verified too late"


def _sums(money: Money) -> Counter[str]:
    sums = Counter[str]()
    for posting in money.postings:
        sums[posting["account"]] += posting["amount"]
    return sums


RULES: tuple[Callable[[Money], Iterator[str]], ...] = (
    _payments_have_ended,
    _bank_agrees,
    _ledger_has_what_the_bank_has,
    _ledger_has_what_the_bills_have,
    _entries_balance,
    _bills_are_paid_once,
    _references_are_used_once,
    _settled_within_the_window,
)
