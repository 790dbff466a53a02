import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.voice.stand_ins import Booth, silence, speech
from voice.journal.link import FULL, REFUSAL
from voice.link_server import LinkServer

TOKEN = "a-secret-of-the-test"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
FRAME = 160
CAPACITY = 3


@dataclass
class Served:
    booth: Booth
    links: LinkServer
    server: uvicorn.Server
    port: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/link"

    async def get(self, path: str) -> httpx2.Response:
        async with httpx2.AsyncClient(trust_env=False) as client:
            return await client.get(f"http://127.0.0.1:{self.port}{path}")

    def link(self) -> connect:
        return connect(self.url, additional_headers=HEADERS, proxy=None, compression=None)

    async def until_closed(self, link: ClientConnection) -> int:
        """Collect what comes, giving marks back at once, until the link is closed; return its code."""
        try:
            async with asyncio.timeout(20):
                while True:
                    message = json.loads(await link.recv())
                    self.messages.append(message)
                    if message["event"] == "mark":
                        await link.send(json.dumps(message))
        except ConnectionClosed:
            return link.close_code or 0

    def heard(self) -> list[str]:
        entries = [m["entry"] for m in self.messages if m["event"] == "journal"]
        return [entry["text"] for entry in entries if entry["kind"] == "heard"]


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    booth = Booth(["hello", "and the last words"])
    links = LinkServer(booth, TOKEN, CAPACITY)
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(links.app, lifespan="off", log_config=None, ws="websockets-sansio")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    while not server.started:  # noqa: ASYNC110  # uvicorn tells it by this flag alone
        await asyncio.sleep(0.01)
    yield Served(booth, links, server, listener.getsockname()[1])
    server.should_exit = True
    await serving


def start(playbook: str = "") -> str:
    parameters = {"call": "c1", "playbook": playbook, "t0": "0"}
    return json.dumps({"event": "start", "streamSid": "s1", "start": {"customParameters": parameters}})


async def say(link: ClientConnection, audio: bytes) -> None:
    for at in range(0, len(audio), FRAME):
        payload = base64.b64encode(audio[at : at + FRAME]).decode()
        await link.send(json.dumps({"event": "media", "streamSid": "s1", "media": {"payload": payload}}))


async def test_a_whole_call_over_a_real_socket(served: Served) -> None:
    async with served.link() as link:
        await link.send('{"event":"connected"}')
        await link.send(start())
        await link.send(json.dumps({"event": "state", "streamSid": "s1", "state": "with_bot", "t": 0}))
        await say(link, silence(1) + speech(1) + silence(1))
        await asyncio.sleep(0.3)
        await say(link, speech(1))
        await link.send('{"event":"stop","streamSid":"s1"}')
        assert await served.until_closed(link) == 1000
    assert served.heard() == ["hello", "and the last words"]
    assert any(message["event"] == "media" for message in served.messages)


async def test_without_the_token_there_is_no_link(served: Served) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}):
        with pytest.raises(InvalidStatus, match="403"):
            await connect(served.url, additional_headers=headers, proxy=None)
    assert served.booth.played == []


async def test_before_the_models_are_warm_nobody_is_let_in(served: Served) -> None:
    served.booth.ready = False
    ready = await served.get("/ready")
    assert ready.status_code == 503
    assert (await served.get("/prompts")).status_code == 503
    with pytest.raises(InvalidStatus):
        await served.link()
    served.booth.ready = True
    ready = await served.get("/ready")
    assert (ready.status_code, ready.json()["calls"]) == (200, 0)


async def test_the_switchboards_prompts(served: Served) -> None:
    answer = (await served.get("/prompts?playbook=p")).json()
    assert answer["voice"] == "tone"
    goodbye = answer["prompts"]["goodbye"]
    assert (goodbye["text"], goodbye["language"]) == ("Goodbye.", "en")
    assert base64.b64decode(goodbye["audio"]) == b"\xff\x00"
    assert answer["routing"] == {"fraud_report": {"skill": "fraud", "urgent": True}}
    unknown = await served.get("/prompts?playbook=unknown")
    assert unknown.status_code == 404
    assert "unknown" in unknown.json()["why"]


@pytest.mark.parametrize(
    "opening",
    [
        ["nonsense"],
        ['{"event":"connected"}'] * 5,
        [start(playbook="unknown")],
        [b"\x00\x01"],
    ],
    ids=["nonsense", "no start", "unknown playbook", "binary"],
)
async def test_a_link_that_begins_wrongly_is_refused_with_a_reason(
    served: Served, opening: list[str | bytes]
) -> None:
    async with served.link() as link:
        for message in opening:
            await link.send(message)
        assert await served.until_closed(link) == 1008
        assert link.close_reason


async def test_a_link_full_of_nonsense_is_closed_and_the_others_are_not(served: Served) -> None:
    async with served.link() as bad, served.link() as good:
        await good.send(start())
        await bad.send(start())
        for _ in range(30):
            await bad.send("nonsense")
        assert await Served(served.booth, served.links, served.server).until_closed(bad) == 1008
        await say(good, silence(0.5) + speech(1))
        await good.send('{"event":"stop"}')
        assert await served.until_closed(good) == 1000
    assert served.heard() == ["hello"]


async def test_draining_lets_the_last_words_out_and_lets_nobody_in(served: Served) -> None:
    async with served.link() as link:
        await link.send(start())
        await say(link, silence(0.5) + speech(1))
        await asyncio.sleep(0.3)
        closing = asyncio.create_task(served.until_closed(link))
        await served.links.drain()
        assert await closing == 1012
    assert served.heard() == ["hello"]
    assert (await served.get("/ready")).json()["why"] == "draining"
    with pytest.raises(InvalidStatus):
        await served.link()


async def test_a_switchboard_that_vanishes_ends_only_its_call(served: Served) -> None:
    link = await served.link()
    await link.send(start())
    await say(link, silence(0.5) + speech(1))
    link.transport.abort()
    async with asyncio.timeout(10):
        while (await served.get("/ready")).json()["calls"]:  # noqa: ASYNC110  # as a balancer would
            await asyncio.sleep(0.05)


async def test_a_call_too_many_is_refused_at_the_door(served: Served) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(CAPACITY):
            await stack.enter_async_context(served.link())
        with pytest.raises(InvalidStatus) as refused:
            await stack.enter_async_context(served.link())
    assert refused.value.response.status_code == 503
    assert refused.value.response.headers[REFUSAL] == FULL
