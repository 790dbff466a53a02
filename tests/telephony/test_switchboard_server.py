"""The switchboard as a server: its doors, its readiness, and how it stops."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr

from telephony.legs.leg import Arrival
from telephony.process import PortError, address, listen
from telephony.settings import SwitchboardSettings
from telephony.switchboard import Server, Switchboard, assemble
from tests.exchange_hall import Caller
from tests.stand_in_worker import TOKEN, StandInWorker, stand_in_worker
from voice.journal.clock import LoopClock
from voice.journal.events import CallEnded
from voice.journal.store import SqliteJournal


@asynccontextmanager
async def served(
    folder: Path, worker: StandInWorker
) -> AsyncIterator[tuple[httpx2.AsyncClient, Switchboard, Server]]:
    settings = SwitchboardSettings.model_validate(
        {"data": folder, "worker_url": worker.url, "link_token": SecretStr(TOKEN), "port": 0}
    )
    listener = listen(settings.host, settings.port, "PORT")
    async with assemble(settings) as parts:
        server = Server(parts)
        serving = asyncio.create_task(server.serve([listener]))
        async with httpx2.AsyncClient(base_url=address(settings, listener), trust_env=False) as http:
            try:
                yield http, parts, server
            finally:
                server.stop()
                await serving


async def test_it_is_healthy_at_once_and_ready_when_a_worker_is(tmp_path: Path) -> None:
    async with stand_in_worker() as worker, served(tmp_path, worker) as (http, _, _):
        worker.ready = False
        assert (await http.get("/healthz")).text == "ok"
        answer = await http.get("/readyz")
        assert (answer.status_code, answer.json()["ready"]) == (503, False)
        worker.ready = True
        assert (await http.get("/readyz")).status_code == 200
        assert (await http.get("/desk")).status_code == 200
        assert (await http.post("/twilio/voice")).status_code >= 400


async def test_it_fetches_the_fixed_sentences_as_soon_as_a_worker_is_ready(tmp_path: Path) -> None:
    async with stand_in_worker() as worker, served(tmp_path, worker) as (_, parts, _):
        async with asyncio.timeout(10):
            while not len(parts.prompts):  # noqa: ASYNC110  (nothing tells when they have come)
                await asyncio.sleep(0.02)
        assert parts.prompts["one_moment"] is not None


async def test_stopping_it_leaves_callers_to_their_carrier_and_everything_written_down(
    tmp_path: Path,
) -> None:
    async with stand_in_worker() as worker, served(tmp_path, worker) as (_, parts, _):
        caller = Caller(LoopClock())
        arrival = Arrival(carrier="twilio", carrier_call="CA1", stream="MZ1", caller="+471", called="+472")
        caller.events = parts.exchange.call_arrived(arrival, caller)
        (call,) = parts.exchange.sessions
        link = await worker.link()
    assert caller.closed and not caller.hung_up
    assert link.of("stop")
    last = SqliteJournal(tmp_path / "journal.sqlite")
    ended = [entry.event for entry in last.read(call) if isinstance(entry.event, CallEnded)]
    last.close()
    assert [event.by for event in ended] == ["switchboard"]
    assert ended[0].recording is not None and Path(ended[0].recording).exists()


def test_an_address_that_cannot_be_had_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held, pytest.raises(PortError, match="HOOKFLASH_PORT"):
        listen("127.0.0.1", held.getsockname()[1], "PORT")
