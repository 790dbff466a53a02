"""What waits to be sent to a desk: messages and audio, in one order. Audio gives way, messages never."""

import asyncio
from collections import deque

AUDIO_WAITING = 25
"""Frames, half a second: more would be heard so late that people talk over each other."""
MESSAGES_WAITING = 2000
"""A desk that has not taken this many messages is not reading."""


class Outbox:
    """A queue with one reader. When too much audio waits, the oldest goes."""

    def __init__(self) -> None:
        self._waiting: deque[str | bytes] = deque()
        self._frames = 0
        self._filled = asyncio.Event()
        self.dropped = 0
        """Frames of audio that gave way."""

    def put_message(self, text: str) -> bool:
        """Queue a message; False when the queue is full of messages and the desk should be given up."""
        if len(self._waiting) - self._frames >= MESSAGES_WAITING:
            return False
        self._waiting.append(text)
        self._filled.set()
        return True

    def put_audio(self, audio: bytes) -> None:
        """Queue a frame of audio, at the cost of the oldest one when `AUDIO_WAITING` wait already."""
        if self._frames == AUDIO_WAITING:
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
