"""Compares what clients were told with what the services and the outside wrote down.

One sentence for each difference: something was lost, or happened twice, or to the wrong one.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from nobat.testing.facts import Facts, Row, Rows
from nobat.testing.told import ClientLedger, Told

AFTER_ORDER = frozenset({"order_placed", "bill_issued"})
TEXTS: Mapping[str, frozenset[str]] = {
    "awaiting_payment": AFTER_ORDER,
    "contract_active": AFTER_ORDER | {"bill_paid", "contract_activated"},
}
"""The templates that tell the buyer how the order came into its state."""

ARRIVED = frozenset({"sent", "delivered"})
MONEY_AT_BANK = frozenset({"paid", "verified", "reversed", "refunded"})


def differences(ledger: ClientLedger, facts: Facts) -> list[str]:
    """None when every promise was kept: nothing lost, nothing twice."""
    return [sentence for rule in (*ORDER_RULES, *PURCHASE_RULES) for sentence in rule(ledger, facts)]


def order_differences(ledger: ClientLedger, facts: Facts) -> list[str]:
    """The same for the orders alone, where sales runs without the other services."""
    return [sentence for rule in ORDER_RULES for sentence in rule(ledger, facts)]


def _receipts_are_orders(ledger: ClientLedger, facts: Facts) -> Iterator[str]:
    orders = {order["id"]: order for order in facts.orders}
    for told in ledger.of("POST", "/orders", 201):
        order = orders.get(told.body["order_id"])
        if order is None:
            yield f"order {told.body['order_id']} was confirmed and is lost"
        elif _identity(order) != (told.customer_id, told.sent["plan_id"], told.body["request_number"]):
            yield f"order {order['id']} is not what its buyer was told"


def _identity(order: Row) -> tuple[str, str, str]:
    return order["customer_id"], order["plan_id"], order["request_number"]


def _orders_were_confirmed(ledger: ClientLedger, facts: Facts) -> Iterator[str]:
    confirmed = {told.body["order_id"] for told in ledger.of("POST", "/orders", 201)}
    for order in facts.orders:
        if order["id"] not in confirmed:
            yield f"order {order['id']} was never confirmed to its buyer"


def _refused_have_no_order(ledger: ClientLedger, facts: Facts) -> Iterator[str]:
    owners = {(order["customer_id"], order["plan_id"]) for order in facts.orders}
    for told in _last_answers(ledger.of("POST", "/orders")):
        if told.body.get("code") == "sold_out" and (told.customer_id, told.sent["plan_id"]) in owners:
            yield f"customer {told.customer_id} was told sold_out and has an order"


def _last_answers(answers: Iterable[Told]) -> Iterable[Told]:
    return {(told.customer_id, told.sent.get("plan_id")): told for told in answers}.values()


def _one_order_per_person(ledger: ClientLedger, facts: Facts) -> Iterator[str]:
    live = Counter((order["customer_id"], order["plan_id"]) for order in facts.orders if order["live"])
    for (customer_id, plan_id), count in live.items():
        if count > 1:
            yield f"customer {customer_id} has {count} orders in plan {plan_id}"


def _counters_are_exact(ledger: ClientLedger, facts: Facts) -> Iterator[str]:
    sold = Counter(order["offering_id"] for order in facts.orders if order["live"])
    for offering in facts.offerings:
        if offering["sold"] != sold[offering["id"]] or offering["sold"] > offering["capacity"]:
            yield (
                f"offering {offering['id']} counts {offering['sold']} of {offering['capacity']} as sold,"
                f" {sold[offering['id']]} are"
            )


def _contracts_are_as_told(ledger: ClientLedger, facts: Facts) -> Iterator[str]:
    contracts = _by(facts.contracts, "order_id")
    for order in facts.orders:
        expected = 1 if order["state"] == "contract_active" else 0
        if len(contracts[order["id"]]) != expected:
            yield f"order {order['id']} is {order['state']} with {len(contracts[order['id']])} contracts"
    for told in ledger.of("GET", "/orders/", 200):
        numbers = {contract["number"] for contract in contracts[told.body["order_id"]]}
        if told.body["contract_number"] is not None and told.body["contract_number"] not in numbers:
            yield f"contract {told.body['contract_number']} was told and is lost"


def _bills_are_once(ledger: ClientLedger, facts: Facts) -> Iterator[str]:
    bills = _by(facts.bills, "order_id")
    for order in facts.orders:
        paid = order["state"] == "contract_active"
        expected = (order["prepayment"], order["prepayment"] if paid else 0, "paid" if paid else "open")
        found = [(bill["amount"], bill["paid"], bill["state"]) for bill in bills[order["id"]]]
        if found != [expected]:
            yield f"order {order['id']} is {order['state']} with the bills {found}"


def _payments_are_once(ledger: ClientLedger, facts: Facts) -> Iterator[str]:
    verified = _by((payment for payment in facts.payments if payment["state"] == "verified"), "bill_id")
    for bill in facts.bills:
        amounts = [payment["amount"] for payment in verified[bill["id"]]]
        if sum(amounts) != bill["paid"] or len(amounts) > 1:
            yield f"bill {bill['id']} holds {bill['paid']} from the payments {amounts}"
    states = {payment["id"]: payment["state"] for payment in facts.payments}
    for told in ledger.of("GET", "/payments/", 200):
        if told.body["state"] == "verified" and states.get(told.body["payment_id"]) != "verified":
            yield f"payment {told.body['payment_id']} was told verified and is not"


def _ledger_is_kept(ledger: ClientLedger, facts: Facts) -> Iterator[str]:
    postings = _by(facts.entries, "payment_id")
    for payment in facts.payments:
        amount = payment["amount"]
        wanted = [("received", "buyer", -amount), ("received", f"provider:{payment['provider']}", amount)]
        expected = wanted if payment["state"] == "verified" else []
        found = sorted((row["kind"], row["account"], row["amount"]) for row in postings[payment["id"]])
        if found != expected:
            yield f"payment {payment['id']} is {payment['state']} with the postings {found}"


def _bank_agrees(ledger: ClientLedger, facts: Facts) -> Iterator[str]:
    money = [row for row in facts.bank if row["state"] in MONEY_AT_BANK]
    by_session, by_payment = _by(money, "reference"), _by(money, "order_id")
    for payment in facts.payments:
        theirs = (*by_payment[payment["id"]], *by_session[payment["authority"]])
        rows = {row["reference"]: row for row in theirs}
        found = [
            (reference, str(row["ref_id"]), row["paid_amount"], row["state"])
            for reference, row in rows.items()
        ]
        ours = (payment["authority"], payment["reference"], payment["amount"], "verified")
        if found != ([ours] if payment["state"] == "verified" else []):
            yield f"payment {payment['id']} is {payment['state']}, at the bank it is {found}"


def _texts_arrived_once(ledger: ClientLedger, facts: Facts) -> Iterator[str]:
    messages = _by(facts.messages, "order_id")
    sent = Counter(text["localid"] for text in facts.texts)
    for order in facts.orders:
        found = Counter(message["template"] for message in messages[order["id"]])
        if found != Counter(TEXTS.get(order["state"], ())):
            yield f"order {order['id']} is {order['state']} with the texts {dict(found)}"
    for message in facts.messages:
        if message["state"] not in ARRIVED or sent[message["id"]] != 1:
            yield (
                f"text {message['template']} {message['id']} is {message['state']}"
                f" and was sent {sent[message['id']]} times"
            )


def _nothing_is_left_behind(ledger: ClientLedger, facts: Facts) -> Iterator[str]:
    if facts.unsent:
        yield f"{facts.unsent} events are not sent"
    yield from (f"dead letter in {letter}" for letter in facts.dead)


def _by(rows: Iterable[Row], name: str) -> Mapping[str, Rows]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row[name]].append(row)
    return grouped


Rule = Callable[[ClientLedger, Facts], Iterator[str]]
ORDER_RULES: tuple[Rule, ...] = (
    _receipts_are_orders,
    _orders_were_confirmed,
    _refused_have_no_order,
    _one_order_per_person,
    _counters_are_exact,
)
PURCHASE_RULES: tuple[Rule, ...] = (
    _contracts_are_as_told,
    _bills_are_once,
    _payments_are_once,
    _ledger_is_kept,
    _bank_agrees,
    _texts_arrived_once,
    _nothing_is_left_behind,
)
