"""An OpenAI-compatible speech endpoint that is slow, broken, hangs and talks rubbish.

It answers the real client's own requests, over an in-process transport, so that a wait takes simulated time.
"""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx2
import numpy as np
import soundfile

from voice.journal.clock import Clock
from voice.speaking.endpoint import SpeechEndpoint

RATE = 24_000
LIMIT = 2.0


def wav(seconds: float = 0.5, rate: int = RATE, channels: int = 1) -> bytes:
    """Return a tone of 300 Hz as WAV."""
    tone = 0.3 * np.sin(2 * np.pi * 300 * np.arange(round(seconds * rate)) / rate)
    buffer = io.BytesIO()
    soundfile.write(buffer, np.repeat(tone[:, None], channels, axis=1), rate, format="WAV", subtype="PCM_16")
    return buffer.getvalue()


def streamed(audio: bytes) -> bytes:
    """Return a WAV as servers stream it, its length not yet known when the header is written."""
    return audio[:4] + b"\xff" * 4 + audio[8:40] + b"\xff" * 4 + audio[44:]


@dataclass(frozen=True)
class Answer:
    """One answer.

    Attributes:
        audio: sent in pieces.
        pause: seconds before each piece.
        status: other than 200 refuses.
        hangs: nothing comes after the headers.
        breaks: the connection is lost after the audio.
        endless: the audio is sent again and again.
    """

    audio: bytes = b""
    pause: float = 0.0
    status: int = 200
    hangs: bool = False
    breaks: bool = False
    endless: bool = False


@dataclass
class FakeSpeechServer(httpx2.AsyncBaseTransport):
    """Gives the answers of its script in turn, the last one for ever."""

    script: list[Answer]
    asked: list[dict[str, object]] = field(default_factory=list)
    """The bodies of the requests."""
    keys: list[str] = field(default_factory=list)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(await request.aread())
        missing = {"model", "input", "voice"} - set(body)
        if request.method != "POST" or request.url.path != "/v1/audio/speech" or missing:
            return httpx2.Response(404, request=request)
        self.asked.append(body)
        self.keys.append(request.headers["authorization"])
        answer = self.script[min(len(self.asked), len(self.script)) - 1]
        if answer.status != 200:
            return httpx2.Response(answer.status, json={"error": {"message": "broken"}}, request=request)
        headers = {"content-type": "audio/wav"}
        return httpx2.Response(200, headers=headers, stream=_Pieces(answer), request=request)

    def voice(self, clock: Clock) -> SpeechEndpoint:
        return SpeechEndpoint(
            "http://voice.test/v1",
            model="tts-1",
            voice="alloy",
            key="secret",
            limit=LIMIT,
            clock=clock,
            client=httpx2.AsyncClient(transport=self),
        )


class _Pieces(httpx2.AsyncByteStream):
    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        answer = self._answer
        if answer.hangs:
            await asyncio.sleep(3600)
        while True:
            for start in range(0, len(answer.audio), 65_536):
                await asyncio.sleep(answer.pause)
                yield answer.audio[start : start + 65_536]
            if not answer.endless:
                break
        if answer.breaks:
            raise httpx2.ReadError("connection reset")
