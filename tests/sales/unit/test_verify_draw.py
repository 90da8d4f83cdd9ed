"""The published program agrees with the service, and finds every cheat."""

import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.draws import computing, merkle, verify_draw
from sales.draws.computing import EntriesChanged, Files
from sales.draws.documents import (
    Commitment,
    DrawnClass,
    DrawnOffering,
    DrawRules,
    rules_document,
    seed_document,
)
from sales.draws.formats import canonical, digest, entry_code, seed_of
from sales.draws.publishing import computable
from sales.draws.recipe import Recipe

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET, REVEAL = b"o" * 32, b"w" * 32
PLAN = UUID("0192f0c4-0000-7000-8000-000000000001")


def recipe() -> Recipe:
    until = NOON + timedelta(hours=2)
    source = {
        "name": "index",
        "alternatives": [{"name": n, "reading": n, "at": until} for n in ("tse", "drand")],
    }
    witness = {"name": "notary", "commitment": sha256(REVEAL).hexdigest()}
    silent = {"name": "consumers", "commitment": "ab" * 32}
    return Recipe.model_validate(
        {
            "witnesses": [witness, silent],
            "witnesses_until": until,
            "sources": [source],
            "abort_after": until + timedelta(days=1),
        }
    )


@dataclass
class Draw:
    """A draw in a folder; ``remake`` does again what is to be published after a step was tampered with."""

    folder: Path
    registry: list[bytes]
    rules: dict[str, Any]
    drawn: computing.Allocation
    salts: dict[str, str]

    def path(self, name: str) -> Path:
        return self.folder / name

    def edit(self, name: str, old: str, new: str) -> None:
        text = self.path(name).read_text()
        assert old in text
        self.path(name).write_text(text.replace(old, new, 1))

    def lines(self, name: str) -> list[str]:
        return self.path(name).read_text().splitlines(keepends=True)

    def write(self, name: str, lines: list[str]) -> None:
        self.path(name).write_text("".join(lines))

    def discrepancy(self) -> str | None:
        try:
            verify_draw.verify(self.folder)
        except verify_draw.Discrepancy as found:
            return str(found)
        return None


def wishes(chance: random.Random) -> str:
    """One to three of four cars, the best first."""
    return ".".join(map(str, chance.sample(range(1, 5), chance.randint(1, 3))))


def hold(folder: Path, seed: int = 1, entries: int = 60) -> Draw:
    """A draw of chance wishes, frozen and drawn by the service's own code."""
    chance = random.Random(seed)
    offerings = [
        DrawnOffering(
            uuid4(), f"car {n}", 9, [chance.randint(0, 4), chance.randint(0, 5)], [2, chance.randint(0, 3)]
        )
        for n in range(4)
    ]
    rules = DrawRules(
        PLAN, "C-1", "آذر", [DrawnClass("veterans", 2), DrawnClass("ordinary", None)], offerings, 3
    )
    salts = [chance.randbytes(16) for _ in range(entries)]
    registry = sorted(
        f"{entry_code(PLAN, salt).hex()},{chance.randint(1, 2)},{wishes(chance)};{uuid4()}\n".encode()
        for salt in salts
    )
    (folder / "registry").write_bytes(b"".join(registry))
    frozen = computing.freeze(folder / "registry", folder / "entries.txt")
    document = rules_document(rules, recipe())
    published = canonical(document)
    commitment = Commitment(PLAN, 1, NOON, digest(published), frozen, sha256(SECRET).hexdigest())
    committed = canonical(commitment.document())
    mixed = seed_of(digest(committed), SECRET, [REVEAL, bytes.fromhex("ab" * 32)], ["2,345,678"])
    witnesses: list[dict[str, Any]] = [
        {"name": "notary", "value": REVEAL.hex()},
        {"name": "consumers", "value": None},
    ]
    read: dict[str, Any] = {
        "name": "index",
        "alternative": 2,
        "value": "2,345,678",
        "evidence": "page 3",
        "unavailable": [{"alternative": 1, "evidence": "closed that day"}],
    }
    (folder / "rules.json").write_bytes(published)
    (folder / "commitment.json").write_bytes(committed)
    (folder / "seed.json").write_bytes(canonical(seed_document(PLAN, SECRET, witnesses, [read], mixed)))
    files = Files(folder / "registry", folder / "result.txt", folder / "rows", PLAN)
    drawn = computing.draw(files, computable(document), mixed, frozen.digests)
    return Draw(
        folder, registry, document, drawn, {entry_code(PLAN, salt).hex(): salt.hex() for salt in salts}
    )


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    return hold(tmp_path)


@given(st.integers(0, 10**9), st.integers(0, 40))
def test_the_program_agrees_with_the_service_whatever_was_wished(seed, entries):
    with TemporaryDirectory() as folder:
        assert hold(Path(folder), seed, entries).discrepancy() is None


def swap_ranks(draw: Draw) -> None:
    lines = draw.lines("result.txt")
    first, second = lines[0].split(","), lines[1].split(",")
    first[2], second[2] = second[2], first[2]
    draw.write("result.txt", [",".join(first), ",".join(second), *lines[2:]])


def give_another_car(draw: Draw) -> None:
    lines = draw.lines("result.txt")
    row = lines[0].split(",")
    row[4] = str(int(row[4]) % 4 + 1)
    draw.write("result.txt", [",".join(row), *lines[1:]])


