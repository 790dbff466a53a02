"""A voice worker in a process of its own that can be killed: `python -m benchmarks.talking_worker PORT`.

It runs no model. It reports a numbered word of the caller's every tenth of a second, so that what a killed
worker takes with it can be counted; it talks all the time; and it writes a brief when a person is wanted.
Whoever rings a number that ends in 99 is told goodbye at once.
"""

import asyncio
import base64
import json
import sys
from contextlib import suppress
from http import HTTPStatus

import msgspec
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from benchmarks.prompt_sounds import CALLBACK_PROMPTS, prompts_answer, wave
from voice.dialogue.sentences import SWITCHBOARD_PROMPTS
from voice.journal import link
from voice.journal.clock import Clock, LoopClock
from voice.journal.events import Brief, CallState, Heard
from voice.journal.link import HangUpMessage, JournalMessage, TakeoverMessage

WORD_SECONDS = 0.1
GOODBYE = "99"
"""The end of the numbers that are told goodbye at once."""
GOODBYE_SECONDS = 4.0
BRIEF_SECONDS = 8.0
PROMPTS = (*SWITCHBOARD_PROMPTS, *CALLBACK_PROMPTS)
PROMPT_SECONDS = 0.4
LONG_PROMPT_SECONDS = 8.0
LONG_PROMPTS = ("nobody", "callback_promised")
"""Those that are over when their state is: long enough for a worker to be killed meanwhile."""
_TALK_SECONDS = 0.5


class _Start(msgspec.Struct, frozen=True, rename="camel"):
    custom_parameters: dict[str, str]


class _Started(msgspec.Struct, frozen=True, rename="camel"):
    stream_sid: str
    start: _Start


def sound(prompt: str) -> bytes:
    """Return how a fixed sentence sounds; no two sound alike."""
    seconds = LONG_PROMPT_SECONDS if prompt in LONG_PROMPTS else PROMPT_SECONDS
    return wave(seconds, 0x30 + PROMPTS.index(prompt))


def word(n: int) -> str:
    """Return the text of the caller's `n`th word, said `n` tenths of a second into the call."""
    return f"word {n}"


async def _talk(socket: ServerConnection, started: _Started, says_goodbye: bool) -> None:
    stream = started.stream_sid
    if says_goodbye:
        await socket.send(_media(stream, wave(GOODBYE_SECONDS, 0x12)))
        await socket.send(link.encode(HangUpMessage(stream_sid=stream, reason="done")))
        return
    while True:
        await socket.send(_media(stream, wave(_TALK_SECONDS, 0x12)))
        await asyncio.sleep(_TALK_SECONDS)


async def _report(socket: ServerConnection, started: _Started, clock: Clock, t0: float) -> None:
    """Report a word for every tenth of a second of a call that is at second `t0` now, none twice."""
    began = clock.now() - t0
    n = round(t0 / WORD_SECONDS) + 1
    while True:
        await asyncio.sleep(max(0.0, began + n * WORD_SECONDS - clock.now()))
        t = n * WORD_SECONDS
        heard = Heard(who="caller", text=word(n), start=t - WORD_SECONDS, end=t, confidence=1.0)
        await socket.send(link.encode(JournalMessage(stream_sid=started.stream_sid, t=t, entry=heard)))
        n += 1


async def _join(socket: ServerConnection) -> None:
    tasks: list[asyncio.Task[None]] = []
    clock = LoopClock()
    try:
        async for text in socket:
            match json.loads(text)["event"]:
                case "start":
                    started = msgspec.json.decode(text, type=_Started)
                    told = started.start.custom_parameters
                    words = _report(socket, started, clock, float(told["t0"]))
                    tasks.append(asyncio.create_task(words))
                    goodbye = told["called"].endswith(GOODBYE)
                    tasks.append(asyncio.create_task(_talk(socket, started, goodbye)))
                case "state":
                    told_state = link.to_worker.decode(text)
                    if told_state.state is CallState.WAITING:
                        await socket.send(_brief(told_state.stream_sid))
                case "stop":
                    return
    except ConnectionClosed:
        return
    finally:
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception) and not isinstance(outcome, ConnectionClosed):
                raise outcome


def _media(stream: str, mulaw: bytes) -> str:
    payload = base64.b64encode(mulaw).decode()
    return json.dumps({"event": "media", "streamSid": stream, "media": {"payload": payload}})


def _brief(stream: str) -> str:
    audio = base64.b64encode(wave(BRIEF_SECONDS, 0x14)).decode()
    brief = Brief(headline="Somebody talks all the time.", reason="They asked.")
    return link.encode(TakeoverMessage(stream_sid=stream, brief=brief, audio=audio))


def _answer(connection: ServerConnection, request: Request) -> Response | None:
    if request.path == "/ready":
        return connection.respond(HTTPStatus.OK, "{}")
    if request.path.startswith("/prompts"):
        answer = prompts_answer({name: sound(name) for name in PROMPTS})
        return connection.respond(HTTPStatus.OK, answer)
    return None


async def _serve(port: int) -> None:
    async with serve(_join, "127.0.0.1", port, process_request=_answer, compression=None):
        await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(int(sys.argv[1])))
