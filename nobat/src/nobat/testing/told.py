"""What each client was told, written down as it happens: the client's side of the books."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One answer, the last one of a request that had to be repeated."""

    customer_id: str
    method: str
    path: str
    status: int
    sent: Json = field(default_factory=dict)
    key: str | None = None
    body: Json = field(default_factory=dict)


class ClientLedger:
    """Every answer in the order it came; ``file`` gets a line for each, so a killed test leaves them."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.answers: list[Told] = []

    def note(self, told: Told) -> None:
        self.answers.append(told)
        with self._file.open("a") as lines:
            lines.write(json.dumps(asdict(told), ensure_ascii=False) + "\n")

    def of(self, method: str, prefix: str, status: int | None = None) -> list[Told]:
        """Answers to requests whose path begins with ``prefix``."""
        return [told for told in self._matching(method, prefix) if status in {None, told.status}]

    def _matching(self, method: str, prefix: str) -> Iterable[Told]:
        return (told for told in self.answers if told.method == method and told.path.startswith(prefix))
