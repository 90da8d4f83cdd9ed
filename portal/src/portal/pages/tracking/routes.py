"""The form of two numbers, and what they lead to."""

from fastapi import APIRouter, Response

from portal.gateway import Refused
from portal.language import gettext
from portal.pages.orders import life
from portal.visit import Visitor

router = APIRouter()

NOT_FOUND = 404
TOO_MANY = 429


@router.get("/tracking")
async def ask(visit: Visitor) -> Response:
    return visit.page("tracking/index.html", found=None, rows=[])


@router.post("/tracking")
async def track(visit: Visitor) -> Response:
    form = visit.form()
    form.require(gettext("این خانه را پر کنید."), ["number", "national_code"])
    if form.is_wrong:
        return visit.page("tracking/index.html", status=422, found=None, rows=[])
    body = form.only("number", "national_code")
    try:
        found = await visit.ask_signed_out("POST", "/tracking", body)
    except Refused as refusal:
        form.refused(refusal)
        if refusal.status == NOT_FOUND:
            form.problem = gettext(
                "سفارشی با این دو شماره پیدا نشد. شماره را با پیامک یا قرارداد بسنجید؛ "
                "کد ملی باید از آن صاحب سفارش باشد."
            )
        elif refusal.status == TOO_MANY:
            form.problem = gettext("تلاش‌ها زیاد بود. چند دقیقه‌ی دیگر دوباره بپرسید، یا وارد حساب خود شوید.")
        return visit.page("tracking/index.html", status=refusal.status, found=None, rows=[])
    return visit.page("tracking/index.html", found=found, rows=life.rows(found))
