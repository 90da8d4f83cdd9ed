"""Searching the dealerships; the answer is an address that can be kept."""

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.visit import Visitor

router = APIRouter()

FIELDS = ("province", "city", "q")
WEEK = ("saturday", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday")


@router.get("/dealerships")
async def search(visit: Visitor) -> Response:
    query = visit.request.query_params
    form = Form(typed={name: value for name in FIELDS if (value := query.get(name, "").strip())})
    found = None
    if form.typed:
        try:
            found = (await visit.get("/dealerships", form.typed))["items"]
        except Refused as refusal:
            form.refused(refusal)
            found = []
    return visit.page("dealerships/index.html", form=form, found=found, week=WEEK, shared=True)
