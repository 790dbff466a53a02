"""An OpenAI-compatible transcription endpoint that answers, refuses, stalls, drips and talks rubbish.

It speaks the wire's own format, a multipart form in and JSON out, to the real client over an in-process
transport, so that a stall takes simulated time.
"""

import asyncio
import email
import email.policy
import io
import json
import wave
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx2

from voice.hearing.endpoint import TranscriptionEndpoint


@dataclass(frozen=True)
class Script:
    """One answer.

    Attributes:
        text: what was heard.
        language: in English, as the original names it.
        pause: seconds before the answer.
        drip: seconds between its bytes.
        status: other than 200 refuses.
        plain_only: whether `verbose_json` is refused.
        raw: sent instead, as it is.
        breaks: whether the connection breaks.
    """

    text: str = ""
    language: str = "english"
    pause: float = 0.0
    drip: float = 0.0
    status: int = 200
    plain_only: bool = False
    raw: bytes = b""
    breaks: bool = False


@dataclass
class Endpoint(httpx2.AsyncBaseTransport):
    """Gives the answers of its script in turn, the last one for ever."""

    script: list[Script]
    asked: list[dict[str, str]] = field(default_factory=list)
    """The forms it was sent, the file left out."""
    seconds: list[float] = field(default_factory=list)
    """Of each clip it was sent."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        form, clip = _form(request.headers["content-type"], await request.aread())
        if request.url.path != "/v1/audio/transcriptions":
            return httpx2.Response(404, request=request)
        self.asked.append(form)
        with wave.open(io.BytesIO(clip)) as file:
            assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
            self.seconds.append(file.getnframes() / 16_000)
        answer = self.script[min(len(self.asked), len(self.script)) - 1]
        await asyncio.sleep(answer.pause)
        if answer.breaks:
            raise httpx2.ConnectError("connection refused")
        refused = answer.plain_only and form["response_format"] != "json"
        if answer.status != 200 or refused:
            status = 400 if refused else answer.status
            return httpx2.Response(status, json={"error": {"message": "broken"}}, request=request)
        body = answer.raw or json.dumps(_answer(answer, form, self.seconds[-1])).encode()
        headers = {"content-type": "application/json"}
        return httpx2.Response(200, headers=headers, stream=_Bytes(body, answer.drip), request=request)

    def ear(self, limit: float = 1.5) -> TranscriptionEndpoint:
        client = httpx2.AsyncClient(transport=self)
        return TranscriptionEndpoint("http://ear.test/v1", "listener", "secret", limit=limit, client=client)


class _Bytes(httpx2.AsyncByteStream):
    def __init__(self, body: bytes, drip: float) -> None:
        self._body, self._drip = body, drip

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if not self._drip:
            yield self._body
            return
        for place in range(len(self._body)):
            await asyncio.sleep(self._drip)
            yield self._body[place : place + 1]


def _form(kind: str, body: bytes) -> tuple[dict[str, str], bytes]:
    message = email.message_from_bytes(
        b"content-type: " + kind.encode() + b"\r\n\r\n" + body, policy=email.policy.HTTP
    )
    fields: dict[str, list[str]] = {}
    clip = b""
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if name == "file":
            clip = content
        else:
            fields.setdefault(name, []).append(content.decode())
    return {name: ",".join(values) for name, values in fields.items()}, clip


def _answer(answer: Script, form: dict[str, str], seconds: float) -> dict[str, object]:
    if form["response_format"] == "json":
        return {"text": answer.text}
    words = answer.text.split()
    length = seconds / max(1, len(words))
    return {
        "task": "transcribe",
        "language": answer.language,
        "duration": seconds,
        "text": answer.text,
        "segments": [
            {
                "id": 0,
                "start": 0.0,
                "end": seconds,
                "text": answer.text,
                "avg_logprob": -0.1,
                "no_speech_prob": 0.02,
            }
        ],
        "words": [
            {"word": word, "start": place * length, "end": (place + 1) * length}
            for place, word in enumerate(words)
        ],
    }
