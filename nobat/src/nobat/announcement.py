"""What a person is told when the system runs."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from nobat.seed.staff import STAFF
from nobat.topology import Topology

GAP = "  "


def announcement(topology: Topology, password: str, log: Path, notes: Iterable[str] = ()) -> str:
    """Addresses, demo logins, how to read a code, how to stop."""
    gateway, simulators = topology.gateway_url, topology.simulators_url
    places = [
        ("Portal", gateway, "what buyers and staff see"),
        ("Public API", f"{gateway}/api/v1", "for example /api/v1/plans"),
        ("API reference", f"{gateway}/docs", "OpenAPI: /api/openapi.json"),
        ("Bank simulator", f"{simulators}/bank", "what was paid, and faults to order"),
        ("SMS simulator", f"{simulators}/sms", "every message that was sent"),
        ("Inquiry simulator", f"{simulators}/inquiries", "whose data do not match, and faults to order"),
    ]
    staff = [("role", "national code", "mobile", "نقش")]
    staff += [(one.role, one.national_code, one.mobile, one.persian_role) for one in STAFF]
    first = STAFF[0]
    return "\n".join(
        [
            "Nobat (نوبت) is running.",
            *notes,
            "",
            *_table(places),
            "",
            f"Staff log in with national code and password {password}; then a code comes by SMS.",
            *_table(staff),
            "",
            f"A mobile's codes: {simulators}/sms/inbox/{first.mobile}",
            f"Log: {log}",
            "Stop: Ctrl-C, or nobat down in another terminal",
        ]
    )


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        GAP + GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
