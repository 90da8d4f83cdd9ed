"""What the services and the outside wrote down about some orders, from their databases and books."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from chassis.messaging import connect, dead_letters
from nobat.parts import PARTS
from nobat.topology import SERVICES, Servers, Topology

Row = Mapping[str, Any]
Rows = Sequence[Row]


@dataclass(frozen=True)
class Facts:
    """All about the orders of some plans; ids are text, money is Rial.

    ``entries`` are the ledger's postings with their kind; ``bank`` and ``texts`` are the simulators'
    books; ``dead`` are the dead letters and ``unsent`` the outbox rows of the whole system.
    """

    offerings: Rows
    orders: Rows
    contracts: Rows = ()
    bills: Rows = ()
    payments: Rows = ()
    entries: Rows = ()
    messages: Rows = ()
    bank: Rows = ()
    texts: Rows = ()
    dead: Sequence[str] = ()
    unsent: int = 0


_OFFERINGS = "SELECT id::text, capacity, sold FROM offerings WHERE plan_id = ANY($1)"
_ORDERS = """
    SELECT id::text, request_number, plan_id::text, offering_id::text, customer_id::text, state, live,
           prepayment, idempotency_key
    FROM orders WHERE plan_id = ANY($1)
"""
_CONTRACTS = "SELECT order_id::text, number FROM contracts WHERE order_id = ANY($1)"
_BILLS = "SELECT id::text, order_id::text, amount, paid, state FROM bills WHERE order_id = ANY($1)"
_PAYMENTS = """
    SELECT id::text, bill_id::text, provider, amount, state, authority, reference
    FROM payments WHERE bill_id = ANY($1)
"""
_ENTRIES = """
    SELECT entry.payment_id::text, entry.kind, posting.account, posting.amount, posting.order_id::text
    FROM ledger_entries AS entry JOIN ledger_postings AS posting ON posting.entry_id = entry.id
    WHERE posting.order_id = ANY($1)
"""
_MESSAGES = """
    SELECT id::text, order_id::text, template, state, next_attempt_at IS NOT NULL AS waiting
    FROM messages WHERE order_id = ANY($1)
"""


async def read_facts(
    servers: Servers, topology: Topology, plan_ids: Sequence[str], simulators: httpx.AsyncClient
) -> Facts:
    """The facts as they are now; the databases are read one after the other."""
    sold = await read_order_facts(servers, plan_ids)
    order_ids = [UUID(order["id"]) for order in sold.orders]
    (contracts,) = await read_rows(servers, "sales", [(_CONTRACTS, order_ids)])
    bills, entries = await read_rows(servers, "payment", [(_BILLS, order_ids), (_ENTRIES, order_ids)])
    (payments,) = await read_rows(servers, "payment", [(_PAYMENTS, [UUID(bill["id"]) for bill in bills])])
    (messages,) = await read_rows(servers, "notify", [(_MESSAGES, order_ids)])
    bank = (await simulators.get("/bank/books")).raise_for_status().json()["payments"]
    texts = (await simulators.get("/sms/books")).raise_for_status().json()["messages"]
    ours = {payment["id"] for payment in payments} | {payment["authority"] for payment in payments}
    message_ids = {message["id"] for message in messages}
    return Facts(
        sold.offerings,
        sold.orders,
        contracts,
        bills,
        payments,
        entries,
        messages,
        [row for row in bank if not ours.isdisjoint((row["order_id"], row["reference"]))],
        [row for row in texts if row["localid"] in message_ids],
        await dead_everywhere(servers, topology),
        await unsent(servers),
    )


async def read_order_facts(servers: Servers, plan_ids: Sequence[str]) -> Facts:
    """What sales alone knows."""
    plans = [UUID(plan_id) for plan_id in plan_ids]
    offerings, orders = await read_rows(servers, "sales", [(_OFFERINGS, plans), (_ORDERS, plans)])
    return Facts(offerings, orders)


async def unsent(servers: Servers) -> int:
    """The rows in all outboxes."""
    counts = [
        await read_rows(servers, service, [("SELECT count(*) FROM outbox", None)]) for service in SERVICES
    ]
    return sum(rows[0]["count"] for (rows,) in counts)


async def leases(servers: Servers, service: str) -> int:
    """How many batches of the service's outbox are in the hands of relays."""
    query = "SELECT count(DISTINCT lease_token) FROM outbox WHERE leased_until > now()"
    ((row,),) = await read_rows(servers, service, [(query, None)])
    count: int = row["count"]
    return count


async def dead_everywhere(servers: Servers, topology: Topology) -> list[str]:
    """The dead letters of all queues, each with its queue and why it died."""
    found = []
    for service in SERVICES:
        part = PARTS[service]
        built = part.build(part.settings_of(topology.find(f"{service}.api.1").env))
        async with connect(servers.brokers[service]) as transport:
            queues = [subscription.queue for subscription in built.subscriptions]
            letters = await dead_letters.list(transport, queues)
        await built.database.close()
        found += [f"{letter.queue}: {letter.message.name}: {letter.error}" for letter in letters]
    return found


async def read_rows(
    servers: Servers, service: str, queries: Sequence[tuple[str, Sequence[UUID] | None]]
) -> list[Rows]:
    url = servers.databases[service].replace("postgresql+asyncpg:", "postgresql:", 1)
    connection = await asyncpg.connect(url)
    try:
        return [
            [dict(row) for row in await connection.fetch(query, *([] if ids is None else [ids]))]
            for query, ids in queries
        ]
    finally:
        await connection.close()
