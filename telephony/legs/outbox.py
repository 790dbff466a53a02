"""What waits to be sent on a socket: messages and audio, in one order. Audio gives way, messages never."""

import asyncio
from collections import deque

AUDIO_WAITING = 25
"""Frames, half a second: more would be heard so late that people talk over each other."""
MESSAGES_WAITING = 2000
"""Whoever has not taken this many messages is not reading."""


class Outbox:
    """A queue with one reader. When too much audio waits, the oldest goes.

    Args:
        audio: frames that may wait.
        messages: messages that may wait.
    """

    def __init__(self, audio: int = AUDIO_WAITING, messages: int = MESSAGES_WAITING) -> None:
        self._audio_limit = audio
        self._message_limit = messages
        self._waiting: deque[str | bytes] = deque()
        self._frames = 0
        self._filled = asyncio.Event()
        self.dropped = 0
        """Frames of audio that gave way."""

    @property
    def full(self) -> bool:
        """Whether the next frame of audio would cost the oldest one."""
        return self._frames >= self._audio_limit

    def put_message(self, text: str) -> bool:
        """Queue a message; False when the queue is full of them and the reader should be given up."""
        if len(self._waiting) - self._frames >= self._message_limit:
            return False
        self._waiting.append(text)
        self._filled.set()
        return True

    def put_audio(self, audio: bytes) -> None:
        """Queue a frame of audio, at the cost of the oldest one when as many wait as may."""
        if self.full:
            oldest = next(place for place, one in enumerate(self._waiting) if isinstance(one, bytes))
            del self._waiting[oldest]
            self._frames -= 1
            self.dropped += 1
        self._waiting.append(audio)
        self._frames += 1
        self._filled.set()

    async def take(self) -> str | bytes:
        """Wait for the next thing to send."""
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        one = self._waiting.popleft()
        self._frames -= isinstance(one, bytes)
        return one

    def drop_audio(self) -> None:
        """Forget the audio that waits; messages stay, in their order."""
        self._waiting = deque(one for one in self._waiting if isinstance(one, str))
        self._frames = 0

    def take_messages(self) -> list[str]:
        """Empty the queue; return its messages."""
        messages = [one for one in self._waiting if isinstance(one, str)]
        self._waiting.clear()
        self._frames = 0
        return messages
