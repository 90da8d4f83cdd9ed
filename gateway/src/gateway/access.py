"""Who may pass: the token check at the door. Services check again for themselves."""

from chassis.auth import Principal, TokenVerifier, authenticate
from chassis.errors import Unauthenticated
from gateway.routes import Route

SCHEME = "bearer "


async def admit(verifier: TokenVerifier, route: Route, authorization: bytes | None) -> Principal | None:
    """The caller, None where nobody needs to be logged in; those who are ``enrolling`` pass, too.

    A public route looks at no token: who comes to refresh an expired one may still send it along.
    Raises ``Unauthenticated`` for a token that is missing or wrong where one is needed, and
    ``Unavailable`` when no token can be judged.
    """
    if not route.token:
        return None
    if authorization is None:
        raise Unauthenticated
    credentials = authorization.decode("latin-1")
    if credentials[: len(SCHEME)].lower() != SCHEME:
        raise Unauthenticated
    return await authenticate(verifier, credentials[len(SCHEME) :].strip())
