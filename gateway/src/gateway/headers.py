"""Which headers pass: lists of what is allowed, so that nothing needs to be thought of to be stripped."""

from collections.abc import Iterable, Mapping

from chassis.errors import Problem

Header = tuple[bytes, bytes]


def _titles(*names: str) -> dict[bytes, str]:
    return {name.encode(): name for name in names}


REQUEST = _titles(
    "accept",
    "accept-language",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "range",
    "user-agent",
)
"""What a service is told by the client. Identity, addresses and hops are never the client's to say."""

PORTAL_REQUEST = REQUEST | _titles(
    "accept-encoding",
    "cookie",
    "hx-boosted",
    "hx-current-url",
    "hx-request",
    "hx-request-type",
    "hx-source",
    "hx-target",
    "hx-trigger",
    "origin",
    "referer",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "x-csrf-token",
)

NOTED = frozenset(
    {
        b"accept-language",
        b"authorization",
        b"content-length",
        b"idempotency-key",
        b"last-event-id",
        b"origin",
        b"traceparent",
        b"transfer-encoding",
        b"x-correlation-id",
        b"x-forwarded-for",
        b"x-portal-key",
        b"access-control-request-method",
    }
)
"""What the gateway itself reads."""


def _names(*names: str) -> dict[str, bytes]:
    return {name: name.encode() for name in names}


RESPONSE = _names(
    "accept-ranges",
    "allow",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-range",
    "content-type",
    "deprecation",
    "etag",
    "last-modified",
    "link",
    "location",
    "retry-after",
    "sunset",
    "vary",
    "www-authenticate",
)

PORTAL_RESPONSE = RESPONSE | _names(
    "content-security-policy",
    "cross-origin-opener-policy",
    "hx-location",
    "hx-push-url",
    "hx-redirect",
    "hx-refresh",
    "hx-retarget",
    "hx-trigger",
    "permissions-policy",
    "referrer-policy",
    "refresh",
    "set-cookie",
)

DEFAULTS: tuple[Header, ...] = (
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)
"""On every answer that does not bring its own; a service of the API can bring only ``cache-control``."""


class AmbiguousHeader(Problem):
    status = 400
    code = "ambiguous_header"
    fa = "سرآیند {header} بیش از یک بار آمده است."
    en = "The header {header} came more than once."


class UnacceptableHeader(Problem):
    status = 400
    code = "unacceptable_header"
    fa = "یکی از سرآیندها نویسه‌ای دارد که پذیرفته نیست."
    en = "A header has a character that is not accepted."


def read(
    received: Iterable[Header], passed: Mapping[bytes, str]
) -> tuple[list[tuple[str, str]], dict[bytes, bytes]]:
    """What goes on to a service, and what the gateway needs to know, in one pass.

    Raises ``AmbiguousHeader`` for two ``Authorization`` headers: the gateway might judge one and the
    service believe the other.
    """
    forwarded: list[tuple[str, str]] = []
    noted: dict[bytes, bytes] = {}
    for name, value in received:
        title = passed.get(name)
        if title is not None and value.isascii():
            forwarded.append((title, value.decode("ascii")))
        if name in NOTED:
            if name == b"authorization" and name in noted:
                raise AmbiguousHeader(header="Authorization")
            noted[name] = noted[name] + b", " + value if name in noted else value
    return forwarded, noted


def returned(received: Iterable[tuple[str, str]], allowed: Mapping[str, bytes], base: str) -> list[Header]:
    """What the client is told; a ``Location`` on the service's own address loses that address."""
    headers: list[Header] = []
    for name, value in received:
        public = allowed.get(name)
        if public == b"location":
            headers.append((public, value.removeprefix(base).encode("latin-1")))
        elif public is not None:
            headers.append((public, value.encode("latin-1")))
    return headers


def with_defaults(headers: list[Header]) -> list[Header]:
    present = {name for name, _ in headers}
    headers.extend(default for default in DEFAULTS if default[0] not in present)
    return headers
