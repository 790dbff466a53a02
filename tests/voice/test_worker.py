"""The command `hookflash worker`: what it says when it cannot start, and a process that really hears."""

import asyncio
import base64
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from voice.link_serializer import LINE_RATE
from voice.replay.recording import load
from voice.worker import worker

ROOT = Path(__file__).parents[2]
TOKEN = "a-secret-of-the-test"
FRAME = 160


def complaint(monkeypatch: pytest.MonkeyPatch, *arguments: str, **settings: str) -> str:
    """Run the command with settings it cannot start with; return its last line."""
    for name, value in {"LINK_TOKEN": TOKEN, "PLAYBOOKS": str(ROOT / "playbooks"), **settings}.items():
        monkeypatch.setenv(f"HOOKFLASH_{name}", value)
    result = CliRunner().invoke(worker, arguments)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    return result.output.strip().splitlines()[-1]


def test_without_a_token_it_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "set HOOKFLASH_LINK_TOKEN" in complaint(monkeypatch, LINK_TOKEN="")


def test_a_port_in_use_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = complaint(monkeypatch, "--port", str(port))
    assert f"127.0.0.1:{port}" in said
    assert "HOOKFLASH_WORKER_PORT" in said


def test_missing_models_are_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "run `hookflash models`" in complaint(monkeypatch, "--port", "0", CACHE=str(tmp_path))


@pytest.mark.models
def test_a_missing_playbook_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = complaint(monkeypatch, "--port", "0", PLAYBOOK="nowhere", DATA=str(tmp_path))
    assert "nowhere" in said
    assert "HOOKFLASH_PLAYBOOK" in said


def test_a_setting_that_makes_no_sense_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "HOOKFLASH_SPEECH_TIMEOUT" in complaint(monkeypatch, SPEECH_TIMEOUT="0.01")


class Running:
    """A worker process."""

    def __init__(self, process: Process, port: int) -> None:
        self.process = process
        self.port = port

    async def warm(self) -> None:
        """Wait until it is ready."""
        async with httpx2.AsyncClient(trust_env=False) as client, asyncio.timeout(50):
            while not await self._ready(client):
                assert self.process.returncode is None
                await asyncio.sleep(0.1)

    async def _ready(self, client: httpx2.AsyncClient) -> bool:
        try:
            return (await client.get(f"http://127.0.0.1:{self.port}/ready")).status_code == 200
        except httpx2.TransportError:
            return False

    async def hear(self, mulaw: bytes) -> list[dict[str, Any]]:
        """Ring with audio, faster than real time and playing nothing out; return every message."""
        messages: list[dict[str, Any]] = []
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with connect(
            f"ws://127.0.0.1:{self.port}/link", additional_headers=headers, proxy=None
        ) as link:
            details = {"customParameters": {"call": "c1", "caller": "+4740000001"}}
            await link.send(json.dumps({"event": "start", "streamSid": "s1", "start": details}))
            for at in range(0, len(mulaw), FRAME):
                payload = base64.b64encode(mulaw[at : at + FRAME]).decode()
                await link.send(json.dumps({"event": "media", "media": {"payload": payload}}))
            await asyncio.sleep(2)
            await link.send('{"event":"stop"}')
            try:
                while True:
                    messages.append(json.loads(await link.recv()))
            except ConnectionClosed:
                return messages


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from voice.worker import worker; worker()", "--supervised",
        stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL, cwd=ROOT,
        env={
            **os.environ,
            "HOOKFLASH_LINK_TOKEN": TOKEN,
            "HOOKFLASH_WORKER_PORT": str(port),
            "HOOKFLASH_DATA": str(tmp_path),
        },
    )  # fmt: skip
    yield Running(process, port)
    if process.returncode is None:
        process.kill()
    await process.wait()


@pytest.mark.models
@pytest.mark.timeout(120)
async def test_a_real_worker_hears_a_caller_ask_for_a_person_and_ends_when_told_to(running: Running) -> None:
    await running.warm()
    caller = await load("asks_for_person", linger=0.0)
    messages = await running.hear(caller.audio[9 * LINE_RATE : 14 * LINE_RATE])
    entries = [message["entry"] for message in messages if message["event"] == "journal"]
    words = " ".join(entry["text"] for entry in entries if entry["kind"] == "heard").lower()
    assert "person" in words
    takeovers = [message for message in messages if message["event"] == "takeover"]
    assert [trigger["kind"] for trigger in takeovers[0]["triggers"]] == ["asked"]
    running.process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(running.process.wait(), 30) == 0


@pytest.mark.models
async def test_it_ends_when_its_parent_is_gone_even_before_it_is_warm(running: Running) -> None:
    assert running.process.stdin is not None
    running.process.stdin.close()
    assert await asyncio.wait_for(running.process.wait(), 50) == 0
