"""Ghasedak's messages: `{isSuccess, statusCode, message, data}`, its codes and delivery states."""

from fastapi import Response
from fastapi.responses import JSONResponse

from simulators.sms.books import Delivery
from simulators.sms.wire import ProviderError

OK = 200
MESSAGES = {
    OK: "با موفقیت انجام شد",
    400: "پارامترها نامعتبر است",
    401: "کلید نامعتبر است",
    404: "قالب یافت نشد",
    409: "سرور قادر به پاسخگویی نیست",
    411: "گیرنده نامعتبر است",
    412: "فرستنده نامعتبر است",
    413: "متن پیام خالی است یا بیش از حد مجاز",
    414: "تعداد بیش از حد مجاز",
    418: "اعتبار کافی نیست",
    428: "ارسال صوتی ممکن نیست",
    429: "تعداد درخواست بیش از حد مجاز",
}

STATES = {
    Delivery.SCHEDULED: 0,
    Delivery.QUEUED: 0,
    Delivery.SENT: 1,
    Delivery.DELIVERED: 2,
    Delivery.UNDELIVERED: 3,
    Delivery.BLOCKED: 4,
}


class GhasedakError(ProviderError):
    """An answer with this code and no data."""

    def response(self) -> Response:
        return refusal(self.code)


def success(data: object) -> Response:
    return JSONResponse({"isSuccess": True, "statusCode": OK, "message": MESSAGES[OK], "data": data})


def refusal(code: int) -> Response:
    message = MESSAGES.get(code, "خطای نامشخص")
    return JSONResponse({"isSuccess": False, "statusCode": code, "message": message, "data": None}, code)
