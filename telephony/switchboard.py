"""The switchboard as a server: puts its parts together, listens, and stops without dropping a caller."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import click
import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from telephony.calls.prompts import Prompts
from telephony.calls.recording import recordings
from telephony.calls.retention import forget_in_time
from telephony.carriers import twilio
from telephony.desk import api
from telephony.desk.accounts import Accounts
from telephony.desk.by_phone import PhoneDuty
from telephony.exchange import Exchange
from telephony.legs.phones import Phones
from telephony.process import address, listen, log_to_stderr, stop_on_signals
from telephony.settings import PREFIX, SettingsError, SwitchboardSettings, load_settings
from telephony.worker_probe import worker_ready
from voice.journal.clock import LoopClock
from voice.journal.store import FILE, SqliteJournal

LARGEST_MESSAGE = 65_536
"""Bytes of a WebSocket message from carriers and desks; larger ones end the connection."""
GRACE_SECONDS = 3
"""For HTTP answers under way when the server stops; calls have been seen to before."""


@dataclass(frozen=True)
class Switchboard:
    """The parts of a running switchboard."""

    app: Starlette
    exchange: Exchange
    prompts: Prompts


@contextlib.asynccontextmanager
async def assemble(settings: SwitchboardSettings) -> AsyncIterator[Switchboard]:
    """Put a switchboard together; on the way out its callers go to their carriers' next verb.

    Raises:
        OSError: the data folder cannot be written; one sentence names the setting.
    """
    clock = LoopClock()
    journal = SqliteJournal(settings.data / FILE)
    token = settings.link_token.get_secret_value()
    prompts = Prompts(
        settings.workers_http, token, settings.playbook, settings.language, settings.data / "prompts"
    )
    await asyncio.to_thread(prompts.load)
    exchange = Exchange(settings, journal, clock, prompts)
    phones = Phones(
        exchange,
        clock,
        keys=lambda: prompt.audio if (prompt := prompts["phone_offer"]) else b"",
        draft=exchange.draft,
    )
    await exchange.restore()

    async def readyz(_: Request) -> JSONResponse:
        ready = await worker_ready(settings)
        why = "" if ready else "No voice worker is ready: callers would be held for a person."
        return JSONResponse({"ready": ready, "why": why}, 200 if ready else 503)

    app = Starlette(
        routes=[
            Route("/healthz", _healthz),
            Route("/readyz", readyz),
            *twilio.routes(settings, exchange, clock, phones),
            *api.routes(settings, exchange, journal, clock, phones=phones),
        ]
    )
    await PhoneDuty(Accounts(settings.data), phones).resume()
    fetching = asyncio.create_task(prompts.fetch_until_there())
    forgetting = asyncio.create_task(
        forget_in_time(journal, recordings(settings.data), settings.keep_days, clock)
    )
    try:
        yield Switchboard(app, exchange, prompts)
    finally:
        fetching.cancel()
        forgetting.cancel()
        await exchange.close()
        await phones.close()
        await asyncio.gather(fetching, forgetting, return_exceptions=True)
        await asyncio.to_thread(journal.close)


async def _healthz(_: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


class Server(uvicorn.Server):
    """uvicorn that lets the exchange part with its callers first, and leaves signals to us."""

    def __init__(self, switchboard: Switchboard) -> None:
        super().__init__(
            uvicorn.Config(
                switchboard.app,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                ws="websockets-sansio",
                ws_max_size=LARGEST_MESSAGE,
                ws_per_message_deflate=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._exchange = switchboard.exchange

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Part with callers and agents while their connections still stand, then close the rest."""
        await self._exchange.close()
        await super().shutdown(sockets)

    def stop(self) -> None:
        """Let `serve` come to its end."""
        self.should_exit = True


async def _run(settings: SwitchboardSettings, listener: socket.socket) -> None:
    async with assemble(settings) as parts:
        server = Server(parts)
        stop = asyncio.Event()
        stop_on_signals(stop)
        serving = asyncio.create_task(server.serve([listener]))
        stopping = asyncio.create_task(stop.wait())
        click.echo(f"The switchboard listens on {address(settings, listener)}", err=True)
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        server.stop()
        stopping.cancel()
        await serving


@click.command()
def switchboard() -> None:
    """Hold the lines: carriers, agents, takeovers; the voice worker runs elsewhere."""
    log_to_stderr()
    try:
        settings = load_settings()
        if not settings.link_token.get_secret_value():
            raise click.ClickException(
                f"No secret for the voice link: set {PREFIX}LINK_TOKEN, here and at the worker."
            )
        listener = listen(settings.host, settings.port, "PORT")
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_run(settings, listener))
    except (SettingsError, OSError) as error:
        raise click.ClickException(str(error)) from None
