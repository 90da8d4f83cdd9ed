"""The table of a run, and the machine it was taken on."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Measurement:
    """``value`` against ``target``: at least it, or at most it when ``at_most``."""

    what: str
    value: float
    unit: str
    target: float | None = None
    at_most: bool = False
    detail: str = ""

    @property
    def holds(self) -> bool | None:
        if self.target is None:
            return None
        return self.value <= self.target if self.at_most else self.value >= self.target


def machine() -> dict[str, object]:
    """What the figures were taken on; nothing that names the host."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def stolen_since(before: Any) -> str:
    """The share of the time the cores were wanted that other machines had them; ``before`` is of psutil."""
    now = psutil.cpu_times()
    idle = (now.idle - before.idle) + (getattr(now, "iowait", 0) - getattr(before, "iowait", 0))
    stolen = getattr(now, "steal", 0) - getattr(before, "steal", 0)
    return f"{stolen / max(sum(now) - sum(before) - idle, 1):.0%}"


def write(measurements: list[Measurement], suites: list[str], stolen: str) -> str:
    """Writes JSON and Markdown under ``bench/results``; the Markdown."""
    taken = datetime.now(UTC)
    described = machine() | {"stolen": stolen}
    table = _table(measurements, described, taken)
    RESULTS.mkdir(exist_ok=True)
    stem = RESULTS / f"{taken:%Y-%m-%dT%H%M%S}-{'-'.join(suites)}"
    record = {
        "taken_at": taken.isoformat(timespec="seconds"),
        "machine": described,
        "measurements": [asdict(measurement) | {"holds": measurement.holds} for measurement in measurements],
    }
    stem.with_suffix(".json").write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    stem.with_suffix(".md").write_text(table)
    return table


def _table(measurements: list[Measurement], described: dict[str, object], taken: datetime) -> str:
    lines = [
        f"# Measured {taken:%Y-%m-%d %H:%M} UTC",
        "",
        ", ".join(f"{key} {value}" for key, value in described.items()),
        "",
        "| what | measured | wanted | holds | detail |",
        "| --- | --- | --- | --- | --- |",
        *(_row(measurement) for measurement in measurements),
    ]
    return "\n".join(lines) + "\n"


def _row(measurement: Measurement) -> str:
    sign = "≤" if measurement.at_most else "≥"
    wanted = f"{sign} {measurement.target:g}" if measurement.target is not None else ""
    holds = {True: "yes", False: "no", None: ""}[measurement.holds]
    value = f"{measurement.value:,.2f} {measurement.unit}".strip()
    return f"| {measurement.what} | {value} | {wanted} | {holds} | {measurement.detail} |"
