"""Sadad's messages and the signature that goes with them."""

import base64
from secrets import compare_digest
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.padding import PKCS7
from fastapi import Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, SecretStr

from simulators.bank.books import BankPayment

NOT_FOUND, SUCCESS, NOT_PAID = -1, 0, -1
UNKNOWN_TERMINAL, DUPLICATE_ORDER, WRONG_AMOUNT, WRONG_RETURN_URL = 1004, 1011, 1101, 1023
WRONG_SIGNATURE, TIME_IS_OVER, RETURNED = 1025, 1031, 1105
DESCRIPTIONS = {
    SUCCESS: "عملیات با موفقیت انجام شد",
    NOT_FOUND: "پارامترهای ارسالی صحیح نیست و یا تراکنش در سیستم وجود ندارد",
    UNKNOWN_TERMINAL: "شماره پذیرنده اشتباه است",
    DUPLICATE_ORDER: "شماره سفارش تکراری است",
    WRONG_SIGNATURE: "امضای تراکنش نامعتبر است",
    RETURNED: "تراکنش بازگشت داده شده است",
}
BY_NATIONAL_CODE = 1


class PaymentBody(BaseModel):
    MerchantId: str
    TerminalId: str
    Amount: int
    OrderId: int
    LocalDateTime: str
    ReturnUrl: str
    SignData: str
    AdditionalData: str = ""
    PanAuthenticationType: int = 0
    NationalCode: str | None = None


class VerifyBody(BaseModel):
    Token: str
    SignData: str


def is_signed(key: SecretStr, plain: str, signature: str) -> bool:
    """Base64 of 3DES in ECB with PKCS7, as the bank's document has it."""
    padder = PKCS7(TripleDES.block_size).padder()
    padded = padder.update(plain.encode()) + padder.finalize()
    algorithm = TripleDES(base64.b64decode(key.get_secret_value()))
    encryptor = Cipher(algorithm, ECB()).encryptor()  # noqa: S305 - the bank's own protocol
    expected = base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()
    return compare_digest(expected, signature)


def said(code: int, **facts: Any) -> Response:
    return JSONResponse({"ResCode": str(code), "Description": DESCRIPTIONS.get(code, "خطا"), **facts})


def callback_of(payment: BankPayment) -> dict[str, str]:
    """What the browser posts back; the bank changes the case of names as it pleases."""
    is_paid = payment.outcome == "paid"
    fields: dict[str, object] = {
        "OrderId": payment.order_id,
        "token": payment.reference,
        "ResCode": SUCCESS if is_paid else -1,
        "SwitchResCode": 0 if is_paid else 51,
    }
    if is_paid:
        fields |= {"HashedCardNo": payment.card_hash, "primaryAccNo": payment.card_pan}
    return {name: str(value) for name, value in fields.items()}
