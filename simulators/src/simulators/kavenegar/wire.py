"""Kavenegar's messages: `{"return": {status, message}, "entries": …}`, its codes and delivery states."""

from fastapi import Response
from fastapi.responses import JSONResponse

from simulators.sms.books import Delivery
from simulators.sms.wire import ProviderError

OK = 200
MESSAGES = {
    OK: "تایید شد",
    400: "پارامترها ناقص هستند",
    401: "حساب کاربری غیرفعال شده است",
    402: "عملیات ناموفق بود",
    403: "کد شناسائی API-Key معتبر نمی‌باشد",
    404: "متد نامشخص است",
    405: "متد Get/Post اشتباه است",
    407: "دسترسی به اطلاعات مورد نظر برای شما امکان‌پذیر نیست",
    409: "سرور قادر به پاسخگوئی نیست، بعدا تلاش کنید",
    411: "دریافت‌کننده نامعتبر است",
    412: "ارسال‌کننده نامعتبر است",
    413: "پیام خالی است و یا طول پیام بیش از حد مجاز می‌باشد",
    414: "حجم درخواست بیشتر از حد مجاز است",
    417: "تاریخ ارسال اشتباه است و فرمت آن صحیح نمی‌باشد",
    418: "اعتبار شما کافی نمی‌باشد",
    419: "طول آرایه متن و گیرنده و فرستنده هم‌اندازه نیست",
    422: "داده‌ها به دلیل وجود کاراکتر نامناسب قابل پردازش نیست",
    424: "الگوی مورد نظر پیدا نشد",
    426: "استفاده از این متد نیازمند سرویس پیشرفته می‌باشد",
    428: "ارسال کد از طریق تماس تلفنی امکان‌پذیر نیست",
    431: "ساختار کد صحیح نمی‌باشد",
    432: "پارامتر کد در متن پیام پیدا نشد",
    607: "نام تگ انتخابی اشتباه است",
}
LAST_HTTP_STATUS = 599

STATUS = {
    Delivery.QUEUED: 1,
    Delivery.SCHEDULED: 2,
    Delivery.SENT: 5,
    Delivery.DELIVERED: 10,
    Delivery.UNDELIVERED: 11,
    Delivery.BLOCKED: 14,
}
UNKNOWN_ID = 100
STATUS_TEXT = {
    1: "در صف ارسال",
    2: "زمان‌بندی شده",
    5: "ارسال به مخابرات",
    10: "رسیده به گیرنده",
    11: "نرسیده به گیرنده",
    14: "بلاک شده است",
    UNKNOWN_ID: "شناسه پیامک نامعتبر است",
}


class KavenegarError(ProviderError):
    """An answer with this code and no entries."""

    def response(self) -> Response:
        return refusal(self.code)


def success(entries: object) -> Response:
    return JSONResponse({"return": {"status": OK, "message": MESSAGES[OK]}, "entries": entries})


def refusal(code: int) -> Response:
    """The HTTP status is the code itself where HTTP has such a status, else 400."""
    status = code if code <= LAST_HTTP_STATUS else 400
    return JSONResponse(
        {"return": {"status": code, "message": MESSAGES.get(code, "خطای نامشخص")}, "entries": None}, status
    )
