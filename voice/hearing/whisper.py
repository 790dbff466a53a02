"""Whisper on CTranslate2, encoding no more of its 30 s window than the speech needs.

In a short window alone Whisper talks on: it was trained on whole ones, and the long silence behind the speech
tells it to stop. So that silence is encoded once, behind a sentence of our own, and a few seconds of it are
appended to the encoding of every clip. 51 English clips of about 3 s, one decoding each:

    whole window                             1,530 ms CPU   14.8 % of words wrong
    3 s of padding alone                       420 ms       20 clips repeat themselves
    1 s of padding and borrowed silence        340 ms       15.2 %, none repeats itself

Everything here blocks: it runs in the engine's thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ctranslate2
import msgspec
import numpy as np
import tokenizers
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from voice import wave_file
from voice.hearing import borrowed_silence, decoding, short_answers
from voice.hearing.annotations import ANNOTATED, Annotations
from voice.hearing.digit_row import DigitRow
from voice.hearing.expected import Digits, Expected, OneOf, digit
from voice.hearing.expecting import Answered, Expecting
from voice.hearing.languages import chosen
from voice.hearing.resampling import DoublingResampler
from voice.hearing.short_answers import BySound
from voice.hearing.transcript import SECONDS_PER_FRAME, Transcript, timed_words
from voice.journal.events import Word
from voice.language_tag import code

SAMPLE_RATE = 16_000
LONGEST = 30.0
"""Seconds Whisper can hear at once."""
SHORTEST = 0.1

_MEL_RATE = 100
_WINDOW = 3000
"""Mel frames of 10 ms in the whole window."""
_PADDING = 100
"""Mel frames of zeros behind the speech: in the mel domain, as in the windows Whisper was trained on."""
_SILENCE, _SILENCE_BEHIND_A_WORD = 200, 400
"""Encoder frames of 20 ms of borrowed silence behind those. Half of the first costs words, and a single word
needs the second: of 240 digits heard freely 37 % were wrong with it, 65 % with half of it."""
_WORD = 1.4
"""Seconds of the longest clip taken for a single word."""
_MARGIN = 10
"""Encoder frames between the sentence and the silence borrowed from behind it."""
_SAMPLES_A_FRAME = 320
_ANSWER = 1.8
"""Seconds of the longest clip taken for one short answer: 0.3 s around it are not its own."""
_ONE_DIGIT = 1.0
"""The same for one digit where several are expected, and may be said together."""
_HYPOTHESES = 5
"""Most of them differ in a comma only: with three there is half a one that says something else less."""
_LONGER = 8
"""Tokens by which another hypothesis may be longer than the first."""

Floats = NDArray[np.float32]


class HearingError(RuntimeError):
    """Speech cannot be transcribed; the message is one sentence with what mends it."""


@dataclass(frozen=True)
class _Encoded:
    """A clip behind the encoder."""

    ended: ctranslate2.StorageView
    """With what tells the decoder that no more comes."""
    speech: ctranslate2.StorageView
    """The clip and its padding alone, which the decoder looks at in a fraction of the time."""


@dataclass(frozen=True)
class _Reading:
    """One decoding of a clip."""

    tokens: list[int]
    text: str
    score: float
    """Mean log-probability of a token."""
    no_speech: float
    speech: ctranslate2.StorageView
    doubtful: bool


class Whisper:
    """One loaded model.

    Args:
        weights: folder of a converted model.
        threads: threads one decoding may use.

    Raises:
        HearingError: the weights cannot be loaded.
    """

    def __init__(self, weights: Path, threads: int) -> None:
        try:
            self._model = ctranslate2.models.Whisper(
                str(weights), device="cpu", compute_type="int8", intra_threads=threads, inter_threads=1
            )
            self._text = tokenizers.Tokenizer.from_file(str(weights / "tokenizer.json"))
        except Exception as error:  # the readers raise bare exceptions
            raise HearingError(
                f"The Whisper weights in {weights} cannot be loaded ({error}): run `hookflash models`."
            ) from error
        self._mel = FeatureExtractor(feature_size=self._model.n_mels)
        self._expecting = Expecting(self._model, self._text)
        self._annotations = Annotations(self._model, self._text)
        self._tokenizers: dict[str, Tokenizer] = {}
        sentence = self._mel(_spoken(borrowed_silence.SENTENCE))
        self._silence = borrowed_silence.recall(
            weights, lambda: np.array(self._encode(sentence, _WINDOW).speech)
        )
        self._silence_from = sentence.shape[1] // 2 + _MARGIN
        self.fingerprint: Floats = self._silence[0, : self._silence_from].mean(axis=0)
        """What the encoder makes of the sentence; tells it from other models'."""
        self._sounds = short_answers.load()
        if self._sounds is not None and not short_answers.like(self._sounds.fingerprint, self.fingerprint):
            self._sounds = None

    def transcribe(
        self,
        samples: Floats,
        languages: Sequence[str],
        expected: Expected | None = None,
        *,
        others: bool = False,
    ) -> Transcript:
        """Return what is said in a clip of 16 kHz mono, -1..1, at most 30 s.

        What is expected is looked for first. Otherwise greedy, without timestamps; again over the whole
        window where the text repeats itself, finds no end or is improbable.

        Args:
            samples: the clip.
            languages: the call's language, then those it may be instead.
            expected: what the caller is likely to say.
            others: whether to tell what else unsure words may have been, at the price of a second decoding.

        Raises:
            HearingError: Whisper does not know the language.
            ValueError: the clip is too long.
        """
        seconds = len(samples) / SAMPLE_RATE
        if seconds > LONGEST:
            raise ValueError(f"A clip of {seconds:.1f} s is longer than {LONGEST:.0f} s, all Whisper hears.")
        tokenizer = self._tokenizer(languages[0])
        if seconds < SHORTEST or loudest(samples) < decoding.SILENT:
            return Transcript(language=tokenizer.language_code, no_speech=1.0)
        mel = self._mel(samples)[:, :_WINDOW]
        encoded = self._encode_short(mel)
        several = isinstance(expected, Digits)
        short = digit(tokenizer.language_code) if isinstance(expected, Digits) else expected
        if short is not None and seconds <= (_ONE_DIGIT if several else _ANSWER):
            sound = self._by_sound(encoded, samples, tokenizer.language_code, short)
            answered = self._expecting.one_of(encoded.ended, seconds, tokenizer, short, sound)
            if answered is not None:
                return _answer(answered, seconds, tokenizer)
        tokenizer = self._tokenizer(self._language(encoded, languages))
        reading = self._read(encoded, seconds, tokenizer)
        nothing = decoding.is_nothing(reading.no_speech, reading.score) or (
            decoding.may_be_nothing(reading.no_speech, reading.score, seconds=seconds)
            and self._annotations.probability(encoded.ended, tokenizer) >= ANNOTATED
        )
        if isinstance(expected, Digits) and not nothing:
            answered = self._expecting.digits(
                encoded.ended,
                tokenizer,
                expected,
                reading.text,
                self._row(encoded, samples, tokenizer.language_code),
            )
            if answered is not None:
                return _answer(answered, seconds, tokenizer)
        if reading.doubtful and not nothing and mel.shape[1] + _PADDING < _WINDOW:
            again = self._read(self._encode(mel, _WINDOW), seconds, tokenizer)
            reading = again if not again.doubtful or again.score > reading.score else reading
            nothing = decoding.is_nothing(reading.no_speech, reading.score)
        if nothing:
            return Transcript(language=tokenizer.language_code, no_speech=reading.no_speech)
        words = self._worded(reading, seconds, tokenizer)
        if others and decoding.unsure(words.confidence):
            return msgspec.structs.replace(words, others=self._others(encoded, tokenizer, reading))
        return words

    def _by_sound(self, encoded: _Encoded, samples: Floats, language: str, expected: OneOf) -> BySound | None:
        if self._sounds is None:
            return None
        values = [answer.value for answer in expected.answers]
        return self._sounds.sounds(_frames(encoded, samples), samples, language, values)

    def _row(self, encoded: _Encoded, samples: Floats, language: str) -> DigitRow | None:
        words = self._sounds.words(language) if self._sounds is not None else None
        return None if words is None else DigitRow(_frames(encoded, samples), samples, words)

    def frames(self, samples: Floats) -> Floats:
        """Return what the encoder makes of a clip of 16 kHz, (frames of 20 ms, width)."""
        return _frames(self._encode_short(self._mel(samples)[:, :_WINDOW]), samples)

    def _language(self, encoded: _Encoded, languages: Sequence[str]) -> str:
        if len(languages) == 1 or not self._model.is_multilingual:
            return languages[0]
        probabilities = self._model.detect_language(encoded.ended)[0]
        return chosen({name.strip("<|>"): value for name, value in probabilities}, languages)

    def _tokenizer(self, language: str) -> Tokenizer:
        known = code(language)
        if known not in self._tokenizers:
            if self._text.token_to_id(f"<|{known}|>") is None:
                raise HearingError(f"Whisper does not know the language {language!r}: mend the playbook's.")
            multilingual = self._model.is_multilingual
            self._tokenizers[known] = Tokenizer(self._text, multilingual, task="transcribe", language=known)
        return self._tokenizers[known]

    def _encode(self, mel: Floats, frames: int) -> _Encoded:
        padded = np.zeros((1, mel.shape[0], frames), dtype=np.float32)
        padded[0, :, : mel.shape[1]] = mel
        encoded = self._model.encode(ctranslate2.StorageView.from_array(padded))
        return _Encoded(encoded, encoded)

    def _encode_short(self, mel: Floats) -> _Encoded:
        frames = min(mel.shape[1] + _PADDING, _WINDOW)
        encoded = self._encode(mel, frames + frames % 2).speech
        speech = np.array(encoded)
        start = max(speech.shape[1], self._silence_from)
        long = mel.shape[1] > _WORD * _MEL_RATE
        length = _SILENCE if long else _SILENCE_BEHIND_A_WORD
        silence = self._silence[:, start : start + length]
        ended = ctranslate2.StorageView.from_array(np.concatenate([speech, silence], axis=1))
        return _Encoded(ended, encoded)

    def _read(self, encoded: _Encoded, seconds: float, tokenizer: Tokenizer) -> _Reading:
        limit = decoding.token_limit(seconds)
        prompt = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        result = self._model.generate(
            encoded.ended,
            [prompt],
            beam_size=1,
            max_length=limit,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        tokens = [token for token in result.sequences_ids[0] if token < tokenizer.eot]
        text = tokenizer.decode(tokens).strip()
        score = float(result.scores[0])
        doubtful = decoding.doubtful(tokens, text, score, limit=limit - len(prompt), seconds=seconds)
        return _Reading(tokens, text, score, float(result.no_speech_prob), encoded.speech, doubtful)

    def _others(self, encoded: _Encoded, tokenizer: Tokenizer, reading: _Reading) -> tuple[str, ...]:
        prompt = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        result = self._model.generate(
            encoded.ended,
            [prompt],
            beam_size=_HYPOTHESES,
            num_hypotheses=_HYPOTHESES,
            max_length=len(prompt) + len(reading.tokens) + _LONGER,
        )[0]
        texts = [
            tokenizer.decode([token for token in tokens if token < tokenizer.eot])
            for tokens in result.sequences_ids
        ]
        return decoding.others(reading.text, texts)

    def _worded(self, reading: _Reading, seconds: float, tokenizer: Tokenizer) -> Transcript:
        tokens = reading.tokens
        loop = decoding.loop_start(tokens) if reading.doubtful else None
        if loop is not None:
            tokens = tokens[:loop]
        if not tokens:
            return Transcript(language=tokenizer.language_code, no_speech=reading.no_speech)
        frames = max(1, round(seconds / SECONDS_PER_FRAME)) * 2
        aligned = self._model.align(reading.speech, tokenizer.sot_sequence, [tokens], frames)[0]
        pieces, ids = tokenizer.split_to_word_tokens(tokens)
        words = timed_words(
            [(piece, len(group)) for piece, group in zip(pieces, ids, strict=True)],
            aligned.text_token_probs,
            aligned.alignments,
            seconds,
        )
        return Transcript(
            text=tokenizer.decode(tokens).strip(),
            language=tokenizer.language_code,
            confidence=sum(word.confidence for word in words) / max(1, len(words)),
            words=words,
            no_speech=reading.no_speech,
        )


def _frames(encoded: _Encoded, samples: Floats) -> Floats:
    """Return the part of an encoding that belongs to the clip itself."""
    frames: Floats = np.array(encoded.speech)[0, : len(samples) // _SAMPLES_A_FRAME + 1]
    return frames


def _answer(answered: Answered, seconds: float, tokenizer: Tokenizer) -> Transcript:
    word = Word(text=answered.text, start=0.0, end=seconds, confidence=answered.confidence)
    return Transcript(
        text=answered.text,
        language=tokenizer.language_code,
        confidence=answered.confidence,
        words=(word,),
    )


def _spoken(path: Path) -> Floats:
    telephone, _ = wave_file.read(path)
    doubled: Floats = DoublingResampler().double(telephone).astype(np.float32) / np.float32(32768)
    return doubled


def loudest(samples: Floats) -> float:
    """Return the level of the loudest 20 ms of a clip at 16 kHz, dB below full scale."""
    size = SAMPLE_RATE // 50
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    power = float((frames.astype(np.float64) ** 2).mean(axis=1).max(initial=0.0))
    return 10 * float(np.log10(max(power, 1e-12)))
