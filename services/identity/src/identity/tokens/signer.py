"""Access tokens, as ``chassis.auth`` checks them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import jwt
from uuid_utils.compat import uuid7

from chassis.auth import ENROLMENT
from chassis.signed_token import ALGORITHM, TOKEN_TYPE
from identity.tokens.domain import TOKEN_LIFETIME
from identity.tokens.key_store import KeyStore


@dataclass(frozen=True)
class AccessToken:
    text: str
    expires_in: int


class TokenSigner:
    def __init__(self, keys: KeyStore, *, issuer: str, audience: str) -> None:
        self.keys = keys
        self._issuer = issuer
        self._audience = audience

    async def access_token(
        self,
        customer_id: UUID,
        session_id: UUID,
        roles: Collection[str],
        now: datetime,
        *,
        enrolling: bool = False,
        dealership: UUID | None = None,
    ) -> AccessToken:
        """A JWT for ``TOKEN_LIFETIME``; ask for it outside of a transaction, it may read the keys.

        An ``enrolling`` one is good for nothing but enrolling an authenticator app.
        """
        key = await self.keys.signing()
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": str(customer_id),
            "sid": str(session_id),
            "roles": sorted(roles),
            "iat": int(now.timestamp()),
            "exp": int((now + TOKEN_LIFETIME).timestamp()),
            "jti": str(uuid7()),
            **({"scope": ENROLMENT} if enrolling else {}),
            **({"dealership": str(dealership)} if dealership else {}),
        }
        headers = {"kid": key.key_id, "typ": TOKEN_TYPE}
        text = jwt.encode(claims, key.private, algorithm=ALGORITHM, headers=headers)
        return AccessToken(text, int(TOKEN_LIFETIME.total_seconds()))
