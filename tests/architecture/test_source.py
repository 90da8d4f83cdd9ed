"""How the source is written: in small pieces, silent, and about nobody."""

import ast
import re
from collections.abc import Iterator

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40

LONG_FILES: dict[str, str] = {
    "sales/draws/verify_draw.py": "one file, so that anybody can download, read and run it"
}
"""Files that may be longer, and why."""
LONG_FUNCTIONS: dict[str, str] = {"nobat/seed/plans.py:drafts": "a table of the demonstration's plans"}
PRINTING: dict[str, str] = {"nobat/running.py": "the command tells its user where the system is"}

LEVELS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log", "bind"})
PERSONAL = {
    "of a person": {"first_name", "last_name", "father_name", "full_name", "birth_date", "address", "email"},
    "numbers": {"national_code", "mobile", "phone", "sheba", "iban", "card", "pan", "postal_code"},
    "secrets": {"password", "new_password", "code", "otp", "pin", "token", "access_token", "refresh_token"},
    "keys": {"secret", "api_key", "authorization", "cookie"},
    "whatever is in it": {"body", "payload", "request", "form", "text", "message"},
}
NOT_PERSONAL: dict[tuple[str, str], str] = {}


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def logged(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls such as ``log.info(...)``."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="log" | "_log" | "logger" | "_logger"), attr=level)
            ):
                if level in LEVELS:
                    yield node


def names(call: ast.Call) -> Iterator[str]:
    for keyword in call.keywords:
        match keyword:
            case ast.keyword(arg="extra", value=ast.Dict(keys=keys)):
                yield from (str(key.value) for key in keys if isinstance(key, ast.Constant))
            case ast.keyword(arg=str(name)):
                yield name


def test_no_file_is_longer_than_a_few_screens(modules):
    lengths = {module.path: module.text.count("\n") for module in modules if module.path not in LONG_FILES}
    assert {path: length for path, length in lengths.items() if length > MAX_FILE_LINES} == {}


def test_no_function_is_longer_than_a_screen(modules):
    lengths = {
        f"{module.path}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for module in modules
        for function in functions(module.tree)
    }
    long = {name: length for name, length in lengths.items() if length > MAX_FUNCTION_LINES}
    assert {name: length for name, length in long.items() if name not in LONG_FUNCTIONS} == {}


def test_nothing_is_excused_that_need_not_be(modules):
    written = {module.path for module in modules}
    assert {path for path, _ in NOT_PERSONAL} | set(PRINTING) | set(LONG_FILES) <= written
    assert {name.partition(":")[0] for name in LONG_FUNCTIONS} <= written


def test_nothing_is_printed_or_left_in_a_debugger(modules):
    found = [
        module.at(node)
        for module in modules
        if module.path not in PRINTING
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"print", "breakpoint", "pprint"}
    ]
    assert found == []


def test_nothing_is_left_for_later(modules):
    later = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b", re.IGNORECASE)
    assert [module.path for module in modules if later.search(module.text)] == []


def test_no_log_names_personal_data(modules):
    personal = set().union(*PERSONAL.values())
    found = [
        f"{module.at(call)} {name}"
        for module in modules
        for call in logged(module.tree)
        for name in names(call)
        if name in personal and (module.path, name) not in NOT_PERSONAL
    ]
    assert found == []


def test_a_log_event_is_a_name_and_not_a_sentence_about_somebody(modules):
    found = []
    for module in modules:
        for call in logged(module.tree):
            match call.args:
                case [ast.Constant(value=str(event))] if re.fullmatch(r"[a-z_]+(\.[a-z_]+)*", event):
                    continue
                case [ast.JoinedStr(values=[ast.Constant(value=str(start)), ast.FormattedValue()])]:
                    if re.fullmatch(r"[a-z_]+(\.[a-z_]+)*\.", start):
                        continue
            found.append(module.at(call))
    assert found == []


def test_only_the_clock_knows_what_time_it_is(modules):
    """Rules take the time as an argument, so that they can be tested at any."""
    found = [
        module.at(node)
        for module in modules
        if module.path.endswith(("/domain.py", "/service.py"))
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today", "time"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date", "time"}
    ]
    assert found == []
