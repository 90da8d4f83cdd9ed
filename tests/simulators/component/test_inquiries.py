"""The inquiry providers' wires, as their clients know them, and the page that makes people odd."""

from base64 import b64encode
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient, Response

from iran import samples
from simulators.settings import Settings

NATIONAL_CODE, MOBILE, SHEBA = samples.national_code(1), samples.mobile(1), samples.sheba(1)
Ask = Callable[..., Awaitable[Response]]


@pytest.fixture
def finnotech(client: AsyncClient, settings: Settings) -> Ask:
    """A Finnotech call with a fresh token: `finnotech("mpg/v2/clients/nobat/shahkar/verify", mobile=…)`."""

    async def ask(path: str, **query: str) -> Response:
        token = (await finnotech_token(client, settings)).json()["result"]["value"]
        headers = {"authorization": f"Bearer {token}"}
        return await client.get(f"/{path}", params={"trackId": "abc", **query}, headers=headers)

    return ask


async def finnotech_token(client: AsyncClient, settings: Settings, **body: str) -> Response:
    secret = settings.finnotech_client_secret.get_secret_value()
    basic = b64encode(f"nobat:{secret}".encode()).decode()
    wish = {"grant_type": "client_credentials", "nid": "14000000000", "scopes": "a,b", **body}
    return await client.post("/dev/v2/oauth2/token", json=wish, headers={"authorization": f"Basic {basic}"})


async def test_finnotech_issues_a_token_with_its_life_and_refreshes_it_once(
    client: AsyncClient, settings: Settings
) -> None:
    first = (await finnotech_token(client, settings)).json()
    assert first["status"] == "DONE"
    assert (first["result"]["lifeTime"], first["result"]["scopes"]) == (864_000_000, ["a", "b"])

    wish = {"grant_type": "refresh_token", "refresh_token": first["result"]["refreshToken"]}
    assert (await finnotech_token(client, settings, **wish)).json()["status"] == "DONE"
    assert (await finnotech_token(client, settings, **wish)).json()["status"] == "FAILED"


async def test_finnotech_says_yes_with_the_track_id(finnotech: Ask) -> None:
    answer = await finnotech("mpg/v2/clients/nobat/shahkar/verify", nationalCode=NATIONAL_CODE, mobile=MOBILE)
    assert answer.json() == {"trackId": "abc", "result": {"isValid": True}, "status": "DONE"}


async def test_finnotech_refuses_a_token_it_does_not_know(client: AsyncClient) -> None:
    answer = await client.get(
        "/mpg/v2/clients/nobat/shahkar/verify?trackId=abc", headers={"authorization": "Bearer x"}
    )
    assert answer.json()["error"] == {"code": "VALIDATION_ERROR", "message": "invalid token"}


async def test_finnotech_knows_a_bad_mobile(finnotech: Ask) -> None:
    answer = await finnotech("mpg/v2/clients/nobat/shahkar/verify", nationalCode=NATIONAL_CODE, mobile="12")
    assert (answer.status_code, answer.json()["responseCode"]) == (400, "FN-MGFH-40000030057")


async def test_finnotech_tells_how_alike_names_are_and_who_is_dead(
    client: AsyncClient, finnotech: Ask
) -> None:
    person = {"oddities": ["dead"], "first_name": "زهرا", "last_name": "محمدی"}
    await client.put(f"/inquiries/people/{NATIONAL_CODE}", json=person)
    asked = {"birthDate": "1369/02/22", "firstName": "زهرا", "lastName": "کریمی"}
    answer = await finnotech("oak/v2/clients/nobat/nidVerification", nationalCode=NATIONAL_CODE, **asked)
    result = answer.json()["result"]
    assert (result["firstNameSimilarity"], result["deathStatus"]) == (100, "فوت شده")
    assert result["lastNameSimilarity"] < 80


async def jibit_pair(client: AsyncClient, settings: Settings) -> dict[str, str]:
    keys = {
        "apiKey": settings.jibit_api_key.get_secret_value(),
        "secretKey": settings.jibit_secret_key.get_secret_value(),
    }
    pair: dict[str, str] = (await client.post("/ide/v1/tokens/generate", json=keys)).json()
    return pair


async def test_jibit_matches_with_a_token_that_lives_half_an_hour(
    client: AsyncClient, settings: Settings
) -> None:
    pair = await jibit_pair(client, settings)
    headers = {"authorization": f"Bearer {pair['accessToken']}"}
    query = {"nationalCode": NATIONAL_CODE, "mobileNumber": MOBILE}
    answer = await client.get("/ide/v1/services/matching", params=query, headers=headers)
    assert answer.json() == {"matched": True}

    await client.post("/inquiries/clock/advance", json={"seconds": 1800})
    late = await client.get("/ide/v1/services/matching", params=query, headers=headers)
    assert (late.status_code, late.json()["code"]) == (403, "forbidden")
    again = await client.post("/ide/v1/tokens/refresh", json=pair)
    assert again.json().keys() == {"accessToken", "refreshToken"}


