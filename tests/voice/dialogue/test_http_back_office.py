"""The HTTP back office against a real server on the loopback."""

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from voice import logs
from voice.dialogue.back_office import BackOfficeError, Found, Inquiry, UnknownCallerError
from voice.dialogue.http_back_office import HttpBackOffice
from voice.dialogue.http_format import HttpService
from voice.dialogue.playbook_files import PlaybookError

TODAY = date(2026, 3, 2)


class Company(ThreadingHTTPServer):
    """A company's service: answers in the order laid down, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[tuple[int, Any]] = []
        self.asked: list[tuple[str, str, dict[str, str], str]] = []
        self.headers: dict[str, str] = {}
        self.delay = 0.0
        self.dribble = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: Company

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, self.path, headers, body))
        time.sleep(self.server.delay)
        status, answer = self.server.answers.pop(0)
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if not self.server.dribble:
            self.wfile.write(content)
            return
        with contextlib.suppress(OSError):  # the client has given up
            for byte in content:
                self.wfile.write(bytes([byte]))
                time.sleep(self.server.dribble)

    do_GET = do_POST = do_PUT = _answer  # noqa: N815  (the names http.server looks for)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name http.server gives it)
        """Say nothing."""


@pytest.fixture
def company() -> Iterator[Company]:
    server = Company()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


CALLS = {
    "balance": {
        "path": "/customers/{caller}/account",
        "query": {"day": "{today}", "order": "{order_number}"},
        "outcome": "/account/state",
        "outcomes": {"OPEN": "due", "PAID": "nothing_due"},
        "statuses": {404: "unknown_caller", 410: "closed"},
        "facts": {
            "balance_due": {"pointer": "/account/open", "kind": "amount"},
            "next_amount": {"pointer": "/account/plan/0/cents", "kind": "cents", "currency": "NOK"},
            "next_date": {"pointer": "/account/plan/0/due", "kind": "date"},
            "name": "/holder",
        },
        "expected": "/orders",
    },
    "move": {
        "method": "POST",
        "path": "/customers/{caller}/due-date",
        "body": {"date": "{new_date}"},
        "success": "moved",
    },
}
ACCOUNT: dict[str, Any] = {
    "holder": "Ingrid Solheim",
    "account": {"state": "OPEN", "open": 91, "plan": [{"cents": 4550, "due": "2026-03-07T00:00:00Z"}]},
    "orders": ["FJ104471", "FJ209982"],
}


def office(company: Company, **more: Any) -> HttpBackOffice:
    service = {
        "url": company.url,
        "headers": {"Authorization": "Bearer {token}"},
        "secrets": {"token": "FJORD_PAY_TOKEN"},
        "calls": CALLS,
        **more,
    }
    return HttpBackOffice(HttpService.model_validate(service), {"FJORD_PAY_TOKEN": "s3cret"})


async def ask(
    company: Company, call: str, key: str = "", slots: dict[str, str] | None = None, **more: Any
) -> Found:
    desk = office(company, **more)
    try:
        return await desk.look_up(Inquiry(call, "+4740000001", TODAY, slots or {}, key))
    finally:
        await desk.close()


async def test_an_answer_is_read_as_the_playbook_describes_it(company: Company) -> None:
    company.answers = [(200, ACCOUNT)]
    found = await ask(company, "balance")
    assert found == Found(
        "due",
        {
            "balance_due": "91.00 EUR",
            "next_amount": "45.50 NOK",
            "next_date": "2026-03-07",
            "name": "Ingrid Solheim",
        },
        ("FJ104471", "FJ209982"),
    )
    [(method, path, headers, _)] = company.asked
    assert (method, path) == ("GET", "/v1/customers/%2B4740000001/account?day=2026-03-02")
    assert headers["authorization"] == "Bearer s3cret"
    assert "idempotency-key" not in headers


async def test_a_fact_the_service_does_not_have_is_left_out(company: Company) -> None:
    company.answers = [(200, {"account": {"state": "PAID"}})]
    assert await ask(company, "balance") == Found("nothing_due", {})


async def test_what_a_caller_says_cannot_leave_its_place_in_the_path(company: Company) -> None:
    company.answers = [(204, b"")]
    calls = {"order": {"path": "/orders/{order_number}", "success": "found"}}
    found = await ask(company, "order", slots={"order_number": "../admin?x=1#y"}, calls=calls)
    assert found.outcome == "found"
    assert company.asked[0][1] == "/v1/orders/..%2Fadmin%3Fx%3D1%23y"


async def test_a_change_carries_its_key_and_is_tried_again_with_the_same_one(company: Company) -> None:
    company.answers = [(503, {}), (204, b"")]
    found = await ask(company, "move", key="abc", slots={"new_date": "2026-03-14"})
    assert found.outcome == "moved"
    assert [asked[2]["idempotency-key"] for asked in company.asked] == ["abc", "abc"]
    assert json.loads(company.asked[0][3]) == {"date": "2026-03-14"}


async def test_what_may_not_be_repeated_is_not(company: Company) -> None:
    company.answers = [(503, {}), (204, b"")]
    with pytest.raises(BackOfficeError, match="answered 503"):
        await ask(company, "move", slots={"new_date": "2026-03-14"})
    assert len(company.asked) == 1


async def test_a_look_up_is_tried_as_often_as_the_playbook_says(company: Company) -> None:
    company.answers = [(502, {}), (503, {}), (200, ACCOUNT)]
    with pytest.raises(BackOfficeError, match="answered 503"):
        await ask(company, "balance")
    assert (await ask(company, "balance")).outcome == "due"


async def test_a_service_is_left_alone_for_as_long_as_it_says(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    at_once = asyncio.sleep

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await at_once(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    company.headers = {"Retry-After": "2"}
    company.answers = [(503, {}), (200, ACCOUNT)]
    assert (await ask(company, "balance", timeout_s=3)).outcome == "due"
    assert 2.0 in pauses


@pytest.mark.parametrize("wish", ["120", "Fri, 01 Jan 2100 00:00:00 GMT"])
async def test_a_service_that_wants_to_be_left_alone_for_long_has_failed(company: Company, wish: str) -> None:
    company.headers = {"Retry-After": wish}
    company.answers = [(429, {}), (200, ACCOUNT)]
    with pytest.raises(BackOfficeError, match="answered 429"):
        await ask(company, "balance")
    assert len(company.asked) == 1


@pytest.mark.parametrize("wish", ["soon", "", "Fri, 01 Jan 1999 00:00:00 GMT"])
async def test_a_wish_that_is_none_changes_nothing(company: Company, wish: str) -> None:
    company.headers = {"Retry-After": wish}
    company.answers = [(429, {}), (200, ACCOUNT)]
    assert (await ask(company, "balance")).outcome == "due"


async def test_a_service_that_hangs_is_given_up(company: Company) -> None:
    company.delay, company.answers = 0.3, [(200, ACCOUNT)]
    with pytest.raises(BackOfficeError, match=r"no answer within 0\.05 s"):
        await ask(company, "balance", timeout_s=0.05, attempts=1)


async def test_a_service_that_dribbles_is_given_up(company: Company) -> None:
    """Each byte comes in time, and the whole answer never would."""
    company.dribble, company.answers = 0.02, [(200, ACCOUNT)]
    with pytest.raises(BackOfficeError, match=r"no answer within 0\.1 s"):
        await ask(company, "balance", timeout_s=0.1, attempts=1)


async def test_no_log_tells_who_rings(company: Company, capsys: pytest.CaptureFixture[str]) -> None:
    logs.to_stderr("INFO")
    company.answers = [(200, ACCOUNT)]
    await ask(company, "balance")
    assert "4740000001" not in capsys.readouterr().err


async def test_a_service_that_is_not_there_is_one_sentence(company: Company) -> None:
    with pytest.raises(BackOfficeError, match="cannot be reached: ConnectError"):
        await ask(company, "balance", url="http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("status", "answer", "says"),
    [
        (200, b"<html>", "is no JSON"),
        (200, {"account": []}, "has no /account/state"),
        (200, {"account": {"state": "OPEN", "open": "a lot"}}, "balance_due is no amount"),
        (200, {"account": {"state": "OPEN", "open": "NaN"}}, "balance_due is no amount"),
        (200, {"account": {**ACCOUNT["account"], "plan": [{"due": "tomorrow"}]}}, "next_date is no date"),
        (200, {"account": {**ACCOUNT["account"], "plan": [{"due": "2026-02-30"}]}}, "next_date is no date"),
        (400, {"error": "card 4111 1111 1111 1111"}, "answered 400"),
        (302, b"", "answered 302"),
        (200, {**ACCOUNT, "holder": "x" * 201}, "name is nothing to say"),
        (200, {**ACCOUNT, "holder": {"first": "Ingrid"}}, "name is nothing to say"),
        (200, b'"' + b"x" * 1_000_001 + b'"', "too long"),
    ],
)
async def test_a_bad_answer_is_an_error_that_repeats_nothing_private(
    company: Company, status: int, answer: Any, says: str
) -> None:
    company.answers = [(status, answer)]
    with pytest.raises(BackOfficeError) as error:
        await ask(company, "balance")
    assert says in str(error.value)
    assert "4111" not in str(error.value)


async def test_statuses_may_be_outcomes(company: Company) -> None:
    company.answers = [(410, {}), (404, {})]
    assert (await ask(company, "balance")).outcome == "closed"
    with pytest.raises(UnknownCallerError):
        await ask(company, "balance")


async def test_what_is_not_described_or_not_known_is_not_asked(company: Company) -> None:
    with pytest.raises(BackOfficeError, match="no call horoscope"):
        await ask(company, "horoscope")
    calls = {"order": {"path": "/orders/{order_number}"}}
    with pytest.raises(BackOfficeError, match="needs something"):
        await ask(company, "order", calls=calls)
    assert not company.asked


def test_a_secret_that_is_not_set_is_named() -> None:
    service = HttpService.model_validate(
        {"url": "http://x.test", "secrets": {"a": "A_TOKEN"}, "calls": CALLS}
    )
    with pytest.raises(PlaybookError, match="A_TOKEN"):
        HttpBackOffice(service, {})
