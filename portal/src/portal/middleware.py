"""What surrounds the pages: assets out of memory, and the cookies that a visit changed."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.assets import Assets, headers_of


class AssetsFirst:
    """Answers for assets; everything else goes on."""

    def __init__(self, app: ASGIApp, assets: Assets) -> None:
        self._app = app
        self._assets = assets.by_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asset = self._assets.get(scope["path"]) if scope["type"] == "http" else None
        if asset is None or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        takes_gzip = any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])
        packed = asset.packed if takes_gzip else None
        body = asset.body if packed is None else packed
        headers = {**headers_of(asset, packed=packed is not None), "content-length": str(len(body))}
        lines = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": lines})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


class CookiesLast:
    """Puts what the visit changed into the answer, whoever made the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def send_with_cookies(message: Message) -> None:
            visit = state.get("visit")
            if message["type"] == "http.response.start" and visit is not None:
                lines = [(b"set-cookie", line.encode()) for line in visit.cookies.changes]
                message["headers"] = [*message["headers"], *lines]
            await send(message)

        await self._app(scope, receive, send_with_cookies)
