"""The desk over HTTP and its WebSocket, by a real server."""

import asyncio
import io
import json
import wave
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import numpy as np
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from telephony.calls.recorder import Recorder
from telephony.calls.recording import recordings
from telephony.desk.api import FAILURES_OF_ONE, FAILURES_OF_PLACE
from telephony.desk.protocol import CloseCode
from telephony.legs import mulaw
from tests.desk_stand_in import NAME, PASSWORD, Desk, entries, serve_desk
from voice.journal.events import Pressed, Promised, WrappedUp


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with serve_desk(tmp_path) as serving:
        yield serving


@pytest.fixture
async def http(desk: Desk) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=desk.url, trust_env=False) as client:
        yield client


async def sign_in(http: httpx2.AsyncClient, **other: str) -> httpx2.Response:
    return await http.post("/desk/sign-in", json={"name": NAME, "password": PASSWORD, **other})


def cookies(http: httpx2.AsyncClient) -> str:
    return "; ".join(f"{name}={value}" for name, value in http.cookies.items())


def open_socket(desk: Desk, cookie: str = "", origin: str | None = None) -> connect:
    headers = {"Cookie": cookie} if cookie else {}
    if origin:
        headers["Origin"] = origin
    return connect(f"ws{desk.url[4:]}/desk/ws", additional_headers=headers, proxy=None)


async def closing(socket: ClientConnection) -> tuple[int | None, str | None]:
    with pytest.raises(ConnectionClosed):
        while True:
            await asyncio.wait_for(socket.recv(), 10)
    return socket.close_code, socket.close_reason


async def test_signing_in_and_out(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/desk/session")).json() == {"agent": None}
    answer = await sign_in(http)
    assert answer.json() == {"agent": NAME}
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert (await http.get("/desk/session")).json() == {"agent": NAME}
    assert (await http.post("/desk/sign-out")).status_code == 204
    assert (await http.get("/desk/session")).json() == {"agent": None}


async def test_a_link_signs_in_once(desk: Desk, http: httpx2.AsyncClient) -> None:
    token = desk.accounts.make_link(NAME, datetime.now(UTC))
    assert (await http.post("/desk/sign-in", json={"link": token})).json() == {"agent": NAME}
    again = await http.post("/desk/sign-in", json={"link": token})
    assert again.status_code == 401
    assert "new one" in again.json()["error"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"name=Ada", 400),
        (b'{"name": 1}', 400),
        (b'{"name": "Ada", "admin": true}', 400),
        (b'{"name": "' + b"x" * 5000 + b'"}', 400),
        (b'{"name": "Ada Lind", "password": "wrong password"}', 401),
        (b"{}", 401),
    ],
)
async def test_bad_sign_ins_get_one_sentence(http: httpx2.AsyncClient, body: bytes, status: int) -> None:
    answer = await http.post("/desk/sign-in", content=body)
    assert answer.status_code == status
    assert answer.json()["error"].endswith(".")
    assert "set-cookie" not in answer.headers


async def test_guessing_one_name_is_stopped_and_others_are_not(desk: Desk, http: httpx2.AsyncClient) -> None:
    desk.accounts.add("Bo", PASSWORD)
    answers = [await sign_in(http, password="a wrong one") for _ in range(FAILURES_OF_ONE + 1)]
    assert [answer.status_code for answer in answers] == [401] * FAILURES_OF_ONE + [429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 301
    assert (await sign_in(http)).status_code == 429
    assert (await sign_in(http, name="Bo")).status_code == 200


async def test_guessing_many_names_at_once_from_one_place_is_stopped(http: httpx2.AsyncClient) -> None:
    tries = (sign_in(http, name=f"guess{number}") for number in range(FAILURES_OF_PLACE + 10))
    statuses = [answer.status_code for answer in await asyncio.gather(*tries)]
    assert statuses.count(401) <= FAILURES_OF_PLACE + 1
    assert statuses.count(429) >= 9


@pytest.mark.parametrize("path", ["/desk/sign-in", "/desk/sign-out"])
async def test_other_sites_cannot_sign_in_or_out(http: httpx2.AsyncClient, path: str) -> None:
    for origin in ("https://evil.example", "null", "file://"):
        answer = await http.post(path, json={"name": NAME, "password": PASSWORD}, headers={"Origin": origin})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/desk", "/desk/session", "/desk/static/main.js", "/desk/static/desk.css", "/desk/calls/x/journal"],
)
async def test_every_answer_forbids_what_the_page_does_not_need(http: httpx2.AsyncClient, path: str) -> None:
    headers = (await http.get(path)).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] in ("no-store", "no-cache")


