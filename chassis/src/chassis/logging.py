"""JSON lines on standard output, one event each, without personal data."""

import json
import logging
import re
import sys
from collections.abc import Mapping, Set
from typing import Any
from uuid import UUID

import structlog
from structlog.typing import EventDict, WrappedLogger

from chassis import telemetry

_ALONE, _ENDS = r"(?<![\dA-Za-z])", r"(?![\dA-Za-z])"
_TRUNK = r"(?:(?:\+|[0۰٠]{2})?[9۹٩][8۸٨][ -]?|[0۰٠])"
_PERSONAL = re.compile(
    "|".join(
        (
            r"(?P<identifier>\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b00-[0-9a-f]{32}-[0-9a-f]{16}-)",
            r"(?P<token>\beyJ[\w-]+\.[\w-]+\.[\w-]*)",
            rf"(?P<sheba>{_ALONE}(?i:IR)[ -]?\d\d(?:[ -]?\d{{4}}){{5}}[ -]?\d\d{_ENDS})",
            rf"(?P<mobile>{_ALONE}{_TRUNK}[9۹٩]\d\d[ -]?\d{{3}}[ -]?\d{{4}}{_ENDS})",
            rf"(?P<card>{_ALONE}\d{{4}}(?:[ -]?\d{{4}}){{3}}{_ENDS})",
            rf"(?P<national_code>{_ALONE}(?<!\d\.)\d{{3}}-?\d{{6}}-?\d{_ENDS}(?!\.\d))",
            r"(?P<row>DETAIL:(?s:.*?)(?=\n(?:HINT|\[SQL|\n|The above|During)|\Z))",
        )
    )
)
"""An identifier (UUID, trace) stays, whatever its digits; ``row`` is the one that PostgreSQL refused."""


def redact(text: str) -> str:
    """``text`` with everything that looks like personal data or a token replaced by its kind."""
    return _PERSONAL.sub(_kind, text)


def _kind(found: re.Match[str]) -> str:
    kind = str(found.lastgroup)
    return found[0] if kind == "identifier" else f"[{kind.replace('_', ' ')}]"


def redacted(value: Any) -> Any:
    """A JSON value with ``redact`` applied to every text in it, keys included."""
    match value:
        case None | bool() | int() | float():
            return value
        case Mapping():
            return {redact(str(key)): redacted(member) for key, member in value.items()}
        case list() | tuple() | Set():
            return [redacted(member) for member in value]
        case UUID():
            return str(value)
        case _:
            return redact(str(value))


def _redact_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {key: value if key == "timestamp" else redacted(value) for key, value in event.items()}


_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What ends a line, commands a terminal or turns the reading direction, and JSON lets pass unescaped."""


def _line(event: EventDict, **_: Any) -> str:
    """One line of JSON, which stays what it is in every viewer; a lone surrogate stays escaped."""
    text = json.dumps(event, ensure_ascii=False).encode(errors="backslashreplace").decode()
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _add_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    if parent := telemetry.traceparent.get():
        event["trace_id"] = telemetry.trace_id(parent)
    if correlation := telemetry.correlation_id.get():
        event["correlation_id"] = correlation
    return event


def configure(service: str, level: str = "INFO") -> None:
    """Sends structlog and the standard library's loggers through one JSON renderer."""

    def add_service(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event.setdefault("service", service)
        return event

    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_service,
        _add_trace,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.PositionalArgumentsFormatter(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _redact_values,
                structlog.processors.JSONRenderer(serializer=_line),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in ("uvicorn.access", "aiormq", "aio_pika", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger
