"""Speech to text from any OpenAI-compatible transcription endpoint."""

import asyncio
import io
import math
from collections.abc import Sequence

import httpx2
import numpy as np
import openai
from numpy.typing import NDArray
from openai.types.audio import Transcription, TranscriptionVerbose

from voice import wave_file
from voice.hearing.languages import LANGUAGES
from voice.hearing.transcript import Transcript
from voice.hearing.whisper import SAMPLE_RATE
from voice.journal.events import Word
from voice.language_tag import code

UNKNOWN = 0.8
"""Confidence of words whose endpoint says nothing of it."""
LONGEST = 4_000
"""Characters of one answer that are read: nobody says more in a turn."""
_BAD_REQUEST = 400

_Answer = Transcription | TranscriptionVerbose


class EndpointError(RuntimeError):
    """The endpoint did not transcribe; the message is one sentence without the key or the audio."""


class TranscriptionEndpoint:
    """One endpoint, `POST {url}/audio/transcriptions`.

    It is asked for `verbose_json`, which carries times and confidences, and for plain `json` from then on
    where it refuses that.

    Args:
        url: its base, such as `http://localhost:8000/v1`.
        model: the model it is asked for.
        key: its key; empty where it wants none.
        limit: seconds after which it is too slow, its whole answer counted.
        client: carries the requests; None for the usual one.
    """

    def __init__(
        self, url: str, model: str, key: str = "", *, limit: float, client: httpx2.AsyncClient | None = None
    ) -> None:
        self._model = model
        self._limit = limit
        self._client = openai.AsyncOpenAI(
            base_url=url, api_key=key or "none", timeout=limit, max_retries=0, http_client=client
        )
        self._verbose = True

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
            EndpointError: it cannot be reached, is too slow, or answers with an error or without a text.
        """
        try:
            async with asyncio.timeout(self._limit):
                answer = await self._asked(wav(samples), openai.omit if among else code(language))
        except (TimeoutError, openai.APITimeoutError):
            raise EndpointError(f"no words from the transcription endpoint in {self._limit:g} s") from None
        except openai.APIStatusError as error:
            raise EndpointError(f"the transcription endpoint answered with {error.status_code}") from None
        except (openai.OpenAIError, ValueError) as error:
            raise EndpointError(f"the transcription endpoint failed: {type(error).__name__}") from None
        if not isinstance(getattr(answer, "text", None), str):
            raise EndpointError("the transcription endpoint answered with no text")
        return _transcript(answer.to_dict(warnings=False), len(samples) / SAMPLE_RATE, language, among)

    async def _asked(self, file: bytes, language: str | openai.Omit) -> _Answer:
        clip = ("clip.wav", file, "audio/wav")
        create = self._client.audio.transcriptions.create
        if self._verbose:
            try:
                return await create(
                    file=clip,
                    model=self._model,
                    language=language,
                    response_format="verbose_json",
                    timestamp_granularities=["word", "segment"],
                )
            except openai.APIStatusError as error:
                if error.status_code != _BAD_REQUEST:
                    raise
                self._verbose = False
        return await create(file=clip, model=self._model, language=language, response_format="json")


def wav(samples: NDArray[np.float32]) -> bytes:
    """Return a clip at 16 kHz as a WAV file of 16 bits."""
    buffer = io.BytesIO()
    wave_file.write(buffer, np.clip(samples, -1, 1) * 32767, SAMPLE_RATE)
    return buffer.getvalue()


def _transcript(answer: dict[str, object], seconds: float, language: str, among: Sequence[str]) -> Transcript:
    """Return an answer as a transcript; nothing in it is relied upon but that `text` is a string."""
    text = str(answer.get("text") or "").strip()[:LONGEST]
    segments = _objects(answer.get("segments"))
    scores = [score for part in segments if (score := _number(part.get("avg_logprob"))) is not None]
    confidence = min(1.0, math.exp(min(0.0, sum(scores) / len(scores)))) if scores else UNKNOWN
    silent = [share for part in segments if (share := _number(part.get("no_speech_prob"))) is not None]
    return Transcript(
        text=text,
        language=_language(str(answer.get("language") or ""), language, among),
        confidence=confidence if text else 0.0,
        words=_words(answer.get("words"), confidence, seconds) if text else (),
        no_speech=min(1.0, max(0.0, *silent, 0.0)),
    )


def _words(found: object, confidence: float, seconds: float) -> tuple[Word, ...]:
    words = []
    for word in _objects(found):
        start = min(max(_number(word.get("start")) or 0.0, 0.0), seconds)
        end = min(max(_number(word.get("end")) or 0.0, start), seconds)
        words.append(
            Word(text=str(word.get("word", "")).strip(), start=start, end=end, confidence=confidence)
        )
    return tuple(words)


def _language(named: str, language: str, among: Sequence[str]) -> str:
    """Return the language the endpoint found, which names it by code or in English ("french")."""
    found = next((tag for tag, name in LANGUAGES.items() if name == named.lower()), code(named))
    return code(next((tag for tag in (language, *among) if code(tag) == found), language))


def _objects(value: object) -> list[dict[str, object]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
