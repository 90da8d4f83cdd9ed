"""One request of a browser: who asks, what it holds, and the ways to answer."""

import gzip
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from chassis import telemetry
from portal import csrf, security
from portal import session as sessions
from portal.cookies import Cookies, TooLarge
from portal.forms import MOST_FIELDS, Form
from portal.gateway import Caller, Json, Query, Refused
from portal.language import chosen_language, gettext, language
from portal.session import Session
from portal.site import Site
from portal.words import choices

NOTICE, KEPT, LANGUAGE = "notice", "kept", "language"
NOTICE_SECONDS = 60
KEPT_SECONDS = 3600
UNAUTHENTICATED = 401
SHARED = "x-shared-page"
"""Marks an answer that is the same for everybody who is not logged in; it does not leave the process."""
PACKED_FROM = 1_000
LOGIN = "/login"


class LoggedOut(Exception):
    """Who is asked for is not logged in, or not any more."""


class Visit:
    """A page asks the API with ``get``, ``post``, ``patch`` and ``delete`` (they raise ``Refused``) and
    answers with ``page`` or ``redirect``."""

    def __init__(self, request: Request, site: Site) -> None:
        self.request = request
        self.site = site
        self.cookies = Cookies(request.cookies, site.keyring, site.clock)
        self.language = chosen_language(self.cookies.plain(LANGUAGE))
        language.set(self.language)
        value = self.cookies.read(sessions.COOKIE)
        self.session = Session.kept(value) if value else None
        self.sent: Form | None = None

    @property
    def path(self) -> str:
        return self.request.url.path

    @property
    def here(self) -> str:
        """Path and query."""
        query = self.request.url.query
        return f"{self.path}?{query}" if query else self.path

    @property
    def is_fragment(self) -> bool:
        """Whether htmx asks, for a part of a page."""
        return self.request.headers.get("hx-request-type") == "partial"

    def start_session(self, tokens: Mapping[str, Any], name: str = "") -> Session:
        """Keeps the tokens of a login; from here on forms need a new token."""
        csrf.renew(self.cookies)
        return self._keep(Session.of(tokens, self.now, name))

    def end_session(self) -> None:
        self.session = None
        self.cookies.drop(sessions.COOKIE)

    def rename(self, name: str) -> None:
        """What the page's head calls the person."""
        if self.session:
            self._keep(self.session.named(name))

    def _keep(self, session: Session) -> Session:
        self.session = session
        self.cookies.keep(sessions.COOKIE, session.value, sessions.KEPT_SECONDS)
        return session

    @property
    def now(self) -> float:
        """Seconds since the epoch."""
        return self.site.clock().timestamp()

    async def get(self, path: str, query: Query | None = None) -> Json:
        return await self.ask("GET", path, query=query)

    async def post(self, path: str, body: Json = None, *, key: str | None = None) -> Json:
        """``key`` is the form's, where the API takes an ``Idempotency-Key``."""
        return await self.ask("POST", path, body, headers={"idempotency-key": key} if key else None)

    async def patch(self, path: str, body: Json) -> Json:
        return await self.ask("PATCH", path, body)

    async def delete(self, path: str) -> Json:
        return await self.ask("DELETE", path)

    async def ask(
        self,
        method: str,
        path: str,
        body: Json = None,
        *,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Json:
        """As who is logged in; raises ``LoggedOut``, too, when the session is over."""
        gateway = self.site.gateway
        token = await self._token()
        try:
            return await gateway.ask(self.caller(token), method, path, body, query=query, headers=headers)
        except Refused as refusal:
            if token is None or refusal.status != UNAUTHENTICATED:
                raise
        token = await self._refreshed()
        return await gateway.ask(self.caller(token), method, path, body, query=query, headers=headers)

    async def ask_signed_out(
        self, method: str, path: str, body: Json = None, *, key: str | None = None
    ) -> Json:
        """As nobody in particular, whoever is logged in."""
        headers = {"idempotency-key": key} if key else None
        return await self.site.gateway.ask(self.caller(), method, path, body, headers=headers)

    async def download(self, path: str, query: Query | None = None, *, body: Json = None) -> Response:
        """What the API answers, or makes of ``body``, as it comes: a file, or a stream of changes."""
        caller = self.caller(await self._token())
        streamed = await self.site.gateway.stream(caller, path, query, body)
        return StreamingResponse(streamed.chunks, streamed.status, {**streamed.headers, **security.headers()})

    def caller(self, token: str | None = None) -> Caller:
        headers = self.request.headers
        client = self.request.client
        return Caller(
            headers.get("x-client-address") or (client.host if client else ""),
            headers.get("user-agent", ""),
            self.language,
            telemetry.traceparent.get() or "",
            token,
        )

    async def renew_session(self) -> None:
        """Takes what the session may do now: roles come with the next tokens."""
        await self._refreshed()

    async def _token(self) -> str | None:
        if self.session is None:
            return None
        if self.session.expires_at - sessions.EARLY_SECONDS < self.now:
            return await self._refreshed()
        return self.session.access_token

    async def _refreshed(self) -> str:
        assert self.session is not None
        old = self.session
        try:
            tokens = await self.site.refreshing.tokens_for(old.refresh_token, self._ask_for_tokens)
        except Refused:
            self.end_session()
            raise LoggedOut from None
        return self._keep(Session.of(tokens, self.now, old.name)).access_token

    async def _ask_for_tokens(self, refresh_token: str) -> Json:
        body = {"refresh_token": refresh_token}
        return await self.site.gateway.ask(self.caller(), "POST", "/sessions/refresh", body)

    def form(self) -> Form:
        """What was sent; on a page that is only looked at, what was put away for it, or an empty form."""
        if self.sent is not None:
            return self.sent
        kept = self.cookies.read(KEPT)
        if kept and kept["path"] == self.path:
            self.cookies.drop(KEPT)
            return Form(typed=kept["typed"])
        return Form()

    def put_away(self) -> None:
        """Keeps the form that was sent, for the same page after the next login."""
        if self.sent is None:
            return
        try:
            self.cookies.keep(KEPT, {"path": self.path, "typed": self.sent.kept}, KEPT_SECONDS)
        except TooLarge:
            self.notify(gettext("متن بلند شما نگه داشته نشد؛ با دکمه‌ی بازگشت مرورگر آن را بردارید."))

    def notify(self, sentence: str, *, kind: str = "good") -> None:
        """A sentence for the next page that is shown: ``good``, ``info``, ``warning`` or ``bad``."""
        self.cookies.keep(NOTICE, {"sentence": sentence, "kind": kind}, NOTICE_SECONDS)

    def page(
        self,
        template: str,
        *,
        status: int = 200,
        shared: bool = False,
        form_action: str = "",
        refresh_after: int = 0,
        leaves: bool = False,
        **values: Any,
    ) -> Response:
        """``shared`` says that everybody who is not logged in sees the same, so it may be kept; after
        ``refresh_after`` seconds the browser looks again, if not 0; ``leaves``: to a bank."""
        notice = self.cookies.read(NOTICE)
        values = {"visit": self, "session": self.session, "notice": notice, "form": self.form(), **values}
        html = self.site.renderer.render(template, values)
        self.cookies.drop(NOTICE)
        headers = security.headers(form_action=form_action, leaves=leaves)
        headers |= {"content-language": self.language, "cache-control": "no-store"}
        if refresh_after:
            headers["refresh"] = str(refresh_after)
        if shared and self.session is None and notice is None:
            headers |= {SHARED: "1", "cache-control": "no-cache", "vary": "cookie, accept-encoding"}
        return self._packed(html, status, headers)

    def _packed(self, html: str, status: int, headers: dict[str, str]) -> Response:
        body = html.encode()
        if SHARED not in headers and len(body) > PACKED_FROM and self.takes_gzip:
            body = gzip.compress(body, 5, mtime=0)
            headers = {**headers, "content-encoding": "gzip", "vary": "accept-encoding"}
        return Response(body, status, headers, media_type="text/html")

    @property
    def takes_gzip(self) -> bool:
        return "gzip" in self.request.headers.get("accept-encoding", "")

    def redirect(self, path: str, sentence: str = "", *, kind: str = "good") -> Response:
        """After a form: the browser shows ``path`` next, with the sentence on it."""
        if sentence:
            self.notify(sentence, kind=kind)
        if self.request.headers.get("hx-request"):
            return Response(headers={"hx-redirect": path})
        return RedirectResponse(path, 303)

    def login_redirect(self) -> Response:
        """To the login page, and from there back to where the visitor was."""
        return self.redirect(f"{LOGIN}?next={quote(self.here if self.sent is None else self.path)}")

    @property
    def provinces(self) -> list[tuple[str, str]]:
        """For a field to choose from; the API knows them by their Persian names."""
        return choices("province")

    @cached_property
    def csrf_token(self) -> str:
        return csrf.token_for(self.cookies)


async def visit_of(request: Request) -> Visit:
    """The visit that a request is; forms are read and checked here, whatever route takes them."""
    found: Visit | None = getattr(request.state, "visit", None)
    if found is not None:
        return found
    visit = request.state.visit = Visit(request, request.app.state.site)
    if request.method not in csrf.SAFE:
        csrf.refuse_other_sites(request)
        data = await request.form(max_fields=MOST_FIELDS)
        token = data.get(csrf.FIELD) or request.headers.get(csrf.HEADER)
        visit.sent = Form.sent(data)
        csrf.check(visit.cookies, token if isinstance(token, str) else None)
    return visit


Visitor = Annotated[Visit, Depends(visit_of)]
"""Anybody."""


async def member_of(visit: Visitor) -> Visit:
    if visit.session is None:
        raise LoggedOut
    return visit


Member = Annotated[Visit, Depends(member_of)]
"""Somebody who is logged in; others are led to the login page and back."""


async def staff_of(visit: Member) -> Visit:
    assert visit.session is not None
    if not visit.session.is_staff:
        raise Refused(403, "forbidden", gettext("این بخش برای کارکنان است."))
    return visit


Staff = Annotated[Visit, Depends(staff_of)]
"""Somebody with a role; which one, the API judges."""


def local_path(given: str | None, otherwise: str = "/") -> str:
    """A path of ours that a browser brought along; another site's address is not one."""
    path = given or ""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_ours and "\\" not in path else otherwise
