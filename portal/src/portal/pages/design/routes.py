"""Every component on one page, for who builds pages and for who looks at them."""

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.visit import Visitor

router = APIRouter()


@router.get("/design")
async def design(visit: Visitor) -> Response:
    wrong = Form(
        typed={"first_name": "مریم", "mobile": "۰۹۱۲۳۴۵"},
        errors={
            "mobile": "شماره همراه باید یازده رقم باشد و با ۰۹ شروع شود.",
            "province": "این خانه لازم است.",
        },
    )
    return visit.page("design/index.html", wrong=wrong)
