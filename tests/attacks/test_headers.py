"""Headers that look like those of the gateway change neither who somebody is nor where they are."""

from itertools import product

from sqlalchemy import text

from identity.testing import form
from nobat.testing.operations import operations

WORDS = (
    ("user", "id"),
    ("roles",),
    ("client", "address"),
    ("forwarded", "user"),
    ("forwarded", "for"),
    ("remote", "user"),
    ("real", "ip"),
)


def spellings(words):
    """X-User-Id, X_User_Id, x.user.id, X-User_Id and so on."""
    for first, second, cased in product("-_.", "-_.", (str.title, str.upper, str.lower)):
        yield first.join([cased("x"), second.join(map(cased, words))])
    yield "-".join(map(str.title, words))


PRETENDED = sorted({spelling for words in WORDS for spelling in spellings(words)})


def test_there_are_many_spellings():
    assert len(PRETENDED) > 100


async def test_they_let_nobody_in(city):
    headers = dict.fromkeys(PRETENDED, "00000000-0000-7000-8000-000000000001")
    headers |= {name: "admin" for name in PRETENDED if "role" in name.lower()}
    protected = [operation for operation in operations(city.document) if operation.is_protected]
    for operation in protected:
        answer = await city.doors["gateway"].request(
            operation.method, operation.at(), json={}, headers=headers
        )
        assert answer.status_code == 401, str(operation)


async def test_they_make_nobody_staff(city):
    """At the services themselves too, should somebody get past the gateway."""
    buyer = await city.inhabitant()
    headers = {**dict.fromkeys(PRETENDED, "admin"), **buyer}
    for name, service in city.services.items():
        document = (await city.doors[name].get("/openapi.json")).json()
        for operation in operations(document):
            if operation.is_staffs and operation.is_protected:
                for door in (name, "gateway"):
                    answer = await city.doors[door].request(
                        operation.method, operation.at(), json={}, headers=headers
                    )
                    assert answer.status_code == 403, (str(operation), door)
        assert service.name == name


async def addresses(city):
    """From how many places identity thinks that secrets were tried."""
    async with city.services["identity"].database.transaction() as session:
        return set(await session.scalars(text("SELECT name FROM secret_tries WHERE name LIKE 'address:%'")))


async def test_they_do_not_move_who_is_counted(city):
    """A guesser with a hundred spellings and as many addresses is one guesser."""
    others = await addresses(city)
    guess = {"national_code": form()["national_code"], "password": "a wrong password"}
    await city.doors["gateway"].post("/api/v1/sessions", json=guess)
    known = await addresses(city)
    for number, name in enumerate(PRETENDED):
        guess["national_code"] = form()["national_code"]
        headers = {name: f"203.0.113.{number % 250}"}
        answer = await city.doors["gateway"].post("/api/v1/sessions", json=guess, headers=headers)
        assert answer.status_code == 401, name
    assert await addresses(city) == known
    assert len(known - others) == 1
