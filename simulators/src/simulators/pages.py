"""The HTML pages: Persian, right to left, escaped, one stylesheet."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from fastapi.templating import Jinja2Templates

HERE = Path(__file__).parent
STATIC = HERE / "static"
TEHRAN = ZoneInfo("Asia/Tehran")
PERSIAN_DIGITS = str.maketrans("0123456789,", "۰۱۲۳۴۵۶۷۸۹٬")


def rial(amount: int | None) -> str:
    return "—" if amount is None else f"{amount:,} ریال".translate(PERSIAN_DIGITS)


def clock_time(at: datetime) -> str:
    return at.astimezone(TEHRAN).strftime("%H:%M:%S").translate(PERSIAN_DIGITS)


templates = Jinja2Templates(HERE / "templates")
templates.env.filters |= {"rial": rial, "clock_time": clock_time}


def render(request: Request, template: str, status: int = 200, **context: object) -> Response:
    return templates.TemplateResponse(request, template, context, status)


def notice(request: Request, status: int, sentence: str) -> Response:
    return render(request, "notice.html", status, sentence=sentence)