async def test_the_page_and_its_files_are_served_and_nothing_else(http: httpx2.AsyncClient) -> None:
    page = await http.get("/desk")
    assert page.headers["content-type"].startswith("text/html")
    assert "javascript" in (await http.get("/desk/static/main.js")).headers["content-type"]
    assert (await http.get("/desk/static/../api.py")).status_code == 404
    assert (await http.get("/desk/static/%2e%2e/api.py")).status_code == 404
    # Nothing comes from elsewhere, and no script stands in the page.
    assert "//" not in page.text.replace("<!doctype", "")
    assert page.text.count("<script") == page.text.count('<script type="module" src="/desk/static/')


async def test_a_journal_is_for_signed_in_agents(desk: Desk, http: httpx2.AsyncClient) -> None:
    for entry in entries("c1", (1.0, Pressed(digit="0"))):
        desk.journal.write(entry)
    assert (await http.get("/desk/calls/c1/journal")).status_code == 401
    await sign_in(http)
    (entry,) = (await http.get("/desk/calls/c1/journal")).json()
    assert entry["event"] == {"kind": "pressed", "digit": "0"}
    assert (await http.get("/desk/calls/other/journal")).status_code == 404


async def recorded(data: Path, call: str) -> None:
    """Record three seconds: the caller at a level that rises each second, the bot all along."""
    recorder = Recorder(recordings(data) / f"{call}.wav", lambda: 3.0)
    for second in range(3):
        recorder.tape.caller(mulaw.encode(np.full(8000, 1000 * (second + 1), np.int16)), second + 1.0)
    recorder.tape.heard(mulaw.encode(np.full(24_000, -9000, np.int16)), 0.0)
    recorder.finish()
    await recorder.run()


async def test_a_piece_of_the_callers_voice_is_played_to_whoever_has_the_call(
    desk: Desk, http: httpx2.AsyncClient, tmp_path: Path
) -> None:
    await recorded(tmp_path, "c1")
    piece = "/desk/calls/c1/voice?from=0.5&to=1.25"
    assert (await http.get(piece)).status_code == 401
    await sign_in(http)
    assert (await http.get(piece)).status_code == 403
    desk.exchange.own = "c2"
    assert (await http.get(piece)).status_code == 403
    desk.exchange.own = "c1"
    answer = await http.get(piece)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    assert answer.headers["cache-control"] == "no-store"
    with wave.open(io.BytesIO(answer.content)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 8000)
        samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
    assert len(samples) == 6000
    assert samples[:4000] == pytest.approx(1000, rel=0.05)
    assert samples[4000:] == pytest.approx(2000, rel=0.05)
    late = await http.get("/desk/calls/c1/voice?from=2.5&to=30")
    assert len(late.content) == 44 + 2 * 4000


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("", 400),
        ("?from=1", 400),
        ("?from=2&to=1", 400),
        ("?from=-1&to=1", 400),
        ("?from=0&to=60.5", 400),
        ("?from=nan&to=1", 400),
        ("?from=0&to=inf", 400),
        ("?from=one&to=two", 400),
        ("?from=3&to=4", 404),
    ],
)
async def test_a_piece_that_cannot_be_played_is_refused_in_a_sentence(
    desk: Desk, http: httpx2.AsyncClient, tmp_path: Path, asked: str, status: int
) -> None:
    await recorded(tmp_path, "c1")
    desk.exchange.own = "c1"
    await sign_in(http)
    answer = await http.get(f"/desk/calls/c1/voice{asked}")
    assert answer.status_code == status
    assert answer.json()["error"].endswith(".")


async def test_a_call_that_is_not_recorded_has_nothing_to_play(desk: Desk, http: httpx2.AsyncClient) -> None:
    desk.exchange.own = "c1"
    await sign_in(http)
    assert (await http.get("/desk/calls/c1/voice?from=0&to=1")).status_code == 404


