"""From published rules to what is computed by them."""

from typing import Any

from sales.draws.allocation import ClassRules
from sales.draws.computing import Rules


def computable(rules: dict[str, Any]) -> Rules:
    """The quotas, reserves and offerings of a rules document."""
    offerings = rules["offerings"]
    return Rules(
        [
            ClassRules(
                [offering["quotas"][index] for offering in offerings],
                [offering["reserves"][index] for offering in offerings],
                one["hand_on"] - 1 if one["hand_on"] is not None else None,
            )
            for index, one in enumerate(rules["classes"])
        ],
        [offering["offering_id"] for offering in offerings],
    )
