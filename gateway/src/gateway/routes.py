"""Where each public path leads: the gateway's one table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import unquote_to_bytes


class Service(StrEnum):
    IDENTITY = "identity"
    SALES = "sales"
    PAYMENT = "payment"
    NOTIFY = "notify"
    PORTAL = "portal"


class RateClass(StrEnum):
    """Routes that share a rate limit."""

    CREDENTIALS = "credentials"
    LOOKUP = "lookup"
    READ = "read"
    WRITE = "write"


class Composed(StrEnum):
    """What is put together from several services."""

    ORDER_PAGE = "order_page"
    ACCESS_LOG = "access_log"


GET = frozenset({"GET", "HEAD"})
POST = frozenset({"POST"})
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table.

    In ``pattern`` a ``*`` stands for one segment and a ``**`` at the end for any number of them.
    ``rate_class`` is READ or WRITE by the method when it is not named. A ``streamed`` answer is
    passed on as it comes and only its beginning is bound to ``seconds``. A ``composed`` one is
    put together from several services; a ``live`` one goes on for as long as somebody listens.
    """

    pattern: str
    service: Service
    token: bool = False
    methods: frozenset[str] = METHODS
    seconds: float = 10
    rate_class: RateClass | None = None
    body_bytes: int = 1_000_000
    streamed: bool = False
    composed: Composed | None = None
    live: bool = False
    timeout: timedelta = field(init=False)
    _tail: tuple[bytes, ...] = field(init=False)
    _open: bool = field(init=False)

    def __post_init__(self) -> None:
        segments = self.pattern.encode().split(b"/")
        object.__setattr__(self, "timeout", timedelta(seconds=self.seconds))
        object.__setattr__(self, "_open", segments[-1] == b"**")
        object.__setattr__(self, "_tail", tuple(segment for segment in segments if segment != b"**"))

    def leads(self, method: str, segments: list[bytes]) -> bool:
        """Whether a request for the path of these ``segments`` belongs to this route."""
        tail = self._tail
        if method not in self.methods or len(segments) < len(tail):
            return False
        if len(segments) > len(tail) and not self._open:
            return False
        for mine, theirs in zip(tail, segments, strict=False):
            if mine not in (theirs, b"*"):
                return False
        return b"" not in segments[1:]

    def rate_class_of(self, method: str) -> RateClass:
        return self.rate_class or (RateClass.READ if method in GET else RateClass.WRITE)


IDENTITY, SALES, PAYMENT, NOTIFY = Service.IDENTITY, Service.SALES, Service.PAYMENT, Service.NOTIFY
CREDENTIALS, LOOKUP = RateClass.CREDENTIALS, RateClass.LOOKUP

