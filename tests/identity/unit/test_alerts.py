"""The alerts ask for metrics that exist, with labels that they have."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

from identity.limits import metrics
from identity.limits.allowance import ASKED_AGAIN
from identity.limits.domain import CODES_OF_A_MOBILE, CODES_OF_AN_ADDRESS

RULES = Path(__file__).parents[3] / "deploy/prometheus/codes.rules.yml"


@pytest.fixture(scope="module")
def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_every_alert_asks_for_a_metric_that_exists(alerts: list[dict[str, Any]]) -> None:
    known = {name for metric in REGISTRY.collect() for name in (metric.name, f"{metric.name}_total")}
    asked = {name for alert in alerts for name in re.findall(r"identity_\w+", alert["expr"])}
    assert asked == {"identity_sms_budget_used", "identity_sms_budget_limit", "identity_codes_total"}
    assert asked <= known


def test_an_alert_names_outcomes_that_there_are(alerts: list[dict[str, Any]]) -> None:
    outcomes = {quota.name for quota in (*CODES_OF_A_MOBILE, *CODES_OF_AN_ADDRESS)}
    (named,) = (found for alert in alerts for found in re.findall(r'outcome=~"([^"]+)"', alert["expr"]))
    assert set(named.split("|")) <= outcomes
    assert metrics.CODES._labelnames == ("purpose", "outcome")


def test_every_alert_says_how_bad_it_is_and_what_to_do(alerts: list[dict[str, Any]]) -> None:
    for alert in alerts:
        assert alert["labels"]["severity"] in {"warning", "critical"}
        assert {"summary", "runbook"} <= alert["annotations"].keys()


def test_who_is_asked_for_a_code_again_waits_whatever_the_purpose() -> None:
    assert {"login", "password_reset", "mobile_change"} == ASKED_AGAIN
