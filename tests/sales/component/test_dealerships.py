"""The directory of dealerships."""

from iran import Province


async def test_dealerships_are_found_by_province_city_and_words_in_any_spelling(office):
    async def codes(**query):
        answer = await office.client.get("/api/v1/dealerships", params=query)
        return [item["code"] for item in answer.json()["items"]]

    assert await codes() == ["1001", "2001"]
    assert await codes(province=Province.FARS.value) == ["2001"]
    assert await codes(city="شيراز") == ["2001"]
    assert await codes(q="ونك") == ["1001"]
    assert await codes(q="100%") == []


async def test_an_unknown_province_is_refused(office):
    answer = await office.client.get("/api/v1/dealerships", params={"province": "ناکجا"})
    assert answer.status_code == 422
