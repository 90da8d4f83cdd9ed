"""What people see when a page cannot be shown: why, and where to go from there."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from chassis.logging import get_logger
from portal.csrf import Forged
from portal.gateway import NotAnswering, Refused
from portal.language import gettext
from portal.visit import LoggedOut, Visit

log = get_logger(__name__)

NOT_FOUND = 404
Handler = Callable[[Request, Exception], Awaitable[Response]]


async def logged_out(request: Request, _: Exception) -> Response:
    """To the login page; a form that was being sent is there again afterwards."""
    visit = _visit(request)
    visit.put_away()
    if visit.sent is not None:
        sentence = gettext("نشست شما پایان یافته بود. پس از ورود، آنچه نوشته بودید سر جای خود است.")
        visit.notify(sentence, kind="info")
    return visit.login_redirect()


async def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    if error.status == NOT_FOUND:
        return _not_found(request)
    title = gettext("این کار انجام نشد")
    return _failure(request, error.status, title, error.sentence)


async def not_answering(request: Request, error: Exception) -> Response:
    log.warning("portal.gateway.silent", error=type(error.__cause__).__name__)
    title = gettext("سامانه پاسخ نمی‌دهد")
    sentence = gettext("کمی بعد دوباره تلاش کنید. آنچه ثبت کرده‌اید از دست نمی‌رود.")
    return _failure(request, 503, title, sentence)


async def forged(request: Request, _: Exception) -> Response:
    """The usual reason is a page that was open for long: its form is shown again, with what was typed."""
    visit = _visit(request)
    visit.put_away()
    title = gettext("این برگه کهنه شده است")
    sentence = gettext("برگه را دوباره باز کنید و فرم را بفرستید. نوشته‌های شما نگه داشته شده است.")
    return _failure(request, 403, title, sentence, again=visit.path)


async def http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == NOT_FOUND:
        return _not_found(request)
    title = gettext("این درخواست پذیرفته نشد")
    return _failure(request, error.status_code, title, "")


async def invalid(request: Request, _: Exception) -> Response:
    """A path or a query that no link of ours has."""
    return _not_found(request)


async def broken(request: Request, error: Exception) -> Response:
    log.error("portal.page.failed", path=request.url.path, exc_info=error)
    title = gettext("خطایی رخ داد")
    sentence = gettext("خطا نزد ما ثبت شد. کمی بعد دوباره تلاش کنید.")
    return _failure(request, 500, title, sentence)


HANDLERS: dict[type[Exception] | int, Handler] = {
    LoggedOut: logged_out,
    Refused: refused,
    NotAnswering: not_answering,
    Forged: forged,
    HTTPException: http_error,
    RequestValidationError: invalid,
    Exception: broken,
}


def install(app: FastAPI) -> None:
    for error, handler in HANDLERS.items():
        app.add_exception_handler(error, _in_the_visitors_language(handler))


def _in_the_visitors_language(handler: Handler) -> Handler:
    """A visit knows the language; where no route was met, there is none yet."""

    async def answer(request: Request, error: Exception) -> Response:
        _visit(request)
        return await handler(request, error)

    return answer


def _not_found(request: Request) -> Response:
    title = gettext("این صفحه پیدا نشد")
    sentence = gettext("شاید نشانی کامل نباشد یا صفحه برداشته شده باشد.")
    return _failure(request, NOT_FOUND, title, sentence)


def _failure(request: Request, status: int, title: str, sentence: str, again: str = "") -> Response:
    return _visit(request).page(
        "failure.html", status=status, title=title, sentence=sentence, again=again, form=None
    )


def _visit(request: Request) -> Visit:
    """The visit, also of a request that no route took or whose form was refused."""
    found: Visit | None = getattr(request.state, "visit", None)
    if found is None:
        found = request.state.visit = Visit(request, request.app.state.site)
    return found
