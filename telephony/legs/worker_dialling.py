"""Reaching a worker: the WebSocket of one voice link, and what it means where there is none."""

from collections.abc import Mapping

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from voice.journal.link import FULL, REFUSAL

OPEN_SECONDS = 2.0
PING_SECONDS = 0.5
PONG_SECONDS = 1.25
CLOSE_SECONDS = 0.25
"""Together two seconds without a sign of life, which are the end. A worker answers within milliseconds: its
models compute in threads, beside its event loop."""
MAX_MESSAGE = 1 << 20
"""Characters of a message: the spoken brief is the largest, 8 s in base64 are 90,000."""
UNREACHABLE = (OSError, TimeoutError, InvalidHandshake, InvalidURI, ConnectionClosed)
"""What `dial` raises where there is no worker, and what a link that breaks does."""


def dial(url: str, headers: Mapping[str, str]) -> connect:
    """Return the link to a worker as a context to enter."""
    return connect(
        url,
        additional_headers=headers,
        open_timeout=OPEN_SECONDS,
        ping_interval=PING_SECONDS,
        ping_timeout=PONG_SECONDS,
        close_timeout=CLOSE_SECONDS,
        max_size=MAX_MESSAGE,
        compression=None,
        proxy=None,
    )


def why_not(error: Exception) -> str:
    """Return in one sentence why a worker does not serve a call; `FULL` where it has no room."""
    if isinstance(error, InvalidStatus) and error.response.headers.get(REFUSAL) == FULL:
        return FULL
    if isinstance(error, ConnectionClosed):
        return f"The link to the worker broke: {error}."
    if isinstance(error, TimeoutError):
        return "The worker did not answer in time."
    return f"The worker cannot be reached: {str(error) or type(error).__name__}."
