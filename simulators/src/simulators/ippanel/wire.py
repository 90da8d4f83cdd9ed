"""IPPanel's messages: `{data, meta: {status, message_code, errors}}`, and its message states."""

from collections.abc import Mapping

from fastapi import Response
from fastapi.responses import JSONResponse

from simulators.sms.books import Delivery
from simulators.sms.wire import ProviderError

OK = "200-1"
FIELDS: Mapping[int, str] = {
    412: "from_number",
    404: "code",
    411: "recipients",
    413: "message",
    418: "credit",
    400: "sending_type",
}
"""The field that a 422 is about, by the number a fault or refusal has here."""

STATES = {
    Delivery.SCHEDULED: "0",
    Delivery.QUEUED: "0",
    Delivery.SENT: "1",
    Delivery.DELIVERED: "2",
    Delivery.UNDELIVERED: "3",
    Delivery.BLOCKED: "4",
}


class IpPanelError(ProviderError):
    """401: the key. A number of `FIELDS`: 422 about that field. Any other: that HTTP status."""

    def response(self) -> Response:
        return refusal(self.code)


def success(data: object) -> Response:
    return JSONResponse({"data": data, "meta": {"status": True, "message": "انجام شد", "message_code": OK}})


def refusal(code: int) -> Response:
    field = FIELDS.get(code)
    meta = {
        "status": False,
        "message": "اطلاعات وارد شده صحیح نمی باشد",
        "message_code": "400-1" if field is None else "400-2",
        "errors": {} if field is None else {field: ["صحیح نمی باشد"]},
    }
    return JSONResponse({"data": None, "meta": meta}, code if field is None else 422)
