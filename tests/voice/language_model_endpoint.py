"""An OpenAI-compatible endpoint that lies, promises, loops, stalls, breaks off and talks rubbish.

It speaks the wire's own format, server-sent events of chat-completion chunks, to the real client over an
in-process transport, so that a stall takes simulated time.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx2

from voice.dialogue.model_endpoint import ModelEndpoint
from voice.journal.clock import Clock


@dataclass(frozen=True)
class Script:
    """One answer.

    Attributes:
        text: streamed a few letters at a time.
        pause: seconds before each piece.
        calls: tools called after the text: name and arguments.
        status: other than 200 refuses.
        raw: sent instead of chunks, as it is.
        ends: whether the stream is ended as it should be; else the connection breaks.
        forever: the text is sent again and again.
        finish: why it ends, where it is not as usual.
    """

    text: str = ""
    pause: float = 0.0
    calls: tuple[tuple[str, str], ...] = ()
    status: int = 200
    raw: bytes = b""
    ends: bool = True
    forever: bool = False
    finish: str = ""


@dataclass
class Endpoint(httpx2.AsyncBaseTransport):
    """Gives the answers of its script in turn, the last one for ever."""

    script: list[Script]
    asked: list[dict[str, object]] = field(default_factory=list)
    """The bodies of the requests."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(await request.aread())
        if request.url.path != "/v1/chat/completions" or not body.get("stream"):
            return httpx2.Response(404, request=request)
        self.asked.append(body)
        answer = self.script[min(len(self.asked), len(self.script)) - 1]
        if answer.status != 200:
            return httpx2.Response(answer.status, json={"error": {"message": "broken"}}, request=request)
        headers = {"content-type": "text/event-stream"}
        return httpx2.Response(200, headers=headers, stream=_Events(answer), request=request)

    def model(self, clock: Clock) -> ModelEndpoint:
        client = httpx2.AsyncClient(transport=self)
        return ModelEndpoint("http://model.test/v1", "liar", "", clock, client)


class _Events(httpx2.AsyncByteStream):
    def __init__(self, answer: Script) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        answer = self._answer
        if answer.raw:
            await asyncio.sleep(answer.pause)
            yield answer.raw
            return
        while True:
            for start in range(0, len(answer.text), 8):
                await asyncio.sleep(answer.pause)
                yield _chunk({"content": answer.text[start : start + 8]})
            if not answer.forever:
                break
            await asyncio.sleep(0.001)
        for index, (name, arguments) in enumerate(answer.calls):
            await asyncio.sleep(answer.pause)
            function = {"name": name, "arguments": arguments[:5]}
            yield _chunk({"tool_calls": [{"index": index, "id": f"call_{index}", "function": function}]})
            yield _chunk({"tool_calls": [{"index": index, "function": {"arguments": arguments[5:]}}]})
        if not answer.ends:
            raise httpx2.RemoteProtocolError("peer closed connection")
        yield _chunk({}, finish=answer.finish or ("tool_calls" if answer.calls else "stop"))
        yield b"data: [DONE]\n\n"


def _chunk(delta: dict[str, object], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "liar",
        "choices": [choice],
    }
    return f"data: {json.dumps(chunk)}\n\n".encode()
