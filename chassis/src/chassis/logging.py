"""JSON lines on standard output, one event each, without personal data."""

import logging
import re
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

from chassis import telemetry

_PERSONAL = (
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), "[token]"),
    (re.compile(r"\bIR\d{24}\b"), "[sheba]"),
    (re.compile(r"(?<![\w-])(?:\+98|0098|0)9\d{9}(?![\w-])"), "[mobile]"),
    (re.compile(r"(?<![\w-])\d{16}(?![\w-])"), "[card]"),
    (re.compile(r"(?<![\w.-])\d{10}(?![\w.-])"), "[national code]"),
)


def redact(text: str) -> str:
    """``text`` with everything that looks like personal data or a token replaced by its kind."""
    for pattern, kind in _PERSONAL:
        text = pattern.sub(kind, text)
    return text


def _redact_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if isinstance(value, str) and key != "timestamp":
            event[key] = redact(value)
    return event


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
        _redact_values,
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
                structlog.processors.JSONRenderer(ensure_ascii=False),
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
