"""The composition root: one application with every simulated provider in it."""

from datetime import timedelta

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles

import simulators.bank.api
import simulators.finnotech.api
import simulators.ghasedak.api
import simulators.inquiries.api
import simulators.ippanel.api
import simulators.jibit.api
import simulators.kavenegar.api
import simulators.melipayamak.api
import simulators.mellat.api
import simulators.mellat.pay_page
import simulators.sadad.api
import simulators.sadad.pay_page
import simulators.sep.api
import simulators.sep.pay_page
import simulators.sms.api
import simulators.smsir.api
import simulators.zarinpal.api
import simulators.zarinpal.pay_page
import simulators.zibal.api
import simulators.zohal.api
from simulators.bank.books import Books
from simulators.bank.counter import Bank, Visit
from simulators.bank.faults import BankFaults
from simulators.bank.visiting import visit as visit_over_http
from simulators.clock import Clock
from simulators.inquiries.desk import InquiryDesk
from simulators.pages import STATIC, render
from simulators.settings import Settings
from simulators.sms.books import Pace, SmsBooks
from simulators.sms.desk import SmsDesk
from simulators.sms.faults import SmsFaults

ROUTERS = (
    simulators.bank.api.router,
    simulators.zarinpal.api.router,
    simulators.zarinpal.pay_page.router,
    simulators.zibal.api.router,
    simulators.sep.api.router,
    simulators.sep.pay_page.router,
    simulators.mellat.api.router,
    simulators.mellat.pay_page.router,
    simulators.sadad.api.router,
    simulators.sadad.pay_page.router,
    simulators.sms.api.router,
    simulators.kavenegar.api.router,
    simulators.smsir.api.router,
    simulators.ghasedak.api.router,
    simulators.melipayamak.api.router,
    simulators.ippanel.api.router,
    simulators.inquiries.api.router,
    simulators.finnotech.api.router,
    simulators.jibit.api.router,
    simulators.zohal.api.router,
)


def create_app(settings: Settings | None = None, visit: Visit = visit_over_http) -> FastAPI:
    """Simulators with empty books. `visit` is how the bank itself calls a callback URL."""
    settings = settings or Settings()
    app = FastAPI(title="Nobat simulators", docs_url=None, redoc_url=None)
    app.state.bank = Bank(Books(Clock()), BankFaults(), settings, visit)
    app.state.sms = _sms_desk(settings)
    app.state.inquiries = InquiryDesk(settings)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in ROUTERS:
        app.include_router(router)

    @app.get("/", include_in_schema=False)
    async def home(request: Request) -> Response:
        return render(request, "home.html", public_url=settings.public_url)

    @app.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "ok"}

    return app


def _sms_desk(settings: Settings) -> SmsDesk:
    pace = Pace(
        sent_after=timedelta(seconds=settings.sms_sent_after_seconds),
        delivered_after=timedelta(seconds=settings.sms_delivered_after_seconds),
    )
    books = SmsBooks(Clock(), pace, settings.sms_credit)
    return SmsDesk(books, SmsFaults(), settings, dict(settings.kavenegar_patterns))
