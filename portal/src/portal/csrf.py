"""Forms are taken from our own pages only: by the browser's word for where they come from, and by a token.

The token of a page is the cookie's secret under a mask of its own: a page is packed, and a secret that is
the same in every answer could be guessed from their lengths (BREACH).
"""

import base64
import binascii
import hmac
import secrets

from starlette.requests import Request

from portal.cookies import Cookies

COOKIE = "csrf"
FIELD = "csrf"
HEADER = "x-csrf-token"
SECRET_BYTES = 16
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITE = frozenset({"same-origin", "none"})


class Forged(Exception):
    """A form that did not come from a page of ours, or from one that is too old."""


def token_for(cookies: Cookies) -> str:
    """A token for the page in hand; gives the browser a secret where it has none."""
    secret = _decoded(cookies.plain(COOKIE))
    if secret is None:
        secret = renew(cookies)
    mask = secrets.token_bytes(SECRET_BYTES)
    return _text(mask + _mixed(mask, secret))


def renew(cookies: Cookies) -> bytes:
    """A new secret: whoever logs in leaves the old one behind."""
    secret = secrets.token_bytes(SECRET_BYTES)
    cookies.keep_plain(COOKIE, _text(secret))
    return secret


def refuse_other_sites(request: Request) -> None:
    """Raises ``Forged`` when the browser says that another site made the request; old ones say nothing."""
    site = request.headers.get("sec-fetch-site")
    if request.method not in SAFE and site is not None and site not in OWN_SITE:
        raise Forged


def check(cookies: Cookies, token: str | None) -> None:
    """Raises ``Forged``."""
    secret, given = _decoded(cookies.plain(COOKIE)), _decoded(token, 2)
    if secret is None or given is None:
        raise Forged
    mask, masked = given[:SECRET_BYTES], given[SECRET_BYTES:]
    if not hmac.compare_digest(_mixed(mask, masked), secret):
        raise Forged


def _mixed(mask: bytes, secret: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(mask, secret, strict=True))


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _decoded(text: str | None, parts: int = 1) -> bytes | None:
    try:
        value = base64.urlsafe_b64decode((text or "") + "=" * (-len(text or "") % 4))
    except (binascii.Error, ValueError):
        return None
    return value if len(value) == SECRET_BYTES * parts else None