async def test_the_floor_and_summaries_are_for_signed_in_agents(desk: Desk, http: httpx2.AsyncClient) -> None:
    for path in ("/desk/floor", "/desk/calls/c1/summary"):
        assert (await http.get(path)).status_code == 401
    await sign_in(http)
    assert [one["name"] for one in (await http.get("/desk/floor")).json()["agents"]] == [
        "Bo Strand",
        "Cleo Marsh",
    ]
    assert (await http.get("/desk/calls/c1/summary")).status_code == 404
    for entry in entries("c1", (0.0, Promised(text="A letter.", agent="Ann"))):
        desk.journal.write(entry)
    assert (await http.get("/desk/calls/c1/summary")).json() == {"summary": "Ann promised: A letter."}


async def test_without_a_carrier_nobody_is_on_duty_by_telephone(http: httpx2.AsyncClient) -> None:
    assert (await http.post("/desk/by-phone", json={"on": True})).status_code == 401
    await sign_in(http)
    assert (await http.post("/desk/by-phone", json={"off": True})).status_code == 400
    refused = await http.post("/desk/by-phone", json={"on": True})
    assert (refused.status_code, refused.json()) == (409, {"error": "No telephone can be rung here."})


async def test_the_socket_is_for_signed_in_agents_of_this_origin(
    desk: Desk, http: httpx2.AsyncClient
) -> None:
    async with open_socket(desk) as socket:
        assert await closing(socket) == (CloseCode.SIGNED_OUT, "signed_out")
    await sign_in(http)
    with pytest.raises(InvalidStatus):
        await open_socket(desk, cookies(http), "https://evil.example")
    async with open_socket(desk, cookies(http), desk.url) as socket:
        assert json.loads(await socket.recv())["agent"] == NAME
    await desk.exchange.reported("left", NAME, "closed")


async def test_an_agent_whose_account_is_gone_is_signed_out(desk: Desk, http: httpx2.AsyncClient) -> None:
    await sign_in(http)
    desk.accounts.remove(NAME)
    assert (await http.get("/desk/session")).json() == {"agent": None}
    async with open_socket(desk, cookies(http)) as socket:
        assert await closing(socket) == (CloseCode.SIGNED_OUT, "signed_out")


async def test_a_second_desk_replaces_the_first_which_no_longer_counts(
    desk: Desk, http: httpx2.AsyncClient
) -> None:
    await sign_in(http)
    async with open_socket(desk, cookies(http)) as first:
        await desk.exchange.reported("joined", NAME)
        async with open_socket(desk, cookies(http)) as second:
            await desk.exchange.reported("joined", NAME, times=2)
            assert await closing(first) == (CloseCode.REPLACED, "replaced")
            await second.send('{"type": "available", "available": true}')
            await desk.exchange.reported("available", NAME)
            assert not [report for report in desk.exchange.reports if report[0] == "left"]
    await desk.exchange.reported("left", NAME, "closed")


async def test_signing_out_closes_the_desk(desk: Desk, http: httpx2.AsyncClient) -> None:
    await sign_in(http)
    async with open_socket(desk, cookies(http)) as socket:
        await desk.exchange.reported("joined", NAME)
        await http.post("/desk/sign-out")
        assert await closing(socket) == (CloseCode.SIGNED_OUT, "signed_out")
    await desk.exchange.reported("left", NAME, "signed_out")


async def test_who_closed_a_call_may_correct_what_was_written(desk: Desk, http: httpx2.AsyncClient) -> None:
    drafted = WrappedUp(agent=NAME, disposition="by_telephone", summary="drafted")
    others = WrappedUp(agent="Bo Strand", disposition="resolved")
    for entry in (*entries("c1", (9.0, drafted)), *entries("c2", (9.0, others))):
        desk.journal.write(entry)
    asked = {"disposition": "resolved", "summary": "They have their money."}
    assert (await http.post("/desk/calls/c1/wrap-up", json=asked)).status_code == 401
    await sign_in(http)
    assert (await http.post("/desk/calls/c1/wrap-up", json={"summary": "x"})).status_code == 400
    assert (await http.post("/desk/calls/c2/wrap-up", json=asked)).status_code == 404
    assert (await http.post("/desk/calls/c1/wrap-up", json=asked)).status_code == 204
    newest = desk.journal.read("c1")[-1]
    assert (newest.seq, newest.event) == (2, WrappedUp(agent=NAME, **asked))
