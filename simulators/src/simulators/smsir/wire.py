"""SMS.ir's messages: `{status, message, data}`, its codes and delivery states."""

from collections.abc import Mapping

from fastapi import Response
from fastapi.responses import JSONResponse

from simulators.sms.books import Delivery
from simulators.sms.wire import ProviderError

OK = 1
MESSAGES = {
    OK: "موفق",
    0: "مشکلی در سامانه رخ داده است",
    10: "کلید وب سرویس نامعتبر است",
    20: "تعداد درخواست بیشتر از حد مجاز است",
    16: "پارامترها نامعتبر است",
    101: "شماره خط نامعتبر است",
    102: "اعتبار کافی نیست",
    103: "متن پیامک خالی است",
    104: "شماره موبایل نادرست است",
    105: "تعداد موبایل‌ها بیشتر از حد مجاز است",
    113: "قالب یافت نشد",
    114: "طول مقدار پارامتر بیشتر از ۲۵ نویسه است",
    115: "شماره موبایل در لیست سیاه است",
}
HTTP_STATUS: Mapping[int, int] = {10: 401, 20: 429}
"""Of refusals; any other is 400."""

DELIVERY_STATES = {
    Delivery.SCHEDULED: 3,
    Delivery.QUEUED: 3,
    Delivery.SENT: 5,
    Delivery.DELIVERED: 1,
    Delivery.UNDELIVERED: 2,
    Delivery.BLOCKED: 7,
}


class SmsIrError(ProviderError):
    """An answer with this code and no data."""

    def response(self) -> Response:
        return refusal(self.code)


def success(data: object) -> Response:
    return JSONResponse({"status": OK, "message": MESSAGES[OK], "data": data})


def refusal(code: int) -> Response:
    message = MESSAGES.get(code, "خطای نامشخص")
    return JSONResponse({"status": code, "message": message, "data": None}, HTTP_STATUS.get(code, 400))
