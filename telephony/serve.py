"""`hookflash serve`: the switchboard and a voice worker on one machine, the worker as a supervised child."""

import asyncio
import importlib
import os
import secrets
import socket
import sys
from typing import Any

import click
import uvloop
from pydantic import SecretStr

from telephony.process import address, listen, log_to_stderr, stop_on_signals
from telephony.settings import PREFIX, SettingsError, SwitchboardSettings, load_settings
from telephony.supervisor import ChildFailedError, Supervisor
from telephony.worker_probe import worker_ready
from voice.journal.clock import LoopClock


@click.command()
def serve() -> None:
    """Run everything: the switchboard, and a voice worker that is started again should it end."""
    log_to_stderr()
    try:
        settings = _with_token(load_settings())
        if settings.worker_url is not None:
            raise click.ClickException(
                f"{PREFIX}WORKER_URL names a worker elsewhere: use `hookflash switchboard`, or unset it."
            )
        listen(settings.worker_host, settings.worker_port, "WORKER_PORT").close()
        listener = listen(settings.host, settings.port, "PORT")
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            status = runner.run(_serve(settings, listener))
    except (SettingsError, OSError) as error:
        raise click.ClickException(str(error)) from None
    if status:
        raise click.exceptions.Exit(status)


def _with_token(settings: SwitchboardSettings) -> SwitchboardSettings:
    if settings.link_token.get_secret_value():
        return settings
    return settings.model_copy(update={"link_token": SecretStr(secrets.token_urlsafe(32))})


async def _serve(settings: SwitchboardSettings, listener: socket.socket) -> int:
    """Run until a signal comes; returns the exit status."""
    stop = asyncio.Event()
    stop_on_signals(stop)
    supervisor = Supervisor(
        [sys.executable, "-m", "telephony.cli", "worker", "--supervised"],
        _child_environment(settings),
        ready=lambda: worker_ready(settings),
        clock=LoopClock(),
    )
    supervising, stopping = asyncio.create_task(supervisor.run()), asyncio.create_task(stop.wait())
    try:
        await _switch(settings, listener, supervisor, until=(supervising, stopping))
    finally:
        supervising.cancel()
        stopping.cancel()
        outcome, _ = await asyncio.gather(supervising, stopping, return_exceptions=True)
    if isinstance(outcome, ChildFailedError):
        return outcome.status
    if isinstance(outcome, Exception):
        raise outcome
    return 0


async def _switch(
    settings: SwitchboardSettings,
    listener: socket.socket,
    supervisor: Supervisor,
    until: tuple[asyncio.Task[Any], ...],
) -> None:
    """Run the switchboard until it or any of `until` is done; it is imported while the worker warms up."""
    await asyncio.to_thread(importlib.import_module, "telephony.switchboard")
    from telephony.switchboard import Server, assemble  # noqa: PLC0415  (slow to import)

    async with assemble(settings) as parts:
        server = Server(parts)
        serving = asyncio.create_task(server.serve([listener]))
        telling = asyncio.create_task(_tell_when_ready(supervisor, address(settings, listener)))
        await asyncio.wait({serving, *until}, return_when=asyncio.FIRST_COMPLETED)
        server.stop()
        await serving
        telling.cancel()


def _child_environment(settings: SwitchboardSettings) -> dict[str, str]:
    return os.environ | {
        f"{PREFIX}LINK_TOKEN": settings.link_token.get_secret_value(),
        f"{PREFIX}WORKER_HOST": settings.worker_host,
        f"{PREFIX}WORKER_PORT": str(settings.worker_port),
    }


async def _tell_when_ready(supervisor: Supervisor, url: str) -> None:
    click.echo(f"The switchboard listens on {url}; the voice worker is warming up.", err=True)
    await supervisor.was_ready.wait()
    click.echo(f"Ready. Agents sign in at {url}/desk", err=True)
