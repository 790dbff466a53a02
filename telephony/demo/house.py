"""The whole system as in production: `hookflash serve`, on free ports, with a data folder of its own."""

import asyncio
import contextlib
import os
import secrets
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx2

from telephony.settings import PREFIX
from voice.journal.clock import Clock
from voice.journal.store import FILE

READY_SECONDS = 180.0
"""The first start prepares prompts and warms models; on a slow machine that takes a while."""
STOP_SECONDS = 15.0
_PROBE_SECONDS = 0.25
_NOT_OURS = tuple(PREFIX + name for name in ("TWILIO", "WORKER_URL", "FALLBACK"))
"""Settings of a system that takes real calls; this one must not ring anybody."""


class HouseError(RuntimeError):
    """The system did not start; one sentence says why."""


class House:
    """A running system; use it with `async with`.

    Args:
        data: its data folder; its output goes to `serve.log` there.
        clock: the loop's.
        api_url: where the carrier's REST interface is.
        account: the carrier's account.
        environment: settings besides, as environment variables.
        command: what runs; `switchboard` where the worker is elsewhere.

    Raises:
        HouseError: on entering, when it ends or is not ready in time.
    """

    def __init__(
        self,
        data: Path,
        clock: Clock,
        *,
        api_url: str,
        account: str,
        auth_token: str,
        environment: Mapping[str, str] | None = None,
        command: str = "serve",
    ) -> None:
        self.data = data
        self._clock = clock
        port, worker_port = free_ports(2)
        self.url = f"http://127.0.0.1:{port}"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_OURS)}
        own = {
            "DATA": str(data),
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "WORKER_PORT": str(worker_port),
            "PUBLIC_URL": self.url,
            "LINK_TOKEN": secrets.token_urlsafe(24),
            "TWILIO_ACCOUNT_SID": account,
            "TWILIO_AUTH_TOKEN": auth_token,
            "TWILIO_API_URL": api_url,
        }
        self._environment = (
            inherited | {PREFIX + name: value for name, value in own.items()} | dict(environment or {})
        )
        self._command = command
        self._process: asyncio.subprocess.Process | None = None

    @property
    def voice_url(self) -> str:
        """The webhook to ring."""
        return f"{self.url}/twilio/voice"

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.data / FILE

    @property
    def log(self) -> Path:
        """What the system printed."""
        return self.data / "serve.log"

    @property
    def pid(self) -> int:
        """The system's process."""
        if self._process is None:
            raise HouseError("hookflash serve has not been started.")
        return self._process.pid

    @property
    def worker_pid(self) -> int:
        """The process of the voice worker `serve` runs, where the system tells of it (Linux).

        Raises:
            HouseError: none runs just now.
        """
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        for child in children:
            if b"worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
        raise HouseError("No voice worker runs just now.")

    async def __aenter__(self) -> "House":
        self.data.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "telephony.cli",
                self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
            )
        try:
            await self._until_ready(self._process)
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()

    async def kill(self) -> None:
        """End the system without a word, as a crash does; entered again, it starts on the same data."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def _until_ready(self, process: asyncio.subprocess.Process) -> None:
        limit = self._clock.now() + READY_SECONDS
        async with httpx2.AsyncClient(timeout=5, trust_env=False) as http:
            while self._clock.now() < limit:
                if process.returncode is not None:
                    raise HouseError(f"hookflash {self._command} did not start: {self._last_words()}")
                with contextlib.suppress(httpx2.HTTPError):
                    if (await http.get(f"{self.url}/readyz")).status_code == 200:
                        return
                await asyncio.sleep(_PROBE_SECONDS)
        raise HouseError(
            f"hookflash {self._command} was not ready within {READY_SECONDS:.0f} s: {self._last_words()}"
        )

    def _last_words(self) -> str:
        lines = [one for one in self.log.read_text(errors="replace").splitlines() if one.strip()]
        return lines[-1] if lines else "it said nothing."

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def free_ports(count: int) -> list[int]:
    """Return ports nobody listens on; all are held until the last is found, so that they differ."""
    with contextlib.ExitStack() as held:
        listeners = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [int(one.getsockname()[1]) for one in listeners]