ROUTES = (
    # identity
    Route("/.well-known/jwks.json", IDENTITY, methods=GET),
    Route("/api/v1/registrations/**", IDENTITY, rate_class=CREDENTIALS, seconds=15),
    Route("/api/v1/sessions/**", IDENTITY, methods=GET | {"DELETE"}, token=True),
    Route("/api/v1/sessions/**", IDENTITY, rate_class=CREDENTIALS, seconds=15),
    Route("/api/v1/challenges/**", IDENTITY, rate_class=CREDENTIALS, seconds=15),
    Route("/api/v1/password-resets/**", IDENTITY, rate_class=CREDENTIALS, seconds=15),
    Route("/api/v1/staff-invitations/**", IDENTITY, rate_class=CREDENTIALS, seconds=15),
    Route("/api/v1/me/access-log", IDENTITY, methods=GET, token=True, composed=Composed.ACCESS_LOG),
    Route("/api/v1/me/**", IDENTITY, token=True, seconds=15),
    # sales
    Route("/api/v1/plans/*/eligibility", SALES, methods=GET, token=True),
    Route("/api/v1/plans/*/events", SALES, methods=GET, token=True, live=True),
    Route("/api/v1/plans/**", SALES),
    Route("/api/v1/tracking", SALES, rate_class=LOOKUP),
    Route("/api/v1/dealerships/**", SALES),
    Route("/api/v1/office-hours", SALES, methods=GET),
    Route("/api/v1/announcements/**", SALES, methods=GET),
    Route("/api/v1/faq/**", SALES, methods=GET),
    Route("/api/v1/draws/**", SALES, methods=GET, streamed=True),
    Route("/api/v1/orders/*/contract.pdf", SALES, methods=GET, token=True, seconds=20),
    Route("/api/v1/orders/*/events", SALES, methods=GET, token=True, live=True),
    Route("/api/v1/orders/*", SALES, methods=GET, token=True, composed=Composed.ORDER_PAGE),
    Route("/api/v1/orders/**", SALES, token=True),
    Route(
        "/api/v1/complaints/*/attachments", SALES, methods=POST, token=True, seconds=30, body_bytes=8_100_000
    ),
    Route("/api/v1/complaints/**", SALES, token=True),
    Route("/api/v1/transfers/**", SALES, token=True),
    # payment
    Route("/api/v1/payments/callback/*", PAYMENT, methods=GET | POST, seconds=30),
    Route("/api/v1/payments/handover/*/*", PAYMENT, methods=GET),
    Route("/api/v1/payments/**", PAYMENT, token=True),
    Route("/api/v1/bills/**", PAYMENT, token=True, seconds=25),
    Route("/api/v1/refunds", PAYMENT, methods=GET, token=True),
    Route("/api/v1/statements/**", PAYMENT, methods=GET, token=True, seconds=20),
    Route("/api/v1/payment-status", PAYMENT, methods=GET, token=True),
    Route("/api/v1/blocked-deposits", PAYMENT, methods=GET, token=True),
    # notify
    Route("/api/v1/messages/**", NOTIFY, token=True),
    Route("/api/v1/sms-deliveries/*", NOTIFY, methods=GET | POST),
    # staff
    Route(
        "/api/v1/staff/plans/*/deposits/missing", SALES, methods=GET, token=True, seconds=60, streamed=True
    ),
    Route("/api/v1/staff/plans/*/deposits", SALES, methods=GET, token=True, seconds=60),
    Route("/api/v1/staff/plans/*/recheck", SALES, token=True, seconds=60),
    Route("/api/v1/staff/plans/**", SALES, token=True),
    Route("/api/v1/staff/rule-sets/**", SALES, token=True),
    Route("/api/v1/staff/facts/imports/*/errors.csv", SALES, methods=GET, token=True, streamed=True),
    Route("/api/v1/staff/facts/**", SALES, token=True, seconds=20),
    Route("/api/v1/staff/orders/*/checks", SALES, methods=GET, token=True),
    Route("/api/v1/staff/draws/*/freeze", SALES, methods=POST, token=True, seconds=60),
    Route("/api/v1/staff/draws/**", SALES, token=True),
    Route("/api/v1/staff/dealerships/**", SALES, token=True),
    Route(
        "/api/v1/staff/complaints/*/attachments",
        SALES,
        methods=POST,
        token=True,
        seconds=30,
        body_bytes=8_100_000,
    ),
    Route("/api/v1/staff/complaints/**", SALES, token=True),
    Route("/api/v1/staff/complaint-topics/**", SALES, token=True),
    Route("/api/v1/staff/complaint-contacts/**", SALES, token=True),
    Route("/api/v1/staff/complaint-rules/**", SALES, token=True),
    Route("/api/v1/staff/office-hours/*", SALES, token=True),
    Route("/api/v1/staff/desk/**", SALES, token=True),
    Route("/api/v1/staff/articles/**", SALES, token=True),
    Route("/api/v1/staff/reports/**", SALES, methods=GET, token=True, seconds=60, streamed=True),
    Route("/api/v1/staff/deliveries/imports/*/errors.csv", SALES, methods=GET, token=True, streamed=True),
    Route("/api/v1/staff/deliveries/**", SALES, token=True, seconds=20),
    Route("/api/v1/staff/penalty-rates/**", SALES, token=True),
    Route("/api/v1/staff/late-fee-caps/**", SALES, token=True),
    Route("/api/v1/staff/contract-templates/**", SALES, token=True, seconds=20),
    Route("/api/v1/staff/orders/*/voiding", SALES, methods=POST, token=True),
    Route("/api/v1/staff/transfers/**", SALES, token=True),
    Route("/api/v1/staff/calendar/**", SALES, token=True),
    Route("/api/v1/staff/payment-providers/**", PAYMENT, token=True),
    Route("/api/v1/staff/refunds/**", PAYMENT, token=True),
    Route("/api/v1/staff/statements/**", PAYMENT, methods=GET, token=True, seconds=20),
    Route("/api/v1/staff/ledger/**", PAYMENT, methods=GET, token=True),
    Route("/api/v1/staff/card-limits/**", PAYMENT, token=True),
    Route("/api/v1/staff/refund-batches/**", PAYMENT, token=True, seconds=20),
    Route("/api/v1/staff/deposits/imports/*/errors.csv", PAYMENT, methods=GET, token=True, streamed=True),
    Route("/api/v1/staff/deposits/export", PAYMENT, methods=GET, token=True, seconds=60, streamed=True),
    Route("/api/v1/staff/deposits/**", PAYMENT, token=True, seconds=20),
    Route(
        "/api/v1/staff/blocked-deposits/imports/*/errors.csv",
        PAYMENT,
        methods=GET,
        token=True,
        streamed=True,
    ),
    Route(
        "/api/v1/staff/blocked-deposits/lists/*/differences",
        PAYMENT,
        methods=GET,
        token=True,
        seconds=60,
        streamed=True,
    ),
    Route("/api/v1/staff/blocked-deposits/**", PAYMENT, token=True, seconds=20),
    Route(
        "/api/v1/staff/reconciliations/imports/*/errors.csv", PAYMENT, methods=GET, token=True, streamed=True
    ),
    Route("/api/v1/staff/reconciliations/**", PAYMENT, token=True, seconds=20),
    Route("/api/v1/staff/differences/export", PAYMENT, methods=GET, token=True, seconds=60, streamed=True),
    Route("/api/v1/staff/differences/**", PAYMENT, token=True),
    Route("/api/v1/staff/audit/payment", PAYMENT, methods=GET, token=True),
    Route("/api/v1/staff/message-templates/**", NOTIFY, token=True),
    Route("/api/v1/staff/message-lanes/**", NOTIFY, token=True),
    Route("/api/v1/staff/messages/**", NOTIFY, token=True),
    Route("/api/v1/staff/message-runs/*/file/errors.csv", NOTIFY, methods=GET, token=True, streamed=True),
    Route("/api/v1/staff/message-runs/**", NOTIFY, token=True, seconds=20),
    Route("/api/v1/staff/message-run-rules", NOTIFY, token=True),
    Route("/api/v1/staff/sms-providers/**", NOTIFY, token=True),
    Route("/api/v1/staff/sms-routes/**", NOTIFY, token=True),
    Route("/api/v1/staff/audit/notify", NOTIFY, methods=GET, token=True),
    Route("/api/v1/staff/customers/**", IDENTITY, token=True),
    Route("/api/v1/staff/approvals/**", IDENTITY, token=True),
    Route("/api/v1/staff/field-policies/**", IDENTITY, token=True),
    Route("/api/v1/staff/members/**", IDENTITY, token=True),
    Route("/api/v1/staff/inquiries/runs", IDENTITY, token=True, seconds=20, body_bytes=5_000_000),
    Route("/api/v1/staff/inquiries/**", IDENTITY, token=True),
    Route("/api/v1/staff/audit/sales", SALES, methods=GET, token=True),
    Route("/api/v1/staff/audit/**", IDENTITY, token=True),
)

