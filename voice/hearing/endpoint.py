"""Speech to text from any OpenAI-compatible transcription endpoint."""

import io
import math
import wave
from collections.abc import Sequence

import numpy as np
import openai
from numpy.typing import NDArray

from voice.hearing.expected import code
from voice.hearing.languages import LANGUAGES
from voice.hearing.transcript import Transcript
from voice.hearing.whisper import SAMPLE_RATE
from voice.journal.events import Word

UNKNOWN = 0.8
"""Confidence of words whose endpoint says nothing of it."""


class EndpointError(RuntimeError):
    """The endpoint did not transcribe; the message is one sentence without the key or the audio."""


class TranscriptionEndpoint:
    """One endpoint, `POST {url}/audio/transcriptions`.

    Args:
        url: its base, such as `http://localhost:8000/v1`.
        model: the model it is asked for.
        key: its key; empty where it wants none.
        limit: seconds after which it is too slow.
    """

    def __init__(self, url: str, model: str, key: str = "", *, limit: float) -> None:
        self._model = model
        self._limit = limit
        self._client = openai.AsyncOpenAI(base_url=url, api_key=key or "none", timeout=limit, max_retries=0)

    async def transcribe(
        self, samples: NDArray[np.float32], *, language: str, among: Sequence[str] = ()
    ) -> Transcript:
        """Return what is said in a clip.

        Args:
            samples: 16 kHz mono, -1..1.
            language: the language spoken.
            among: those it may be instead; with any, the endpoint is not told the language, and one that it
                finds beyond these counts as `language`.

        Raises:
            EndpointError: it cannot be reached, is too slow, or answers with an error.
        """
        try:
            answer = await self._client.audio.transcriptions.create(
                file=("clip.wav", wav(samples), "audio/wav"),
                model=self._model,
                language=openai.omit if among else code(language),
                response_format="verbose_json",
                timestamp_granularities=["word", "segment"],
            )
        except openai.APITimeoutError:
            raise EndpointError(f"no words from the transcription endpoint in {self._limit:g} s") from None
        except openai.APIStatusError as error:
            raise EndpointError(f"the transcription endpoint answered with {error.status_code}") from None
        except openai.OpenAIError as error:
            raise EndpointError(f"the transcription endpoint failed: {type(error).__name__}") from None
        if not isinstance(getattr(answer, "text", None), str):
            raise EndpointError("the transcription endpoint answered with no text")
        return _transcript(answer.to_dict(), len(samples) / SAMPLE_RATE, language, among)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()


def wav(samples: NDArray[np.float32]) -> bytes:
    """Return a clip at 16 kHz as a WAV file of 16 bits."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return buffer.getvalue()


def _transcript(answer: dict[str, object], seconds: float, language: str, among: Sequence[str]) -> Transcript:
    text = str(answer.get("text") or "").strip()
    segments = [part for part in _list(answer.get("segments")) if isinstance(part, dict)]
    scores = [part["avg_logprob"] for part in segments if isinstance(part.get("avg_logprob"), int | float)]
    confidence = min(1.0, math.exp(sum(scores) / len(scores))) if scores else UNKNOWN
    silent = [part["no_speech_prob"] for part in segments if isinstance(part.get("no_speech_prob"), float)]
    words = tuple(
        Word(
            text=str(word.get("word", "")).strip(),
            start=_second(word.get("start"), seconds),
            end=_second(word.get("end"), seconds),
            confidence=confidence,
        )
        for word in _list(answer.get("words"))
        if isinstance(word, dict)
    )
    return Transcript(
        text=text,
        language=_language(str(answer.get("language") or ""), language, among),
        confidence=confidence if text else 0.0,
        words=words if text else (),
        no_speech=max(silent, default=0.0),
    )


def _language(named: str, language: str, among: Sequence[str]) -> str:
    """Return the language the endpoint found, which names it by code or in English ("french")."""
    found = next((tag for tag, name in LANGUAGES.items() if name == named.lower()), code(named))
    return next((tag for tag in (language, *among) if code(tag) == found), code(language))


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _second(value: object, seconds: float) -> float:
    return min(max(float(value), 0.0), seconds) if isinstance(value, int | float) else 0.0
