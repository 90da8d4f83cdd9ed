"""New versions of templates."""

import pytest

from notify.templates import service
from notify.templates.domain import InvalidTemplate
from notify.templates.tables import Template


@pytest.fixture
async def session(notify):
    """A transaction that leaves nothing behind."""
    async with notify.database.transaction() as session:
        yield session
        await session.rollback()


async def test_a_new_version_speaks_from_now_on(session):
    published = await service.publish(session, "welcome", "سلام {first_name}")
    assert (published.version, published.lane) == (2, "transactional")
    assert (await service.active(session, "welcome")).text == "سلام {first_name}"


async def test_a_version_with_an_unknown_placeholder_is_refused(session):
    with pytest.raises(InvalidTemplate, match="does not know amount"):
        await service.publish(session, "welcome", "سلام {amount}")
    assert (await service.active(session, "welcome")).version == 1


async def test_a_message_keeps_the_words_it_was_written_with(notify, simulator, person):
    await notify.handle(person.registered())
    async with notify.database.transaction() as session:
        await service.publish(session, "welcome", "سلام {first_name}")
    try:
        await notify.send()
        [item] = await simulator.inbox(person.mobile)
        assert item["text"].endswith("فعال شد.")
    finally:
        async with notify.database.transaction() as session:
            await session.delete(await service.active(session, "welcome"))
            await session.flush()
            (await session.get_one(Template, ("welcome", 1))).active = True
