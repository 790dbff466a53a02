"""Logging of the voice side: to stderr, without what callers say. To be imported before pipecat.

pipecat logs through loguru, servers and models through the standard library; both end here. Tracebacks
carry no values of variables: those hold what was said.
"""

import logging
import sys

from loguru import logger

FORMAT = "{time:HH:mm:ss.SSS} {level: <7} {name}: {message}"

_CHATTY = (
    "faster_whisper",
    "uvicorn.error",
    "uvicorn.access",
    "httpx",
    "httpx2",
    "httpcore2",
    "openai",
    "websockets",
)
"""Heard from WARNING on. HTTP clients tell addresses; a back office's hold who rings and what they said."""

logger.remove()


class _ToLoguru(logging.Handler):
    """Hands the standard library's records on."""

    def emit(self, record: logging.LogRecord) -> None:
        logger.opt(exception=record.exc_info).log(
            record.levelname, "{}: {}", record.name, record.getMessage()
        )


def to_stderr(level: str = "INFO") -> None:
    """Send every log of at least `level` to stderr from now on."""
    logger.remove()
    logger.add(sys.stderr, level=level, format=FORMAT, backtrace=False, diagnose=False)
    logging.basicConfig(handlers=[_ToLoguru()], level=level, force=True)
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLevelName(level)))