def move_up_in_the_reserve(draw: Draw) -> None:
    lines = draw.lines("result.txt")
    at = next(n for n, line in enumerate(lines) if ",reserve," in line and line.endswith(",2\n"))
    lines[at] = lines[at].removesuffix(",2\n") + ",1\n"
    draw.write("result.txt", lines)


def reclassify(draw: Draw) -> None:
    lines = draw.lines("entries.txt")
    code, of_class, rest = lines[5].split(",")
    lines[5] = f"{code},{3 - int(of_class)},{rest}"
    draw.write("entries.txt", lines)


def slip_in_an_entry(draw: Draw) -> None:
    draw.write("entries.txt", sorted([*draw.lines("entries.txt"), f"{'ab' * 32},1,1\n"]))


def enter_twice(draw: Draw) -> None:
    first, *others = draw.lines("entries.txt")
    draw.write("entries.txt", [first, first.upper(), *others])


CHEATS = {
    "a wrong entry": (
        lambda d: d.edit("entries.txt", d.lines("entries.txt")[3][:64], "00" * 32),
        "entries.txt line 4",
    ),
    "an entry slipped in": (slip_in_an_entry, "61 entries, 60 committed"),
    "an entry twice": (enter_twice, "entries.txt line 2"),
    "a missing entry": (
        lambda d: d.write("entries.txt", d.lines("entries.txt")[:-1]),
        "59 entries, 60 committed",
    ),
    "a changed class": (reclassify, "the Merkle root is not the one committed to"),
    "swapped ranks": (swap_ranks, "result.txt line 1"),
    "another car": (give_another_car, "result.txt line 1"),
    "a place moved up in the reserve": (move_up_in_the_reserve, "result.txt line"),
    "a winner left out": (lambda d: d.write("result.txt", d.lines("result.txt")[1:]), "result.txt line 1"),
    "a winner added": (
        lambda d: d.write("result.txt", [*d.lines("result.txt"), "2,99,aa,selected,1,9\n"]),
        "more lines than the rules give",
    ),
    "another seed": (lambda d: d.edit("seed.json", '"seed":"', '"seed":"00'), "the seed does not follow"),
    "another secret": (
        lambda d: d.edit("seed.json", SECRET.hex(), "11" * 32),
        "secret is not the one committed to",
    ),
    "another reveal": (lambda d: d.edit("seed.json", REVEAL.hex(), "22" * 32), "witness notary revealed"),
    "another value of a source": (lambda d: d.edit("seed.json", "2,345,678", "2,345,679"), "does not follow"),
    "an alternative out of turn": (
        lambda d: d.edit("seed.json", '[{"alternative":1,"evidence":"closed that day"}]', "[]"),
        "out of the fixed order",
    ),
    "more quota": (
        lambda d: d.edit("rules.json", '"quotas":[', '"quotas":[1'),
        "not the rules that were committed to",
    ),
    "blanks in a document": (lambda d: d.edit("rules.json", ",", ", "), "not in canonical form"),
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_the_program_names_each_planted_cheat(draw, cheat):
    plant, named = CHEATS[cheat]
    plant(draw)
    assert named in (draw.discrepancy() or "nothing")


def test_quotas_above_the_capacity_are_named_even_when_they_were_committed_to(draw):
    offering = draw.rules["offerings"][0] | {"quotas": [5, 5]}
    with pytest.raises(verify_draw.Discrepancy, match="do not fit its capacity"):
        verify_draw.check_rules(draw.rules | {"offerings": [offering]})


def test_entries_that_changed_after_the_freeze_are_not_drawn(draw):
    frozen = computing.freeze(draw.path("registry"), draw.path("again"))
    changed = [draw.registry[0][:-38] + draw.registry[1][-38:], *draw.registry[1:]]
    draw.path("registry").write_bytes(b"".join(changed))
    with pytest.raises(EntriesChanged):
        computing.draw(
            Files(draw.path("registry"), draw.path("result"), draw.path("rows"), PLAN),
            computable(draw.rules),
            b"x" * 32,
            frozen.digests,
        )


def test_a_receipt_finds_its_entry_and_a_strangers_does_not(draw, capsys):
    code, salt = next(iter(draw.salts.items()))
    commitment = json.loads(draw.path("commitment.json").read_bytes())
    verify_draw.check_receipt({"entry_code": code, "salt": salt}, commitment, draw.folder)
    assert f"entries.txt: {code}," in capsys.readouterr().out
    with pytest.raises(verify_draw.Discrepancy, match="the salt does not make"):
        verify_draw.check_receipt({"entry_code": code, "salt": "00" * 16}, commitment, draw.folder)


@pytest.mark.parametrize("size", [1, 2, 3, 1023, 1024, 1025, 2500])
def test_every_proof_leads_to_the_root_and_to_no_other(size):
    lines = [f"line {n}".encode() for n in range(size)]
    blocks = [lines[at : at + merkle.BLOCK] for at in range(0, size, merkle.BLOCK)]
    roots = [merkle.block_root(block) for block in blocks]
    root = merkle.root(roots)
    assert root == verify_draw.merkle_root([merkle.leaf(line) for line in lines])
    for index in {0, size // 2, size - 1}:
        at, within = divmod(index, merkle.BLOCK)
        steps = [{"left": s.left, "hash": s.hash.hex()} for s in merkle.proof(blocks[at], within, roots, at)]
        verify_draw.check_proof({"line": lines[index].decode(), "steps": steps}, root.hex())
        with pytest.raises(verify_draw.Discrepancy):
            verify_draw.check_proof({"line": "another", "steps": steps}, root.hex())
