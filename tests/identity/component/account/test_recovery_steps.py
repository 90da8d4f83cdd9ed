"""However the steps of a recovery are skipped, repeated and mixed, only the right ones set a password."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.testing.clock import MovableClock
from events.identity import CodeIssued
from identity.testing import PASSWORD, Api, Json, Phones, log_in, registered

CODE_LIVES, REQUEST_LIVES = timedelta(minutes=2), timedelta(minutes=15)
TRIES = 5


@dataclass
class Request:
    """What the server should know of a request."""

    path: str
    code: str
    challenge_id: str
    sent_at: datetime
    opened_at: datetime
    tries: int = 0
    over: bool = False

    def opens_with(self, code: str, now: datetime) -> bool:
        alive = not self.over and now < self.opened_at + REQUEST_LIVES and now < self.sent_at + CODE_LIVES
        return alive and self.tries < TRIES and code == self.code


@dataclass
class Recovery:
    """A person who forgot, everything that was sent to them, and the password that should count."""

    api: Api
    phones: Phones
    clock: MovableClock
    typed: Json
    activation_code: str
    password: str = PASSWORD
    old_passwords: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    async def ask(self, _: int) -> None:
        self.clock.advance(seconds=61)
        known = {name: self.typed[name] for name in ("national_code", "mobile")}
        sent = await self.api.elsewhere().post("/password-resets", known)
        assert sent.status_code in {202, 429}
        if sent.status_code == 202:
            path, now = f"/password-resets/{sent.json()['reset_id']}", self.clock()
            self.requests.append(Request(path, *await self._newest(), sent_at=now, opened_at=now))

    async def resend(self, number: int) -> None:
        request = self._request(number)
        if request is None:
            return
        sent = await self.api.elsewhere().post(f"{request.path}/code")
        now = self.clock()
        if request.over or now >= request.opened_at + REQUEST_LIVES:
            assert sent.status_code in {404, 410}
        elif sent.status_code == 202:
            request.code, request.challenge_id = await self._newest()
            request.sent_at, request.tries = now, 0

    async def right(self, number: int) -> None:
        if request := self._request(number):
            await self._complete(request, request.code)

    async def wrong(self, number: int) -> None:
        if request := self._request(number):
            await self._complete(request, f"{(int(request.code) + 1) % 1_000_000:06d}")

    async def mixed(self, number: int) -> None:
        """The code of another request, or of the registration."""
        if request := self._request(number):
            others = [other.code for other in self.requests if other is not request]
            await self._complete(request, (others or [self.activation_code])[-1])

    async def skipped(self, _: int) -> None:
        """A request that nobody opened."""
        body = {"code": self.activation_code, "new_password": f"گذرواژه {uuid4()}"}
        answer = await self.api.elsewhere().post(f"/password-resets/{uuid4()}", body)
        assert answer.status_code == 404

    async def elsewhere(self, number: int) -> None:
        """The code where codes to log in are taken."""
        if request := self._request(number):
            path = f"/challenges/{request.challenge_id}"
            answer = await self.api.elsewhere().post(path, {"code": request.code})
            assert answer.status_code == 404

    async def wait(self, number: int) -> None:
        self.clock.advance(seconds=50 * (number + 1))

    async def _complete(self, request: Request, code: str) -> None:
        opens, wanted = request.opens_with(code, self.clock()), f"گذرواژه {uuid4()}"
        answer = await self.api.elsewhere().post(request.path, {"code": code, "new_password": wanted})
        assert (answer.status_code == 204) == opens, answer.text
        assert not {"access_token", "refresh_token"} & set(answer.json() if answer.content else ())
        if self.clock() < request.sent_at + CODE_LIVES:
            request.tries += 1
        if opens:
            self.old_passwords.append(self.password)
            self.password = wanted
            for each in self.requests:
                each.over = True

    def _request(self, number: int) -> Request | None:
        return self.requests[number % len(self.requests)] if self.requests else None

    async def _newest(self) -> tuple[str, str]:
        issued = (await self.phones.events(CodeIssued.name))[-1]
        return await self.phones.last_code(self.typed["mobile"]), issued["challenge_id"]


STEPS = st.tuples(
    st.sampled_from(["ask", "resend", "right", "wrong", "mixed", "skipped", "elsewhere", "wait"]),
    st.integers(0, 2),
)


@given(steps=st.lists(STEPS, min_size=1, max_size=12))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_only_the_right_steps_set_a_password(
    api: Api, phones: Phones, clock: MovableClock, steps: list[tuple[str, int]]
) -> None:
    person = await registered(api.elsewhere(), phones)
    mobile = person.form["mobile"]
    recovery = Recovery(api, phones, clock, person.form, await phones.last_code(mobile))
    for step, number in [("ask", 0), *steps]:
        await getattr(recovery, step)(number)

    entered = await log_in(api.elsewhere(), person.form | {"password": recovery.password})
    assert entered.status_code in {201, 202, 429}
    for old in recovery.old_passwords:
        assert (await log_in(api.elsewhere(), person.form | {"password": old})).status_code == 401
