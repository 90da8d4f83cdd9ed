"""The chain as arithmetic: whatever is done to entries that are linked shows."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from chassis.audit.chain import START, StoredEntry, canonical, links

moments = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
entries = st.builds(
    StoredEntry,
    id=st.uuids(),
    at=moments,
    actor=st.none() | st.uuids(),
    subject=st.none() | st.uuids(),
    roles=st.lists(texts, max_size=3),
    action=texts,
    client=st.none() | texts,
    correlation_id=st.none() | texts,
    details=st.dictionaries(texts, texts, max_size=2).map(str),
)
trails = st.lists(entries, min_size=1, max_size=8, unique_by=lambda entry: entry.id)


@given(trails, st.data())
def test_a_chain_is_the_same_in_one_batch_or_in_many(trail: list[StoredEntry], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(trail)))
    first = list(links(trail[:cut]))
    head = (first[-1].sequence, first[-1].hash) if first else START
    assert [*first, *links(trail[cut:], head)] == list(links(trail))


@given(trails, entries, st.data())
def test_a_changed_entry_changes_its_link_and_every_later_one(
    trail: list[StoredEntry], other: StoredEntry, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(trail) - 1))
    field = data.draw(st.sampled_from(StoredEntry._fields))
    changed = trail[place]._replace(**{field: getattr(other, field)})
    assume(changed != trail[place])
    before, after = list(links(trail)), list(links([*trail[:place], changed, *trail[place + 1 :]]))
    same = [one.hash == two.hash for one, two in zip(before, after, strict=True)]
    assert same == [True] * place + [False] * (len(trail) - place)


@given(trails, st.data())
def test_removing_or_reordering_changes_every_later_link(
    trail: list[StoredEntry], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(trail) - 1))
    rest = [*trail[:place], *trail[place + 1 :]]
    moved = data.draw(st.integers(0, len(rest)))
    reordered = [*rest[:moved], trail[place], *rest[moved:]]
    hashes = [link.hash for link in links(trail)]
    assert not set(hashes[place:]) & {link.hash for link in links(rest)}
    assert (reordered == trail) == (list(links(reordered)) == list(links(trail)))


@given(entries, st.sampled_from([timedelta(0), timedelta(hours=3, minutes=30)]))
def test_an_entry_reads_the_same_in_every_time_zone(entry: StoredEntry, offset: timedelta) -> None:
    elsewhere = entry._replace(at=entry.at.astimezone(timezone(offset)))
    assert canonical(elsewhere) == canonical(entry)


@given(trails)
def test_sequences_count_from_one_without_a_gap(trail: list[StoredEntry]) -> None:
    sequences = [0, *(link.sequence for link in links(trail))]
    assert all(after == before + 1 for before, after in pairwise(sequences))
