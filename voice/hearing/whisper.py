"""Whisper, encoding no more of its 30 s window than the speech needs.

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

import msgspec
import numpy as np
import tokenizers
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.tokenizer import Tokenizer

from voice import wave_file
from voice.hearing import borrowed_silence, decoding
from voice.hearing.annotations import ANNOTATED, Annotations
from voice.hearing.by_sound import Sounds
from voice.hearing.expected import Digits, Expected, digit
from voice.hearing.expecting import Answered, Expecting, digits_by_sound, like_digits
from voice.hearing.languages import chosen
from voice.hearing.resampling import DoublingResampler
from voice.hearing.speech_model import Floats, Memory, SpeechModel, Written
from voice.hearing.transcript import SECONDS_PER_FRAME, Transcript, timed_words
from voice.hearing.writing import Text, begins, write
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
_PROMPT = 4
"""Tokens of a prompt at most, which count among those a clip may have."""
_SAMPLES_A_FRAME = 320
LONGEST_ANSWER = 1.8
"""Seconds of the longest clip taken for one short answer: 0.3 s around it are not its own."""
_ONE_DIGIT = 1.0
"""The same for one digit where several are expected, and may be said together."""
_FORKS = 6
"""Other texts that are followed up where the words are in doubt; some differ in a comma only."""


class HearingError(RuntimeError):
    """Speech cannot be transcribed; the message is one sentence with what mends it."""


@dataclass(frozen=True)
class _Clip:
    """A clip behind the encoder.

    Attributes:
        samples: 16 kHz.
        mel: its spectrogram, (bands, 10 ms each).
        states: the clip and its padding, (20 ms each, width).
        memory: the same with what tells the decoder that no more comes.
    """

    samples: Floats
    mel: Floats
    states: Floats
    memory: Memory

    @property
    def seconds(self) -> float:
        return len(self.samples) / SAMPLE_RATE

    @property
    def frames(self) -> Floats:
        """The part of the states that belongs to the clip itself."""
        return self.states[: len(self.samples) // _SAMPLES_A_FRAME + 1]


@dataclass(frozen=True)
class _Reading:
    """One decoding of a clip.

    Attributes:
        begun: its prompt, read.
        written: its tokens.
        text: the same as text.
        no_speech: probability that nobody spoke.
        doubtful: whether it wants the whole window.
    """

    begun: Written
    written: Text
    text: str
    no_speech: float
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
            self._model = SpeechModel(weights, threads)
            self._text = tokenizers.Tokenizer.from_file(str(weights / "tokenizer.json"))
        except Exception as error:  # the readers raise bare exceptions
            raise HearingError(
                f"The Whisper weights in {weights} cannot be loaded ({error}): run `hookflash models`."
            ) from error
        self._mel = FeatureExtractor(feature_size=self._model.bands)
        self._known = {
            str(self._text.id_to_token(token)).strip("<|>"): token for token in self._model.languages
        }
        self._expecting = Expecting(self._model, self._text)
        self._annotations = Annotations(self._text)
        self._tokenizers: dict[str, Tokenizer] = {}
        sentence = self._mel(_spoken(borrowed_silence.SENTENCE))
        silence = borrowed_silence.recall(weights, lambda: self._model.encode(_padded(sentence, _WINDOW)))
        self._silence = self._model.memory(silence)
        self._silence_from = sentence.shape[1] // 2 + _MARGIN
        self.fingerprint: Floats = silence[: self._silence_from].mean(axis=0)
        """What the encoder makes of the sentence; tells it from other models'."""
        self._sounds = Sounds(self.fingerprint)

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
        clip = self._clip(samples)
        answered = self._short_answer(clip, tokenizer, expected)
        if answered is not None:
            return _answer(answered, seconds, tokenizer)
        return self._longer(clip, languages, expected, others=others)

    def _short_answer(self, clip: _Clip, tokenizer: Tokenizer, expected: Expected | None) -> Answered | None:
        """Return one of the answers expected, or one digit of several; None where it was something else."""
        language, several = tokenizer.language_code, isinstance(expected, Digits)
        short = digit(language) if isinstance(expected, Digits) else expected
        if short is None or clip.seconds > (_ONE_DIGIT if several else LONGEST_ANSWER):
            return None
        sound = self._sounds.one_of(clip.frames, clip.samples, language, short)
        return self._expecting.one_of(clip.memory, clip.seconds, tokenizer, short, sound)

    def _longer(
        self, clip: _Clip, languages: Sequence[str], expected: Expected | None, *, others: bool
    ) -> Transcript:
        start = self._model.read(clip.memory, (self._tokenizer(languages[0]).sot,))
        tokenizer, seconds = self._tokenizer(self._language(start, languages)), clip.seconds
        digits = expected if isinstance(expected, Digits) else None
        row = None
        if digits is not None:
            row = self._sounds.digits(clip.frames, clip.samples, tokenizer.language_code, digits)
            answered = digits_by_sound(row, digits)
            if answered is not None:
                return _answer(answered, seconds, tokenizer)
        reading = self._read(start, seconds, tokenizer)
        nothing = decoding.is_nothing(reading.no_speech, reading.written.score) or (
            decoding.may_be_nothing(reading.no_speech, reading.written.score, seconds=seconds)
            and self._annotations.probability(reading.begun) >= ANNOTATED
        )
        if digits is not None and (not nothing or like_digits(row)):
            answered = self._expecting.digits(clip.memory, tokenizer, digits, reading.text, row)
            if answered is not None:
                return _answer(answered, seconds, tokenizer)
        if reading.doubtful and not nothing and clip.mel.shape[1] + _PADDING < _WINDOW:
            reading = self._better(reading, clip.mel, seconds, tokenizer)
            nothing = decoding.is_nothing(reading.no_speech, reading.written.score)
        if nothing:
            return Transcript(language=tokenizer.language_code, no_speech=reading.no_speech)
        words = _worded(reading, seconds, tokenizer)
        if others and decoding.unsure(words.confidence):
            return msgspec.structs.replace(words, others=self._others(reading, seconds, tokenizer))
        return words

    def _better(self, reading: _Reading, mel: Floats, seconds: float, tokenizer: Tokenizer) -> _Reading:
        """Read a clip once more over the whole window; return the better reading."""
        memory = self._model.memory(self._model.encode(_padded(mel, _WINDOW)))
        again = self._read(self._model.read(memory, (tokenizer.sot,)), seconds, tokenizer)
        return again if not again.doubtful or again.written.score > reading.written.score else reading

    def frames(self, samples: Floats) -> Floats:
        """Return what the encoder makes of a clip of 16 kHz, (frames of 20 ms, width)."""
        return self._clip(samples).frames

    def _language(self, start: Written, languages: Sequence[str]) -> str:
        if len(languages) == 1 or not self._model.multilingual:
            return languages[0]
        probabilities = start.probabilities
        return chosen({name: float(probabilities[token]) for name, token in self._known.items()}, languages)

    def _tokenizer(self, language: str) -> Tokenizer:
        known = code(language)
        if known not in self._tokenizers:
            if self._text.token_to_id(f"<|{known}|>") is None:
                raise HearingError(f"Whisper does not know the language {language!r}: mend the playbook's.")
            multilingual = self._model.multilingual
            self._tokenizers[known] = Tokenizer(self._text, multilingual, task="transcribe", language=known)
        return self._tokenizers[known]

    def _clip(self, samples: Floats) -> _Clip:
        mel = self._mel(samples)[:, :_WINDOW]
        frames = min(mel.shape[1] + _PADDING, _WINDOW)
        states = self._model.encode(_padded(mel, frames + frames % 2))
        start = max(len(states), self._silence_from)
        long = mel.shape[1] > _WORD * _MEL_RATE
        length = _SILENCE if long else _SILENCE_BEHIND_A_WORD
        silence = self._silence.part(start, start + length)
        return _Clip(samples, mel, states, self._model.memory(states).and_then(silence))

    def _read(self, start: Written, seconds: float, tokenizer: Tokenizer) -> _Reading:
        """Read a clip.

        Args:
            start: its first token read.
            seconds: its length.
            tokenizer: of its language.
        """
        begun = start.then(*tokenizer.sot_sequence[1:], tokenizer.no_timestamps)
        limit = decoding.token_limit(seconds) - _PROMPT
        model = self._model
        written = write(
            begun, limit, tokenizer.eot, forbidden=model.forbidden, forbidden_first=model.forbidden_first
        )
        text = tokenizer.decode(list(written.tokens)).strip()
        doubtful = decoding.doubtful(written.tokens, text, written.score, limit=limit, seconds=seconds)
        no_speech = float(start.probabilities[tokenizer.no_speech])
        return _Reading(begun, written, text, no_speech, doubtful)

    def _others(self, reading: _Reading, seconds: float, tokenizer: Tokenizer) -> tuple[str, ...]:
        """Return what else was nearly written: what follows where another token nearly came."""
        limit = decoding.token_limit(seconds) - _PROMPT
        found: list[tuple[float, str]] = []
        for fork in reading.written.forks[:_FORKS]:
            rest = write(
                fork.begun.then(fork.token),
                limit - fork.place,
                tokenizer.eot,
                forbidden=self._model.forbidden,
            )
            tokens = (*reading.written.tokens[: fork.place], fork.token, *rest.tokens)
            probabilities = (*reading.written.probabilities[: fork.place], fork.probability)
            total = float(np.log(probabilities).sum()) + rest.score * max(1, len(rest.tokens))
            found.append((total / len(tokens), tokenizer.decode(list(tokens))))
        return decoding.others(reading.text, [text for _, text in sorted(found, reverse=True)])


def _worded(reading: _Reading, seconds: float, tokenizer: Tokenizer) -> Transcript:
    tokens = reading.written.tokens
    loop = decoding.loop_start(tokens) if reading.doubtful else None
    tokens = tokens[:loop]
    if not tokens:
        return Transcript(language=tokenizer.language_code, no_speech=reading.no_speech)
    states = max(1, round(seconds / SECONDS_PER_FRAME))
    starts = begins(reading.written.looks[:, : len(tokens) + 1], states)
    pieces, ids = tokenizer.split_to_word_tokens(list(tokens))
    words = timed_words(
        [(piece, len(group)) for piece, group in zip(pieces, ids, strict=True)],
        reading.written.probabilities,
        starts,
        seconds,
    )
    return Transcript(
        text=tokenizer.decode(list(tokens)).strip(),
        language=tokenizer.language_code,
        confidence=sum(word.confidence for word in words) / max(1, len(words)),
        words=words,
        no_speech=reading.no_speech,
    )


def _padded(mel: Floats, frames: int) -> Floats:
    """Return a mel spectrogram with zeros behind it."""
    padded: Floats = np.pad(mel, ((0, 0), (0, frames - mel.shape[1])))
    return padded


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
