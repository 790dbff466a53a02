"""`hookflash worker`: one process that hears, understands and answers any number of calls."""

# ruff: noqa: I001  # the logs come first: pipecat logs while it is being imported
from voice import logs

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
from collections.abc import Iterator

import click
import uvicorn
import uvloop
from loguru import logger

from voice.dialogue.playbook import PlaybookError
from voice.equipment import Equipment
from voice.hearing.engine import HearingError
from voice.journal.clock import LoopClock
from voice.link_server import LinkServer
from voice.models import MissingModel
from voice.settings import PREFIX, SettingsError, VoiceSettings, load_settings
from voice.speaking.voice import VoiceError

PING = 5.0
"""Seconds between pings on an idle link, and until an unanswered one ends it."""
LONGEST_MESSAGE = 4_000_000
FAREWELL = 3
"""Seconds for what is still being sent when the server stops."""


@click.command()
@click.option("--host", help=f"Address to listen on. [{PREFIX}WORKER_HOST]")
@click.option("--port", type=click.IntRange(0, 65535), help=f"Port; 0 takes any. [{PREFIX}WORKER_PORT]")
@click.option("--supervised", is_flag=True, help="End when standard input closes: the parent is gone.")
def worker(host: str | None, port: int | None, supervised: bool) -> None:
    """Hear, understand and answer calls that a switchboard brings."""
    logs.to_stderr()
    try:
        settings = load_settings()
        token = settings.link_token.get_secret_value()
        if not token:
            raise click.ClickException(
                f"No secret for the voice link: set {PREFIX}LINK_TOKEN to the switchboard's."
            )
        listener = _listen(host or settings.worker_host, settings.worker_port if port is None else port)
        with listener, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(settings, token, listener, supervised))
    except (SettingsError, MissingModel, PlaybookError, VoiceError, HearingError) as error:
        raise click.ClickException(str(error)) from None


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: calls are drained before it stops."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise click.ClickException(
            f"Cannot listen on {host}:{port} ({error.strerror}): set {PREFIX}WORKER_PORT to a free port."
        ) from None
    return listener


async def _serve(settings: VoiceSettings, token: str, listener: socket.socket, supervised: bool) -> None:
    clock = LoopClock()
    began = clock.now()
    equipment = Equipment(settings, clock)
    links = LinkServer(equipment, token, settings.calls)
    server = _Server(
        uvicorn.Config(
            links.app,
            lifespan="off",
            log_config=None,
            ws="websockets-sansio",
            ws_max_size=LONGEST_MESSAGE,
            ws_ping_interval=PING,
            ws_ping_timeout=PING,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=FAREWELL,
        )
    )
    stop = asyncio.Event()
    _stop_on_signals(stop, supervised)
    serving = asyncio.create_task(server.serve([listener]))
    stopping = asyncio.create_task(stop.wait())
    gc.disable()
    loading = asyncio.create_task(equipment.load())
    owned: list[asyncio.Task[object]] = [loading, stopping]
    try:
        await asyncio.wait({serving, stopping, loading}, return_when=asyncio.FIRST_COMPLETED)
        if loading.done():
            loading.result()
            # What is loaded stays: looking through it for garbage again and again would hold up every call.
            gc.freeze()
            gc.enable()
            host, port = listener.getsockname()[:2]
            owned.append(asyncio.create_task(equipment.forget_in_time()))
            logger.info("Ready on {}:{} after {:.1f} s.", host, port, clock.now() - began)
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        await links.drain()
    finally:
        gc.enable()
        for task in owned:
            task.cancel()
        server.should_exit = True
        await asyncio.gather(serving, *owned, return_exceptions=True)
        await equipment.disconnect()
        equipment.close()


def _stop_on_signals(stop: asyncio.Event, supervised: bool) -> None:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    if not supervised:
        return

    def parent_spoke() -> None:
        if not os.read(sys.stdin.fileno(), 4096):
            loop.remove_reader(sys.stdin)
            stop.set()

    loop.add_reader(sys.stdin, parent_spoke)
