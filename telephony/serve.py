"""`hookflash serve`: the switchboard and a voice worker on one machine, the worker as a supervised child."""

import asyncio
import os
import secrets
import socket
import sys

import click
import uvloop
from pydantic import SecretStr

from telephony.settings import PREFIX, SettingsError, SwitchboardSettings, load_settings
from telephony.supervisor import ChildFailedError, Supervisor
from telephony.switchboard import (
    Server,
    address,
    assemble,
    listen,
    log_to_stderr,
    stop_on_signals,
    worker_ready,
)
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
    async with assemble(settings) as parts:
        server = Server(parts)
        serving = asyncio.create_task(server.serve([listener]))
        supervising = asyncio.create_task(supervisor.run())
        others = [
            asyncio.create_task(stop.wait()),
            asyncio.create_task(_tell_when_ready(supervisor, address(settings, listener))),
        ]
        await asyncio.wait({serving, supervising, others[0]}, return_when=asyncio.FIRST_COMPLETED)
        server.stop()
        await serving
        for task in (supervising, *others):
            task.cancel()
        outcome, *_ = await asyncio.gather(supervising, *others, return_exceptions=True)
    if isinstance(outcome, ChildFailedError):
        return outcome.status
    if isinstance(outcome, Exception):
        raise outcome
    return 0


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
