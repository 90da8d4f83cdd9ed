#!/usr/bin/env python3
"""Checks a draw from its published files, on anybody's machine, with nothing but Python 3.10 or newer.

    python verify_draw.py FOLDER                           everything, from the files in FOLDER
    python verify_draw.py FOLDER --receipt receipt.json    and that this receipt's entry took part
    python verify_draw.py FOLDER --proof proof.json        only that this entry was committed to

FOLDER holds rules.json, commitment.json, seed.json, entries.txt and result.txt, as downloaded; for
--proof, commitment.json is enough. A receipt is {"entry_code": ..., "salt": ...} from the order's details.
Ends with 0 when everything agrees, with 1 and the first discrepancy when something does not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

FORMAT = "nobat-draw-1"
CHUNK = 1 << 16
CODE = 64
Document = dict[str, Any]
sha256 = hashlib.sha256


class Discrepancy(Exception):
    """The first thing that does not agree."""


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def expect(holds: object, message: str) -> None:
    if not holds:
        raise Discrepancy(message)


def read_document(folder: Path, name: str) -> tuple[Document, str]:
    """The document and its digest; its bytes must be the canonical ones."""
    content = (folder / name).read_bytes()
    document: Document = json.loads(content)
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    expect(content == text.encode() + b"\n", f"{name}: not in canonical form")
    expect(document.get("format") == FORMAT, f"{name}: the format is not {FORMAT}")
    return document, sha256(content).hexdigest()


# --- the Merkle tree: RFC 6962, section 2.1


def merkle_root(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return sha256(b"").digest()
    while len(hashes) > 1:
        rest = [hashes[-1]] if len(hashes) % 2 else []
        pairs = zip(hashes[::2], hashes[1::2], strict=False)
        hashes = [sha256(b"\x01" + left + right).digest() for left, right in pairs] + rest
    return hashes[0]


def check_proof(proof: Document, root: str) -> None:
    """Climbs from the line to the root."""
    reached = sha256(b"\x00" + proof["line"].encode()).digest()
    for step in proof["steps"]:
        neighbour = bytes.fromhex(step["hash"])
        reached = sha256(b"\x01" + (neighbour + reached if step["left"] else reached + neighbour)).digest()
    expect(reached.hex() == root, "proof: does not lead to the committed Merkle root")


# --- the seed


def check_seed(seed_file: Document, rules: Document, commitment: Document, commitment_digest: str) -> bytes:
    """The seed, made anew of all its parts."""
    secret = bytes.fromhex(seed_file["operator_secret"])
    expect(
        sha256(secret).hexdigest() == commitment["operator_commitment"],
        "seed.json: the operator's secret is not the one committed to",
    )
    parts = [bytes.fromhex(commitment_digest), secret]
    parts += witnesses_parts(seed_file["witnesses"], rules["witnesses"])
    parts += sources_parts(seed_file["sources"], rules["sources"])
    mixed = sha256(b"nobat.draw.seed.v1\0")
    for part in parts:
        mixed.update(struct.pack(">Q", len(part)) + part)
    expect(mixed.hexdigest() == seed_file["seed"], "seed.json: the seed does not follow from its parts")
    return mixed.digest()


def witnesses_parts(revealed: list[Document], named: list[Document]) -> Iterator[bytes]:
    """A witness that revealed nothing stands in with the commitment itself."""
    expect([one["name"] for one in revealed] == [one["name"] for one in named], "seed.json: other witnesses")
    for reveal, witness in zip(revealed, named, strict=True):
        if reveal["value"] is None:
            yield bytes.fromhex(witness["commitment"])
            continue
        value = bytes.fromhex(reveal["value"])
        agrees = sha256(value).hexdigest() == witness["commitment"]
        expect(agrees, f"seed.json: witness {witness['name']} revealed something else than committed to")
        yield value


def sources_parts(read: list[Document], named: list[Document]) -> Iterator[bytes]:
    """Alternatives are used in their order: all before the one that was read must have been unavailable."""
    expect([one["name"] for one in read] == [one["name"] for one in named], "seed.json: other sources")
    for reading, source in zip(read, named, strict=True):
        used = reading["alternative"]
        expect(0 < used <= len(source["alternatives"]), f"seed.json: {source['name']}: no such alternative")
        passed = [one["alternative"] for one in reading["unavailable"]]
        expect(passed == list(range(1, used)), f"seed.json: {source['name']}: out of the fixed order")
        yield reading["value"].encode()


# --- the entries


def ranking(seed: bytes) -> Callable[[bytes], bytes]:
    """HMAC-SHA256 (RFC 2104) of the seed, with the blocks of the key hashed once."""
    key = seed + bytes(64 - len(seed))
    inner_copy = sha256(bytes(b ^ 0x36 for b in key)).copy
    outer_copy = sha256(bytes(b ^ 0x5C for b in key)).copy

    def rank(code: bytes) -> bytes:
        inner, outer = inner_copy(), outer_copy()
        inner.update(code)
        outer.update(inner.digest())
        return outer.digest()

    return rank


def read_entries(path: Path, rules: Document, seed: bytes, commitment: Document) -> list[list[bytes]]:
    """For each class its entries in the order of their ranks, as rank + code + choices (2 bytes each)."""
    entries: list[list[bytes]] = [[] for _ in rules["classes"]]
    reader, whole, roots, count = EntryReader(rules, seed), sha256(), list[bytes](), 0
    with path.open("rb") as lines:
        for chunk in iter(lambda: list(islice(lines, CHUNK)), []):
            whole.update(b"".join(chunk))
            expect(chunk[-1][-1:] == b"\n", "entries.txt: the last line is not ended")
            roots.append(merkle_root([sha256(b"\0" + line[:-1]).digest() for line in chunk]))
            reader.read(chunk, count, entries)
            count += len(chunk)
    check_commitment(commitment, count, whole.hexdigest(), merkle_root(roots).hex())
    for of_class in entries:
        of_class.sort()
    return entries


def check_commitment(commitment: Document, count: int, digest: str, root: str) -> None:
    expect(count == commitment["entries"], f"entries.txt: {count} entries, {commitment['entries']} committed")
    expect(root == commitment["merkle_root"], "entries.txt: the Merkle root is not the one committed to")
    expect(digest == commitment["entries_sha256"], "entries.txt: not the file that was committed to")


class EntryReader:
    """Reads lines ``code,class,choice.choice`` and refuses every other form."""

    def __init__(self, rules: Document, seed: bytes) -> None:
        self.classes = {str(n + 1).encode(): n for n in range(len(rules["classes"]))}
        offerings = range(len(rules["offerings"]))
        self.offerings = {str(n + 1).encode(): struct.pack(">H", n) for n in offerings}
        self.most: int = rules["max_choices"]
        self.rank = ranking(seed)
        self.before = b""

    def read(self, lines: list[bytes], done: int, entries: list[list[bytes]]) -> None:
        """Adds the lines to ``entries`` by class; ``done`` counts the lines before them."""
        classes, offerings, most, rank, before = (
            self.classes,
            self.offerings,
            self.most,
            self.rank,
            self.before,
        )
        for number, line in enumerate(lines, done + 1):
            try:
                text, of_class, choices = line[:-1].split(b",")
                code, class_number = bytes.fromhex(text.decode()), classes[of_class]
                named = choices.split(b".")
                packed = b"".join([offerings[one] for one in named])
            except (KeyError, ValueError):
                raise Discrepancy(f"entries.txt line {number}: not an entry") from None
            if len(text) != CODE or len(named) > most or len(set(named)) != len(named):
                raise Discrepancy(f"entries.txt line {number}: not an entry")
            if code <= before:
                raise Discrepancy(f"entries.txt line {number}: not in ascending order of the codes")
            before = code
            entries[class_number].append(rank(code) + code + packed)
        self.before = before


# --- the allocation


def check_rules(rules: Document) -> None:
    """No offering promises more cars than it has, and leftovers go forward only."""
    classes = rules["classes"]
    for number, one in enumerate(classes, 1):
        onward = one["hand_on"]
        expect(onward is None or number < onward <= len(classes), "rules.json: a class hands on backwards")
    for offering in rules["offerings"]:
        quotas = offering["quotas"]
        fits = len(quotas) == len(offering["reserves"]) == len(classes) and min(quotas) >= 0
        expect(
            fits and sum(quotas) <= offering["capacity"],
            f"rules.json: the quotas of {offering['offering_id']} do not fit its capacity",
        )


def allocation(rules: Document, entries: list[list[bytes]]) -> Iterator[bytes]:
    """The lines of the result, as the rules make them."""
    offerings = rules["offerings"]
    handed: dict[tuple[int, int], int] = {}
    for c, of_class in enumerate(rules["classes"]):
        total = [offering["quotas"][c] + handed.get((c, o), 0) for o, offering in enumerate(offerings)]
        reserve = [offering["reserves"][c] for offering in offerings]
        used = [0] * len(total)
        for rank, code, place in served(entries[c], total, reserve, used):
            outcome, offering, position = place
            yield f"{c + 1},{rank},{code},{outcome},{offering + 1},{position}\n".encode()
        if of_class["hand_on"] is not None:
            for o, cars in enumerate(total):
                onward = (of_class["hand_on"] - 1, o)
                handed[onward] = handed.get(onward, 0) + cars - used[o]


Place = tuple[str, int, int]


def served(
    entries: list[bytes], total: list[int], reserve: list[int], used: list[int]
) -> Iterator[tuple[int, str, Place]]:
    """In the order of the ranks: a car of the first choice that has one, or else a place in a reserve."""
    waiting = [0] * len(reserve)
    free = sum(total) + sum(reserve)
    unpack = {CODE + 2 * n: struct.Struct(f">{n}H").unpack_from for n in range(len(total) + 1)}
    for rank, key in enumerate(entries, 1):
        if free == 0:
            return
        wanted = unpack[len(key)](key, CODE)
        place = first_free(wanted, used, total, "selected") or first_free(wanted, waiting, reserve, "reserve")
        if place:
            free -= 1
            yield rank, key[32:CODE].hex(), place


def first_free(wanted: Sequence[int], used: list[int], total: list[int], outcome: str) -> Place | None:
    for offering in wanted:
        if used[offering] < total[offering]:
            used[offering] += 1
            return outcome, offering, used[offering]
    return None


def check_result(path: Path, expected: Iterator[bytes]) -> dict[bytes, int]:
    counted = {b"selected": 0, b"reserve": 0}
    with path.open("rb") as lines:
        for number, line in enumerate(expected, 1):
            found = lines.readline()
            expect(
                found == line,
                f"result.txt line {number}: the rules give {line.decode().strip()!r}, the file says "
                f"{found.decode(errors='replace').strip()!r}",
            )
            counted[line.split(b",")[3]] += 1
        expect(not lines.readline(), "result.txt: more lines than the rules give")
    return counted


# --- one person's receipt


def check_receipt(receipt: Document, commitment: Document, folder: Path) -> None:
    """The salt makes the code, and the code is among the entries; its line."""
    plan = bytes.fromhex(commitment["plan_id"].replace("-", ""))
    code = sha256(b"nobat.draw.entry.v1\0" + plan + bytes.fromhex(receipt["salt"])).hexdigest()
    expect(code == receipt["entry_code"], "receipt: the salt does not make the entry code")
    for name in ("entries.txt", "result.txt"):
        with (folder / name).open() as lines:
            found = next((line.strip() for line in lines if code in line), None)
        expect(found or name != "entries.txt", "receipt: this entry is not among the entries")
        say(f"{name}: {found or 'neither selected nor in reserve'}")


def verify(folder: Path) -> None:
    rules, rules_digest = read_document(folder, "rules.json")
    commitment, commitment_digest = read_document(folder, "commitment.json")
    seed_file, _ = read_document(folder, "seed.json")
    expect(rules_digest == commitment["rules_sha256"], "rules.json: not the rules that were committed to")
    check_rules(rules)
    seed = check_seed(seed_file, rules, commitment, commitment_digest)
    entries = read_entries(folder / "entries.txt", rules, seed, commitment)
    counted = check_result(folder / "result.txt", allocation(rules, entries))
    own = sha256(Path(__file__).read_bytes()).hexdigest()
    if own != commitment["verifier_sha256"]:
        say("note: this program is not the very file that was committed to")
    say(f"commitment: {commitment_digest}")
    say(f"{commitment['entries']} entries, {counted[b'selected']} selected, {counted[b'reserve']} in reserve")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--receipt", type=Path)
    parser.add_argument("--proof", type=Path)
    chosen = parser.parse_args()
    try:
        commitment, _ = read_document(chosen.folder, "commitment.json")
        if chosen.proof:
            check_proof(json.loads(chosen.proof.read_bytes()), commitment["merkle_root"])
        else:
            verify(chosen.folder)
        if chosen.receipt:
            check_receipt(json.loads(chosen.receipt.read_bytes()), commitment, chosen.folder)
    except Discrepancy as discrepancy:
        say(f"DISCREPANCY: {discrepancy}")
        return 1
    except (OSError, ValueError, KeyError, TypeError) as error:
        say(f"DISCREPANCY: a file is missing or damaged: {error!r}")
        return 1
    say("everything agrees")
    return 0


if __name__ == "__main__":
    sys.exit(main())
