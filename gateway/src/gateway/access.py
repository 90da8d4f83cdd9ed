"""Who may pass: the token check at the door. Services check again for themselves."""

from chassis.auth import Principal, TokenVerifier, authenticate
from chassis.errors import Unauthenticated
from gateway.routes import Route

SCHEME = "bearer "


async def admit(verifier: TokenVerifier, route: Route, authorization: bytes | None) -> Principal | None:
    """The caller, None when nobody needs to be logged in and nobody says to be.

    Raises ``Unauthenticated`` for a token that is missing where it is needed or wrong anywhere, and
    ``Unavailable`` when no token can be judged.
    """
    if authorization is None:
        if route.token:
            raise Unauthenticated
        return None
    credentials = authorization.decode("latin-1")
    if credentials[: len(SCHEME)].lower() != SCHEME:
        raise Unauthenticated
    return await authenticate(verifier, credentials[len(SCHEME) :].strip())
