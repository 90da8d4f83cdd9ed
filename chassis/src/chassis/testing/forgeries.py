"""Access tokens that nobody may accept, generated from a good one.

Sources: RFC 8725; OWASP ASVS 5.0 9.1, 9.2; CVE-2015-9235 (RS/HS), CVE-2018-0114 (``jwk``),
CVE-2026-48710 and the like (``kid`` paths, ``crit``).
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chassis.testing.tokens import TestKeys

Members = dict[str, Any]
ABSENT = object()
ATTACKERS = "https://attacker.example/keys"
ATTACKERS_KEY = Ed25519PrivateKey.generate()

ALGORITHMS = ("none", "None", "NONE", "nOnE", "", "HS256", "HS512", "RS256", "PS256", "ES256", "eddsa", None)
KEY_IDS = (
    ABSENT,
    "",
    "foreign",
    "../../../../dev/null",
    "/dev/null",
    "file:///etc/passwd",
    "test\0",
    "test' OR '1'='1",
    "$(id)",
    "http://127.0.0.1/",
    None,
    0,
    ["test"],
)
TYPES = (ABSENT, "JWT", "rt+jwt", "at+JWT", "refresh", "ticket", "", None)
MORE: tuple[Members, ...] = (
    {"jku": ATTACKERS},
    {"x5u": ATTACKERS},
    {"x5c": ["MIIB"]},
    {"x5t#S256": "c2hh"},
    {"crit": ["exp"]},
    {"b64": False},
    {"zip": "DEF"},
    {"cty": "JWT"},
)
CLAIMS: Mapping[str, tuple[object, ...]] = {
    "iss": (ABSENT, "", "attacker", ["nobat"]),
    "aud": (ABSENT, "", "nobat-refresh", "nobat-api ", ["nobat-api"]),
    "exp": (ABSENT, 0, -1, "9999999999", 1e12, True, None),
    "nbf": (2**40, "0", None),
    "iat": (ABSENT, 2**40, "0", None),
    "sub": (ABSENT, "", "admin", 1, None),
    "sid": (ABSENT, "", "session", None),
    "roles": (ABSENT, "admin", {"admin": True}, [1], None),
}


def forgeries(keys: TestKeys, subject: UUID, roles: tuple[str, ...] = ()) -> dict[str, str]:
    """Bad tokens by what is wrong with them; each would be good if that one thing were not looked at."""
    header, claims, signature = keys.token(subject, roles).split(".")
    good = _decoded(header), _decoded(claims)
    return {
        **dict(_with_other_headers(keys, *good)),
        **dict(_with_other_claims(keys, *good)),
        **dict(_with_other_signatures(keys, *good)),
        "no signature": f"{header}.{claims}.",
        "no header": f".{claims}.{signature}",
        "two parts": f"{header}.{claims}",
        "signature of other claims": f"{header}.{_encoded({**good[1], 'roles': ['admin']})}.{signature}",
        "cut": f"{header}.{claims}.{signature[:-4]}",
        "padded": f"{header}.{claims}.{signature}==",
        "twice": f"{header}.{claims}.{signature},{header}.{claims}.{signature}",
        "expired": keys.token(subject, roles, lifetime=-1),
        "of another identity": TestKeys().token(subject, roles),
    }


def _with_other_headers(keys: TestKeys, header: Members, claims: Members) -> Iterator[tuple[str, str]]:
    changes: list[Members] = [
        *({"alg": algorithm} for algorithm in ALGORITHMS),
        *({"kid": key_id} for key_id in KEY_IDS),
        *({"typ": kind} for kind in TYPES),
        *MORE,
    ]
    for change in changes:
        yield f"header {_told(change)}", _signed(keys.private_key, _changed(header, change), claims)


def _with_other_claims(keys: TestKeys, header: Members, claims: Members) -> Iterator[tuple[str, str]]:
    for name, values in CLAIMS.items():
        for value in values:
            change = {name: value}
            yield f"claim {_told(change)}", _signed(keys.private_key, header, _changed(claims, change))


def _with_other_signatures(keys: TestKeys, header: Members, claims: Members) -> Iterator[tuple[str, str]]:
    """The attacker's own key, named or brought along, and the public key taken for a shared secret."""
    x = base64.urlsafe_b64encode(ATTACKERS_KEY.public_key().public_bytes_raw()).decode().rstrip("=")
    own = {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": keys.key_id}
    for change in ({}, {"kid": "attacker"}, {"jwk": own}, {"jku": ATTACKERS}, {"x5u": ATTACKERS}):
        yield f"attacker's key {_told(change)}", _signed(ATTACKERS_KEY, {**header, **change}, claims)
    public = keys.private_key.public_key()
    secrets = {
        "raw": public.public_bytes_raw(),
        "PEM": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "empty": b"",
    }
    for algorithm in ("HS256", "EdDSA"):
        content = f"{_encoded({**header, 'alg': algorithm})}.{_encoded(claims)}"
        for kind, secret in secrets.items():
            mac = hmac.digest(secret, content.encode(), hashlib.sha256)
            yield f"{algorithm} with the public key ({kind})", f"{content}.{_text(mac)}"


def _changed(members: Members, change: Members) -> Members:
    return {name: value for name, value in {**members, **change}.items() if value is not ABSENT}


def _told(change: Members) -> str:
    return ", ".join(f"{name}={'absent' if v is ABSENT else repr(v)}" for name, v in change.items())


def _signed(key: Ed25519PrivateKey, header: Members, claims: Members) -> str:
    content = f"{_encoded(header)}.{_encoded(claims)}"
    return f"{content}.{_text(key.sign(content.encode()))}"


def _encoded(members: Members) -> str:
    return _text(json.dumps(members).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decoded(part: str) -> Members:
    members: Members = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return members
