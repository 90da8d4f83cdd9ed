"""A key pair that signs access tokens as identity does."""

from collections.abc import Iterable
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from chassis.clock import Clock, system_clock
from chassis.signed_token import ALGORITHM, TOKEN_TYPE


class TestKeys:
    """A ``KeySource`` with one key, and the tokens that it signs."""

    __test__ = False
    key_id = "test"

    def __init__(self, clock: Clock = system_clock) -> None:
        self._clock = clock
        self.private_key = Ed25519PrivateKey.generate()

    async def find(self, key_id: str) -> Ed25519PublicKey | None:
        return self.private_key.public_key() if key_id == self.key_id else None

    def token(
        self,
        subject: UUID,
        roles: Iterable[str] = (),
        *,
        lifetime: int = 600,
        session: UUID | None = None,
        dealership: UUID | None = None,
    ) -> str:
        """A valid access token; ``lifetime`` in seconds, negative for an expired one.

        ``session`` is made up where none is given.
        """
        now = int(self._clock().timestamp())
        claims = {
            "iss": "nobat",
            "aud": "nobat-api",
            "sub": str(subject),
            "sid": str(session or uuid4()),
            "roles": sorted(roles),
            "iat": now,
            "exp": now + lifetime,
            **({"dealership": str(dealership)} if dealership else {}),
        }
        headers = {"kid": self.key_id, "typ": TOKEN_TYPE}
        return jwt.encode(claims, self.private_key, algorithm=ALGORITHM, headers=headers)

    def authorization(self, subject: UUID, roles: Iterable[str] = ()) -> dict[str, str]:
        """The header that presents such a token."""
        return {"Authorization": f"Bearer {self.token(subject, roles)}"}
