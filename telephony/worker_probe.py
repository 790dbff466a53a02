"""Asks workers whether they can take calls."""

import contextlib

import httpx2

from telephony.settings import SwitchboardSettings

_PROBE_SECONDS = 2.0


async def worker_ready(settings: SwitchboardSettings) -> bool:
    """Return whether any worker says that it can take calls."""
    async with httpx2.AsyncClient(timeout=_PROBE_SECONDS, trust_env=False) as client:
        for worker in settings.workers_http:
            with contextlib.suppress(httpx2.HTTPError):
                if (await client.get(f"{worker}/ready")).status_code == httpx2.codes.OK:
                    return True
    return False
