"""The alerts about the ledger ask for metrics that exist."""

import re
from pathlib import Path

import yaml

from payment.ledger import jobs

RULES = Path(__file__).parents[3] / "deploy/prometheus/ledger.rules.yml"


def test_every_alert_asks_for_a_metric_of_the_ledger_and_says_what_to_do():
    [group] = yaml.safe_load(RULES.read_text())["groups"]
    known = {jobs.DIFFERENCE, jobs.UNBALANCED, jobs.BILLS_DIFFERENCE, jobs.CHECKED_AT}
    asked = {name for rule in group["rules"] for name in re.findall(r"payment_ledger_\w+", rule["expr"])}
    assert asked == {gauge._name for gauge in known}
    for rule in group["rules"]:
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert {"summary", "runbook"} <= rule["annotations"].keys()
