"""Days that people send have bounds: a year that calendars do not know would stop whoever reads it later."""

import ast
from collections.abc import Iterator

UNBOUNDED = {"date", "datetime", "AwareDatetime"}
HTTP = {"get", "post", "put", "patch", "delete"}
ASKED_BY_PEOPLE = ("identity/", "sales/", "payment/", "notify/", "gateway/", "chassis/audit/")


def requests(tree: ast.Module) -> Iterator[ast.ClassDef]:
    """Models that refuse fields they do not know, by themselves or by a private base: what is sent, not what
    is answered."""
    models = [one for one in ast.walk(tree) if isinstance(one, ast.ClassDef)]
    strict = {one.name for one in models if any("extra='forbid'" in ast.unparse(line) for line in one.body)}
    for one in models:
        bases = {ast.unparse(base) for base in one.bases}
        if strict & {one.name, *(base for base in bases if base.startswith("_"))}:
            yield one


def asked(tree: ast.Module) -> Iterator[tuple[ast.stmt | ast.expr, ast.expr]]:
    """Where, and the types of fields and of parameters of routes."""
    for model in requests(tree):
        yield from ((line, line.annotation) for line in model.body if isinstance(line, ast.AnnAssign))
    for route in ast.walk(tree):
        if isinstance(route, ast.AsyncFunctionDef) and any(map(is_route, route.decorator_list)):
            yield from ((route, one.annotation) for one in route.args.args if one.annotation)


def is_route(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Attribute) and called.attr in HTTP


def test_no_request_has_a_day_without_bounds(modules):
    found = [
        (module.at(place), ast.unparse(kind))
        for module in modules
        if module.path.startswith(ASKED_BY_PEOPLE)
        for place, kind in asked(module.tree)
    ]
    assert any("Day" in kind for _, kind in found)
    assert [
        (place, kind)
        for place, kind in found
        if {name.id for name in ast.walk(ast.parse(kind)) if isinstance(name, ast.Name)} & UNBOUNDED
    ] == []
