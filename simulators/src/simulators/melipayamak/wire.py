"""MelliPayamak's messages: always HTTP 200, `{Value, RetStatus, StrRetStatus}`, and its delivery states."""

from fastapi import Response
from fastapi.responses import JSONResponse

from simulators.sms.books import Delivery
from simulators.sms.wire import ProviderError

OK = 1
MESSAGES = {
    OK: "Ok",
    0: "InvalidUserPass",
    2: "NotEnoughCredit",
    3: "DailyLimit",
    4: "VolumeLimit",
    5: "InvalidNumber",
    6: "SystemUpdating",
    7: "FilteredWord",
    10: "InactiveUser",
    11: "NotSent",
    35: "InBlacklist",
}

STATES = {
    Delivery.SCHEDULED: 200,
    Delivery.QUEUED: 0,
    Delivery.SENT: 8,
    Delivery.DELIVERED: 1,
    Delivery.UNDELIVERED: 2,
    Delivery.BLOCKED: 35,
}
UNKNOWN_ID = 100


class MeliPayamakError(ProviderError):
    """An answer with this return status and no value."""

    def response(self) -> Response:
        return refusal(self.code)


def success(value: object) -> Response:
    return JSONResponse({"Value": str(value), "RetStatus": OK, "StrRetStatus": MESSAGES[OK]})


def refusal(code: int) -> Response:
    return JSONResponse({"Value": "", "RetStatus": code, "StrRetStatus": MESSAGES.get(code, "Error")})
