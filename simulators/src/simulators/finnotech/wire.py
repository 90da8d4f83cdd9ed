"""Finnotech's messages: ``{trackId, result, status}``, and a failure's ``responseCode`` and ``error``."""

from dataclasses import dataclass

from fastapi import Response
from fastapi.responses import JSONResponse

from simulators.inquiries.register import Asked, Finding

WRONG = {
    "mobile": (400, "FN-MGFH-40000030057", "شماره موبایل نامعتبر است"),
    "national_code": (400, "FN-OHKZ-40003810019", "کد ملی یا تاریخ تولد اشتباه است"),
    "birth_date": (400, "FN-OHKZ-40003810020", "invalid birthdate"),
    "iban": (400, "FN-FYJT-40000140301", "شماره شبا اشتباه است"),
}
NOT_FOUND = (400, "FN-OHKZ-40003810019", "کد ملی یا تاریخ تولد اشتباه است")
BANK_DOWN = (500, "FN-FYJT-50000140367", "بانک در دسترس نیست")


def failed(status: int, track_id: str, code: str, message: str, response_code: str = "") -> Response:
    body: dict[str, object] = {
        "trackId": track_id,
        "status": "FAILED",
        "error": {"code": code, "message": message},
    }
    return JSONResponse(body | ({"responseCode": response_code} if response_code else {}), status)


@dataclass(frozen=True)
class FinnotechWire:
    track_id: str

    def found(self, asked: Asked, finding: Finding) -> Response:
        if asked.kind == "mobile_owner":
            return self._done({"isValid": finding.matches})
        if asked.kind == "iban_owner":
            return self._done({"isValid": "yes" if finding.matches else "no"})
        if "other_birth_date" in finding.oddities:
            return self._failed(*NOT_FOUND)
        first, last = finding.likeness(asked)
        person = {
            "nationalCode": asked.national_code,
            "birthDate": asked.birth_date,
            "firstName": finding.first_name or "",
            "firstNameSimilarity": first,
            "lastName": finding.last_name or "",
            "lastNameSimilarity": last,
            "fullNameSimilarity": (first + last) // 2,
            "deathStatus": "فوت شده" if "dead" in finding.oddities else "زنده",
        }
        return self._done(person)

    def wrong(self, field: str) -> Response:
        return self._failed(*WRONG[field])

    def bank_down(self) -> Response:
        return self._failed(*BANK_DOWN)

    def refusal(self, error: str) -> Response:
        return self._failed(400, error, "عملیات ناموفق بود")

    def token_refused(self) -> Response:
        return failed(403, self.track_id, "VALIDATION_ERROR", "invalid token")

    def _done(self, result: dict[str, object]) -> Response:
        return JSONResponse({"trackId": self.track_id, "result": result, "status": "DONE"})

    def _failed(self, status: int, response_code: str, message: str) -> Response:
        return failed(status, self.track_id, "SERVICE_CALL_ERROR", message, response_code)
