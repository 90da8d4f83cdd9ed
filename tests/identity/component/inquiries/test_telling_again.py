"""A service that is newer than the accounts hears of everybody."""

from uuid import UUID

from events.identity import CustomerChanged, InquiryConcluded
from identity.inquiries import telling_again
from identity.testing import registered


async def told_again(office, last=None):
    ids: list[UUID] = []
    while True:
        async with office.service.database.transaction() as session:
            some = await telling_again.tell_again(session, office.context, last)
        if not some:
            return ids
        ids += some
        last = some[-1]


def without_seal(event):
    return {name: value for name, value in event.items() if name != "iban"}


async def test_everybody_is_told_again_with_their_sheba_once_it_is_theirs(api, phones, office, monkeypatch):
    monkeypatch.setattr(telling_again, "BATCH", 1)
    known = await registered(api, phones)
    await office.work()
    fresh = await registered(api, phones)
    before = [await office.published(event) for event in (CustomerChanged, InquiryConcluded)]
    assert {str(one) for one in await told_again(office)} == {known.customer_id, fresh.customer_id}

    after = [await office.published(event) for event in (CustomerChanged, InquiryConcluded)]
    changed, concluded = (new[len(old) :] for old, new in zip(before, after, strict=True))
    assert [(event["changed"], event["version"]) for event in changed] == [([], 1)] * 2
    place = f"{CustomerChanged.name}.national_code"
    codes = {event["customer_id"]: phones.open(event["national_code"], place) for event in changed}
    assert len({code["national_code"] for code in codes.values()}) == 2
    [sheba] = concluded
    assert without_seal(sheba) in [without_seal(event) for event in before[1]]
    assert (sheba["customer_id"], sheba["kind"]) == (known.customer_id, "iban_owner")
    place = f"{InquiryConcluded.name}.iban"
    assert phones.open(sheba["iban"], place)["iban"].startswith("IR")
