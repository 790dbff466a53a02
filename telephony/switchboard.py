"""The switchboard as a server: puts its parts together, listens, and stops without dropping a caller."""

import asyncio
import contextlib
import ipaddress
import logging
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import click
import httpx2
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
from telephony.settings import PREFIX, SettingsError, SwitchboardSettings, load_settings
from voice.journal.clock import LoopClock
from voice.journal.store import SqliteJournal

LARGEST_MESSAGE = 65_536
"""Bytes of a WebSocket message from carriers and desks; larger ones end the connection."""
GRACE_SECONDS = 3
"""For HTTP answers under way when the server stops; calls have been seen to before."""
_PROBE_SECONDS = 2.0
_IPV6 = 6


class PortError(OSError):
    """A port cannot be listened on; one sentence names the setting."""


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
    journal = SqliteJournal(settings.data / "journal.sqlite")
    token = settings.link_token.get_secret_value()
    prompts = Prompts(
        settings.workers_http, token, settings.playbook, settings.language, settings.data / "prompts"
    )
    await asyncio.to_thread(prompts.load)
    exchange = Exchange(settings, journal, clock, prompts)
    phones = Phones(
        exchange,
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


async def worker_ready(settings: SwitchboardSettings) -> bool:
    """Return whether any worker says that it can take calls."""
    async with httpx2.AsyncClient(timeout=_PROBE_SECONDS, trust_env=False) as client:
        for worker in settings.workers_http:
            with contextlib.suppress(httpx2.HTTPError):
                if (await client.get(f"{worker}/ready")).status_code == httpx2.codes.OK:
                    return True
    return False


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


def listen(host: str, port: int, setting: str) -> socket.socket:
    """Return a listening socket.

    Raises:
        PortError: the address cannot be had; the sentence names `setting`.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise PortError(
            f"Cannot listen on {host}:{port} ({reason}): set {PREFIX}{setting} to a free port."
        ) from None
    return listener


def stop_on_signals(stop: asyncio.Event) -> None:
    """Set `stop` on the first SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)


def log_to_stderr() -> None:
    """Show what the switchboard logs, and of others only warnings."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("telephony").setLevel(logging.INFO)


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


def address(settings: SwitchboardSettings, listener: socket.socket) -> str:
    """Return how people reach the switchboard with a browser."""
    host, port = listener.getsockname()[:2]
    if settings.public_url is not None:
        return settings.public_url
    ip = ipaddress.ip_address(host)
    if ip.is_unspecified:
        return f"http://localhost:{port}"
    return f"http://[{ip}]:{port}" if ip.version == _IPV6 else f"http://{ip}:{port}"


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
