"""Every action that a service writes into its trail has words on the desk."""

import ast
import re
from pathlib import Path
from typing import get_args

import sales.app
import sales.draws.trail
import sales.voice.trail
from portal.pages.desk_money.trail_links import PAGES, PAGES_OF
from portal.pages.desk_money.trail_words import ACTIONS, DETAILS
from sales.deeds import Deeds

SERVICES = Path(__file__).parents[3] / "services"
NAMED = re.compile(r'(log\.\w+\(\s*)?"((?:identity|sales|payment|notify)\.[a-z_]+\.[a-z_]+)"')
"""A dotted name of three parts is an action, unless it is logged."""


def test_every_action_that_is_written_has_words():
    texts = [file.read_text() for file in SERVICES.glob("*/src/**/*.py")]
    found = {name for text in texts for logged, name in NAMED.findall(text) if not logged}
    assert "payment.statement.viewed" in found
    assert sorted(found - set(ACTIONS)) == []


def test_every_deed_of_sales_has_words():
    deeds = {
        f"sales.{kind.kind}.{deed}"
        for kind in Deeds.__subclasses__()
        for deed in get_args(get_args(vars(kind)["__orig_bases__"][0])[2])
    }
    deeds |= {f"sales.complaint.{deed}" for deed in get_args(sales.voice.trail.Deed)}
    deeds |= {f"sales.draw.{deed}" for deed in get_args(sales.draws.trail.Deed)}
    assert "sales.plan.published" in deeds
    assert sorted(deeds - set(ACTIONS)) == []


def test_every_detail_that_is_written_has_words():
    calls = [
        keyword.value
        for file in SERVICES.glob("*/src/**/*.py")
        for keyword in ast.walk(ast.parse(file.read_text()))
        if isinstance(keyword, ast.keyword) and keyword.arg == "details"
    ]
    written = [node for call in calls for node in ast.walk(call) if isinstance(node, ast.Dict)]
    names = {key.value for one in written for key in one.keys if isinstance(key, ast.Constant)}
    assert "reconciliation_id" in names
    assert names - set(DETAILS) - set(PAGES) - {name for _, name in PAGES_OF} == set()
