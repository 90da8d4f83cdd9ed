"""ZarinPal's messages: bodies, codes and the envelope whose `data` and `errors` change their shape.

A success has an object in `data` and an empty array in `errors`; an error has them the other way round.
"""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Literal

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import AfterValidator, BaseModel, Field, HttpUrl, TypeAdapter

MESSAGES = {
    -9: "The input params invalid, validation error.",
    -10: "Terminal is not valid, please check merchant_id or ip address.",
    -11: "Terminal is not active, please contact our support team.",
    -12: "To many attempts, please try again later.",
    -13: "Terminal limit reached.",
    -14: "The callback URL domain does not match the registered terminal domain.",
    -15: "Terminal user is suspend : (please contact our support team).",
    -16: "Terminal user level is not valid : ( please contact our support team).",
    -17: "Terminal user level is not valid : ( please contact our support team).",
    -18: "The referrer address does not match the registered domain.",
    -40: "Invalid extra params, expire_in is not valid.",
    -50: "Session is not valid, amounts values is not the same.",
    -51: "Session is not valid, session is not active paid try.",
    -52: "Oops!!, please contact our support team.",
    -53: "Session is not this merchant_id session.",
    -54: "Invalid authority.",
    -60: "Session can not be reversed with bank.",
    -61: "Session is not in success status.",
    -62: "Terminal ip limit must be active.",
    -63: "Maximum time for reverse this session is expired.",
}
HTTP_STATUS = {-9: 422, -10: 401}
OTHER_ERRORS_STATUS = 400
FEE_TYPE = "Merchant"
VERIFIED_NOW, VERIFIED_BEFORE = 100, 101
VERIFY_MESSAGES = {VERIFIED_NOW: "Paid", VERIFIED_BEFORE: "Verified"}
UNITS = {"IRR": 1, "IRT": 10}


class ZarinpalError(Exception):
    """An answer with this code in `errors`."""

    def __init__(self, code: int) -> None:
        super().__init__(MESSAGES.get(code, "Unknown error."))
        self.code = code


def success(code: int, message: str, **data: object) -> Response:
    return JSONResponse({"data": {"code": code, "message": message, **data}, "errors": []})


def refusal(code: int, validations: list[dict[str, str]] | None = None) -> Response:
    errors = {"code": code, "message": str(ZarinpalError(code)), "validations": validations or []}
    return JSONResponse({"data": [], "errors": errors}, HTTP_STATUS.get(code, OTHER_ERRORS_STATUS))


class ZarinpalRoute(APIRoute):
    """A route whose errors and invalid bodies are answered in ZarinPal's envelope."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await inner(request)
            except ZarinpalError as error:
                return refusal(error.code)
            except RequestValidationError as invalid:
                return refusal(-9, [{str(e["loc"][-1]): e["msg"]} for e in invalid.errors()])

        return handle


def _web_address(url: str) -> str:
    TypeAdapter(HttpUrl).validate_python(url)
    return url


Authority = Annotated[str, Field(max_length=100)]
Amount = Annotated[int, Field(strict=True)]


class MerchantBody(BaseModel):
    merchant_id: str = Field(min_length=36, max_length=36)


class Metadata(BaseModel):
    mobile: str | None = None
    email: str | None = None
    order_id: str | None = None
    auto_verify: bool = False


class Wage(BaseModel):
    iban: str
    amount: int
    description: str


class RequestBody(MerchantBody):
    amount: Amount = Field(ge=1000)
    currency: Literal["IRR", "IRT"] = "IRR"
    description: str = Field(min_length=1, max_length=500)
    callback_url: Annotated[str, AfterValidator(_web_address)]
    metadata: Metadata = Metadata()
    wages: list[Wage] = []


class AuthorityBody(MerchantBody):
    authority: Authority


class VerifyBody(AuthorityBody):
    amount: Amount


class RefundBody(AuthorityBody):
    """`amount` is in the payment's own currency; without it the whole rest goes back."""

    amount: Amount | None = Field(default=None, gt=0)
