"""Documents that are written from the code."""

import json
from pathlib import Path
from typing import Any

import pytest

from events import REGISTRY
from nobat.generation import asyncapi
from nobat.generation.subscribers import listeners
from nobat.generation.writing import documents, stale, write

PROJECT = Path(__file__).parents[3]


def references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [found for value in node.values() for found in references(value)]
    if isinstance(node, list):
        return [found for value in node for found in references(value)]
    return []


def test_the_documents_in_the_project_are_up_to_date() -> None:
    assert stale(PROJECT) == []


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = asyncapi.document()
    for reference in references(document):
        target: Any = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]
        assert isinstance(target, dict)


def test_every_event_is_published_once_and_heard_by_somebody() -> None:
    assert listeners().keys() == REGISTRY.keys()
    actions = [operation["action"] for operation in asyncapi.document()["operations"].values()]
    assert actions.count("send") == len(REGISTRY)


def test_writing_brings_a_folder_up_to_date_and_removes_what_is_over(tmp_path: Path) -> None:
    over = tmp_path / "events/schemas/sales.order_forgotten.v1.json"
    over.parent.mkdir(parents=True)
    over.write_text("{}")

    assert set(write(tmp_path)) == {*documents(), over.relative_to(tmp_path)}

    assert stale(tmp_path) == []
    assert not over.exists()


def test_a_changed_document_is_found(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "docs/events.md").write_text("something else")
    assert stale(tmp_path) == [Path("docs/events.md")]


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_a_schema_names_its_event_and_requires_the_version(name: str) -> None:
    schema = json.loads(documents()[Path(f"events/schemas/{name}.json")])
    assert schema["$id"].endswith(name)
    assert "version" in schema["required"]
