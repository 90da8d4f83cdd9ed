"""The cars of a plan, as a field offers them."""

from collections.abc import Mapping
from typing import Any


def cars_of(plan: Mapping[str, Any]) -> dict[str, str]:
    """Model and trim by the offering's id."""
    return {car["offering_id"]: f"{car['model']} {car['trim']}" for car in plan["offerings"]}