PORTAL = Route("/**", Service.PORTAL, streamed=True, seconds=30, body_bytes=9_000_000)
RESERVED = (b"/api/", b"/.well-known/")
NEVER_PUBLIC = frozenset({b"metrics", b"livez", b"readyz", b"startupz", b"openapi.json", b"redoc"})
"""However many slashes are around it."""


PREFIX = b"/api/v1/"


def _key(path: bytes) -> bytes:
    """What the table is indexed by: the first segment that tells routes apart."""
    return path.removeprefix(PREFIX).lstrip(b"/").partition(b"/")[0]


def _indexed(routes: tuple[Route, ...]) -> Mapping[bytes, tuple[Route, ...]]:
    index: dict[bytes, list[Route]] = {}
    for route in routes:
        index.setdefault(_key(route.pattern.encode()), []).append(route)
    return MappingProxyType({key: tuple(rows) for key, rows in index.items()})


BY_SEGMENT = _indexed(ROUTES)


def find_route(method: str, path: bytes) -> Route | None:
    """The first row that fits; ``path`` as it came over the wire, percent-encoded."""
    rows = BY_SEGMENT.get(_key(path))
    if rows is not None and is_plain(path):
        segments = path.split(b"/")
        for route in rows:
            if route.leads(method, segments):
                return route
    return None


def is_known(path: bytes) -> bool:
    """Whether any method is routed for this path."""
    return any(find_route(method, path) for method in METHODS)


def is_for_portal(path: bytes) -> bool:
    """Whether a path that no row fits is the portal's to answer."""
    return not path.startswith(RESERVED) and path.strip(b"/") not in NEVER_PUBLIC and is_plain(path)


PLAIN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~/"


def is_plain(path: bytes) -> bool:
    """Whether ``path`` means the same to every program that reads it.

    Refused are dot segments, encoded slashes, backslashes, control characters and a second
    encoding: a router and a server that read them differently can be played against each other.
    """
    return not path.translate(None, PLAIN) or all(map(_is_plain_segment, path.split(b"/")))


MEANINGFUL = frozenset(b"/\\%?#;\x7f") | frozenset(range(0x20))


def _is_plain_segment(segment: bytes) -> bool:
    meant = unquote_to_bytes(segment)
    return meant not in {b".", b".."} and MEANINGFUL.isdisjoint(meant)
