"""Jibit's messages: a flat object, or ``{code, message}`` for an error."""

from fastapi import Response
from fastapi.responses import JSONResponse

from simulators.inquiries.register import Asked, Finding

WRONG = {
    "national_code": "nationalCode.not_valid",
    "mobile": "mobileNumber.not_valid",
    "birth_date": "birthDate.not_valid",
    "iban": "iban.not_valid",
}


def error(status: int, code: str) -> Response:
    return JSONResponse({"code": code, "message": code}, status)


class JibitWire:
    def found(self, asked: Asked, finding: Finding) -> Response:
        if asked.kind != "civil_registry":
            return JSONResponse({"matched": finding.matches})
        if "other_birth_date" in finding.oddities:
            return error(404, "identity_info.not_found")
        first, last = finding.likeness(asked)
        return JSONResponse(
            {
                "firstNameSimilarityPercentage": first,
                "lastNameSimilarityPercentage": last,
                "fullNameSimilarityPercentage": (first + last) // 2,
                "alive": "dead" not in finding.oddities,
            }
        )

    def wrong(self, field: str) -> Response:
        return error(400, WRONG[field])

    def bank_down(self) -> Response:
        return error(400, "iban.source_bank_is_not_active")

    def refusal(self, error_code: str) -> Response:
        return error(400, error_code)

    def token_refused(self) -> Response:
        return error(403, "forbidden")
