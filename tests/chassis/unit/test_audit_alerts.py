"""The alerts about the audit trail ask for metrics that exist."""

import re
from pathlib import Path

import yaml

from chassis.audit import linking

RULES = Path(__file__).parents[3] / "deploy/prometheus/audit.rules.yml"


def test_every_alert_asks_for_a_metric_of_the_audit_trail_and_says_what_to_do() -> None:
    [group] = yaml.safe_load(RULES.read_text())["groups"]
    known = {linking.HEAD._name, linking.OLDEST._name}
    asked = {name for rule in group["rules"] for name in re.findall(r"audit_\w+", rule["expr"])}
    assert asked == known
    for rule in group["rules"]:
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert {"summary", "runbook"} <= rule["annotations"].keys()
