"""Zohal's messages: ``{result, response_body: {data, message, error_code}}``, always HTTP 200."""

from fastapi import Response
from fastapi.responses import JSONResponse

from simulators.inquiries.register import Asked, Finding

DONE, TOKEN_NOT_ACTIVE, UNAVAILABLE = 1, 4, 5
NO_RESULT = 0
WRONG = {
    "national_code": "INVALID_NATIONAL_CODE",
    "mobile": "INVALID_MOBILE",
    "birth_date": "INVALID_BIRTH_DATE",
    "iban": "INVALID_IBAN",
}


def envelope(result: int, data: dict[str, object] | None = None, error_code: str | None = None) -> Response:
    message = "موفق" if result == DONE else "ناموفق"
    body = {"data": data or {}, "message": message, "error_code": error_code}
    return JSONResponse({"result": result, "response_body": body})


class ZohalWire:
    def found(self, asked: Asked, finding: Finding) -> Response:
        if asked.kind != "civil_registry":
            return envelope(DONE, {"matched": finding.matches})
        if "other_birth_date" in finding.oddities:
            return envelope(DONE, {"matched": False})
        if finding.first_name is None or finding.last_name is None:
            return envelope(UNAVAILABLE)
        dead = "dead" in finding.oddities
        person: dict[str, object] = {
            "matched": True,
            "first_name": f"{finding.first_name} ",
            "last_name": finding.last_name,
            "father_name": "",
            "alive": not dead,
            "is_dead": dead,
        }
        return envelope(DONE, person)

    def wrong(self, field: str) -> Response:
        return envelope(NO_RESULT, error_code=WRONG[field])

    def bank_down(self) -> Response:
        return envelope(NO_RESULT, error_code="BANK_NOT_AVAILABLE")

    def refusal(self, error: str) -> Response:
        """A number is a result, anything else an error code."""
        return envelope(int(error)) if error.isdigit() else envelope(NO_RESULT, error_code=error)

    def token_refused(self) -> Response:
        return envelope(TOKEN_NOT_ACTIVE)