async def test_jibit_tells_a_bank_that_is_down(client: AsyncClient, settings: Settings) -> None:
    await client.put(f"/inquiries/banks/{SHEBA[4:7]}", json={"providers": ["jibit"]})
    pair = await jibit_pair(client, settings)
    headers = {"authorization": f"Bearer {pair['accessToken']}"}
    query = {"nationalCode": NATIONAL_CODE, "iban": SHEBA, "birthDate": "13690222"}
    answer = await client.get("/ide/v1/services/matching", params=query, headers=headers)
    assert answer.json()["code"] == "iban.source_bank_is_not_active"


async def zohal(client: AsyncClient, settings: Settings, service: str, **body: str) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {settings.zohal_token.get_secret_value()}"}
    answer = await client.post(f"/api/v0/services/inquiry/{service}", json=body, headers=headers)
    envelope: dict[str, Any] = answer.json()
    return envelope


async def test_zohal_answers_in_its_envelope(client: AsyncClient, settings: Settings) -> None:
    asked = {"national_code": NATIONAL_CODE, "mobile": MOBILE}
    answer = await zohal(client, settings, "shahkar", **asked)
    assert (answer["result"], answer["response_body"]["data"]) == (1, {"matched": True})
    wrong = await zohal(client, settings, "shahkar", **asked | {"mobile": "1"})
    assert wrong["response_body"]["error_code"] == "INVALID_MOBILE"


async def test_zohal_gives_the_name_that_was_told_and_is_unavailable_without(
    client: AsyncClient, settings: Settings
) -> None:
    asked = {"national_code": NATIONAL_CODE, "birth_date": "1369/02/22"}
    assert (await zohal(client, settings, "national_identity_inquiry", **asked))["result"] == 5
    await client.put(f"/inquiries/people/{NATIONAL_CODE}", json={"first_name": "زهرا", "last_name": "محمدی"})
    answer = await zohal(client, settings, "national_identity_inquiry", **asked)
    assert answer["response_body"]["data"]["last_name"] == "محمدی"


async def test_zohal_refuses_a_token_it_does_not_know(client: AsyncClient) -> None:
    answer = await client.post("/api/v0/services/inquiry/shahkar", json={})
    assert answer.json()["result"] == 4


async def test_faults_are_a_persons_then_a_providers_then_the_next(
    client: AsyncClient, settings: Settings
) -> None:
    asked = {"national_code": NATIONAL_CODE, "mobile": MOBILE}
    await client.put(f"/inquiries/faults/people/{NATIONAL_CODE}", json=[{"kind": "refuse", "error": "A"}])
    await client.put("/inquiries/faults/providers/zohal", json=[{"kind": "refuse", "error": "B"}])
    await client.post("/inquiries/faults/next", json={"faults": [{"kind": "wrong_answer"}]})
    told = [(await zohal(client, settings, "shahkar", **asked))["response_body"] for _ in range(4)]
    assert [row["error_code"] for row in told] == ["A", "B", None, None]
    assert [row["data"].get("matched") for row in told[2:]] == [False, True]

    books = (await client.get("/inquiries/books")).json()
    assert books["requests"]["zohal"] == 4
    assert [row["outcome"] for row in books["questions"]] == ["A", "B", "no match", "match"]


async def test_the_page_makes_people_odd_and_shows_what_was_asked(
    client: AsyncClient, settings: Settings
) -> None:
    form = {"national_code": NATIONAL_CODE, "oddities": ["other_mobile", "dead"]}
    answer = await client.post("/inquiries/page/people", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/inquiries")
    answered = await zohal(client, settings, "shahkar", national_code=NATIONAL_CODE, mobile=MOBILE)
    assert answered["response_body"]["data"] == {"matched": False}
    await client.post("/inquiries/page/faults", data={"provider": "jibit", "kind": "garbage", "count": 0})

    page = (await client.get("/inquiries")).text
    assert "dead, other_mobile" in page
    assert "no match" in page
    assert "jibit: garbage" in page
    await client.post("/inquiries/page/clear")
    assert "jibit: garbage" not in (await client.get("/inquiries")).text


async def test_an_unknown_oddity_person_or_fault_is_refused(client: AsyncClient) -> None:
    for path, body in (
        (f"/inquiries/people/{NATIONAL_CODE}", {"oddities": ["tall"]}),
        ("/inquiries/people/123", {"oddities": ["dead"]}),
        ("/inquiries/banks/12", {}),
    ):
        assert (await client.put(path, json=body)).status_code == 422
    unknown = [{"kind": "fire"}]
    assert (await client.put("/inquiries/faults/providers/zohal", json=unknown)).status_code == 422
    assert (
        await client.put("/inquiries/faults/providers/zohal", json=[{"kind": "refuse"}])
    ).status_code == 422
