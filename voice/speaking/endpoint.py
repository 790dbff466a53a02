"""A voice behind any OpenAI-compatible speech endpoint, `POST {url}/audio/speech`."""

import asyncio
import io

import httpx2
import numpy as np
import openai
import soundfile

from voice.circuit_breaker import CircuitBreaker
from voice.journal.clock import Clock
from voice.speaking.telephone import telephone
from voice.speaking.text import speakable
from voice.speaking.voice import Due, Samples, Speech, VoiceError, at_once

LONGEST = 8_000_000
"""Bytes of one sentence's audio that are taken: a minute and more at 48 kHz."""
FAILURES = 2
"""In a row, after which the endpoint is left alone for a while."""
_REVISION = 1
"""Raise it when the same text comes to sound different."""


class SpeechEndpoint:
    """Asks for WAV, which tells its own rate; for whole sentences, so that another voice can take over.

    Args:
        url: the endpoint's base, as `http://127.0.0.1:8880/v1`.
        model: the model's name there.
        voice: the voice's name there.
        key: the endpoint's; may be empty.
        limit: seconds a sentence may take.
        clock: tells how long it has rested.
        client: carries the requests; None for the usual one.
    """

    def __init__(
        self,
        url: str,
        *,
        model: str,
        voice: str,
        key: str,
        limit: float,
        clock: Clock,
        client: httpx2.AsyncClient | None = None,
    ) -> None:
        self._client = openai.AsyncOpenAI(
            base_url=url, api_key=key or "none", max_retries=0, http_client=client
        )
        self._model = model
        self._voice = voice
        self._limit = limit
        self._clock = clock
        self._name = f"{url} {model} {voice} {_REVISION}"
        self._breaker = CircuitBreaker(FAILURES)

    @property
    def name(self) -> str:
        """Where it is, the model and the voice."""
        return self._name

    async def speak(self, text: str, language: str, due: Due) -> Speech:
        """Say `text`; see `Voice`. Such voices find the language in the text; `due` is not looked at."""
        text = speakable(text)
        if not text:
            return at_once(np.zeros(0, dtype=np.int16))
        if not self._breaker.closed(self._clock.now()):
            raise VoiceError("The speech endpoint has just failed and is left alone for a while.")
        try:
            async with asyncio.timeout(self._limit):
                samples = await asyncio.to_thread(_read, await self._ask(text))
        except TimeoutError:
            raise self._failed(f"The speech endpoint said nothing within {self._limit:g} s.") from None
        except openai.APIStatusError as error:
            raise self._failed(f"The speech endpoint answered with {error.status_code}.") from None
        except (openai.OpenAIError, httpx2.HTTPError) as error:
            raise self._failed(f"The speech endpoint failed: {type(error).__name__}.") from None
        except VoiceError as error:
            raise self._failed(str(error)) from None
        self._breaker.succeeded()
        return at_once(samples)

    async def disconnect(self) -> None:
        """Let go of the connections."""
        await self._client.close()

    async def _ask(self, text: str) -> bytes:
        audio = bytearray()
        async with self._client.audio.speech.with_streaming_response.create(
            model=self._model, voice=self._voice, input=text, response_format="wav"
        ) as answer:
            async for part in answer.iter_bytes():
                audio += part
                if len(audio) > LONGEST:
                    raise VoiceError(f"The speech endpoint sent over {LONGEST} bytes for one sentence.")
        return bytes(audio)

    def _failed(self, why: str) -> VoiceError:
        self._breaker.failed(self._clock.now())
        return VoiceError(why)


def _read(wav: bytes) -> Samples:
    try:
        samples, rate = soundfile.read(io.BytesIO(wav), dtype="float32", always_2d=True)
    except soundfile.SoundFileError:
        raise VoiceError("The speech endpoint answered with something that is no audio.") from None
    if not np.isfinite(samples).all() or not np.abs(samples).max(initial=0.0) > 1e-4:
        raise VoiceError("The speech endpoint answered with silence.")
    return telephone(samples.mean(axis=1), rate)
