"""Asking Whisper for what is expected instead of for whatever it would write. Blocks, in the engine's thread.

One short answer is told from the decoder's first step alone: the probabilities of all spellings of each
answer are added up. With the expected words as the text before, 240 single digits of six people over the
telephone were 95.4 % right; 87.5 % without, and 74 % in the free text of the same model. That text also makes
the model hear digits in anything, so a second step, behind what callers say instead, must agree.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import tokenizers
from faster_whisper.tokenizer import Tokenizer

from voice.hearing.digit_row import DigitRow, Row
from voice.hearing.expected import (
    DRAWN_OUT,
    LEAST_AGAINST,
    Digits,
    OneOf,
    beginning,
    digit_share,
    most_agreed,
    spoken_digits,
    without_loop,
)
from voice.hearing.short_answers import BySound
from voice.hearing.speech_model import Memory, Probabilities, SpeechModel, Written
from voice.hearing.spellings import DigitStyle, Spelling, Spelt, Tokens
from voice.hearing.writing import write

SURE = 1.0
"""Odds by sound from which "no thanks", or another answer of several words, is one without more ado."""
GOES_ON = 0.5
"""Probability of more words behind an answer from which it was only the beginning of what was said."""

MOSTLY = 0.6
"""Share of a text's words that must be digits for it to be a string of them."""

LIKE_A_ROW = -1.5
"""Log probability a digit from which a clip sounds like a row of them: three people's and synthetic voices'
rows had -1.4 and more, but for one in fifty run together; sentences, coughs, laughter, tones and babble -1.9
at most."""
CLEAR = -0.2
"""The same from which nothing need be read: five rows of six of people, and as few of their digits wrong."""

_UNLIKELY = 0.02
"""A spelling whose first tokens have less probability is not followed up."""
_NEVER = 1e-9
_TOKENS_A_DIGIT = 2
_TOKENS_AT_LEAST = 30
_KEPT = 64


@dataclass(frozen=True)
class Answered:
    """What an answer was taken for, and how sure that is, 0..1."""

    text: str
    confidence: float


@dataclass(frozen=True)
class _Scores:
    """Probabilities of each answer's spellings, and of the likeliest token that begins none of them."""

    answers: tuple[dict[Tokens, float], ...]
    other: float
    written: dict[Tokens, Written]
    """Beginnings of the spellings."""

    @property
    def totals(self) -> Probabilities:
        return np.array([sum(answer.values()) for answer in self.answers])

    @property
    def odds(self) -> Probabilities:
        return self.totals / max(self.other, _NEVER)

    def behind(self, answer: int) -> Written:
        *before, last = max(self.answers[answer], key=self.answers[answer].__getitem__)
        return self.written[tuple(before)].then(last)


class Expecting:
    """Compares a clip with what is expected.

    Args:
        model: the loaded weights.
        vocabulary: their tokenizer.
    """

    def __init__(self, model: SpeechModel, vocabulary: tokenizers.Tokenizer) -> None:
        self._model = model
        spelling = Spelling(vocabulary)
        self._ends = list(spelling.ends)
        self._one_of = lru_cache(_KEPT)(spelling.one_of)
        self._words = lru_cache(_KEPT)(spelling.words)
        self._figures = spelling.figures()

    def one_of(
        self,
        memory: Memory,
        seconds: float,
        tokenizer: Tokenizer,
        expected: OneOf,
        sound: BySound | None = None,
    ) -> Answered | None:
        """Return the answer that was given; None where it is in doubt.

        Args:
            memory: the clip.
            seconds: how long it is.
            tokenizer: of its language.
            expected: the answers.
            sound: what it sounds like, where that can be told.
        """
        if sound is not None and (several := _of_several_words(sound, expected)) is not None:
            return several
        spelt = self._one_of(expected, tokenizer.language_code)
        start = (*tokenizer.sot_sequence, tokenizer.no_timestamps)
        likely = _scored(self._model.read(memory, (*spelt.before, *start)), spelt)
        against = _scored(self._model.read(memory, (*spelt.against, *start)), spelt)
        both, least = likely.odds * against.odds, expected.least
        if sound is not None:
            both = both**expected.by_text * sound.odds
            least = expected.least_with_sound
        best = int(both.argmax())
        least *= DRAWN_OUT if seconds > expected.at_most else 1.0
        if both[best] < least or (sound is None and against.odds[best] < LEAST_AGAINST):
            return None
        ends = likely.behind(best).probabilities[self._ends].sum()
        if 1.0 - ends > GOES_ON:
            return None
        sure = float(likely.totals[best])
        if sound is not None:
            sure = max(sure, _share(float(sound.odds[best])))
        return Answered(expected.answers[best].value, min(1.0, sure))

    def digits(
        self,
        memory: Memory,
        tokenizer: Tokenizer,
        expected: Digits,
        free: str,
        row: DigitRow | None = None,
    ) -> Answered | None:
        """Return the digits that were said; None where it was something else, or more.

        Fewer than expected are the part before a pause, or what is left: the free text of a part is as bad.
        Where no reading has the right check digit it is what was most likely said: who asked finds it wrong.

        The clip is read again as words, with nothing but digits allowed, and a third time as figures where
        that differs from the first: each reading gets other digits wrong. Where the free text is about
        something else and it does not sound like a row of digits, so is the caller. A row that sounds like
        too few or too many has other words in it ("double zero"): there the readings alone count.

        Args:
            memory: the clip.
            tokenizer: of its language.
            expected: how many digits, and their check digit.
            free: the clip's text as it was written freely.
            row: the digits by their sound, where that can be told.
        """
        language = tokenizer.language_code
        sounds = _like_a_row(row)
        if sounds is None and digit_share(free, language) < MOSTLY:
            return None
        words = self._read(memory, tokenizer, expected, self._words(language))
        readings = [without_loop(spoken_digits(free, language), expected), words]
        if words != readings[0] or words is None or not expected.allow(words):
            readings.append(self._read(memory, tokenizer, expected, self._figures))
        told = [reading for reading in readings if reading]
        likelihood = None
        if row is not None and sounds is not None and expected.least <= len(sounds.digits) <= expected.most:
            told.append(sounds.digits)
            likelihood = row.likelihood
        digits = most_agreed(told, expected, likelihood)
        if digits is None and expected.check is not None:
            digits = most_agreed(told, Digits(expected.least, expected.most), likelihood)
        if digits is None:
            digits = beginning(told, expected)
        return None if digits is None else Answered(digits, min(1.0, told.count(digits) / len(readings)))

    def _read(
        self,
        memory: Memory,
        tokenizer: Tokenizer,
        expected: Digits,
        style: DigitStyle,
    ) -> str | None:
        prompt = (*style.before, *tokenizer.sot_sequence, tokenizer.no_timestamps)
        text = write(
            self._model.read(memory, prompt),
            _TOKENS_AT_LEAST + _TOKENS_A_DIGIT * expected.most,
            tokenizer.eot,
            forbidden=style.forbidden,
            forbidden_first=self._model.forbidden_first,
        )
        digits = spoken_digits(tokenizer.decode(list(text.tokens)), tokenizer.language_code)
        return without_loop(digits, expected)


def _scored(begun: Written, spelt: Spelt) -> _Scores:
    """Return how probable the spellings are as what comes next; the beginnings they share are read once."""
    written: dict[Tokens, Written] = {(): begun}
    probabilities: dict[Tokens, Probabilities] = {(): begun.probabilities}

    def probability(spelling: Tokens) -> float:
        product = 1.0
        for place, token in enumerate(spelling):
            before = spelling[:place]
            if place and product < _UNLIKELY:
                return 0.0
            if before not in written:
                written[before] = written[before[:-1]].then(before[-1])
                probabilities[before] = written[before].probabilities
            product *= float(probabilities[before][token])
        return product

    scores = tuple({spelling: probability(spelling) for spelling in each} for each in spelt.spellings)
    other = probabilities[()].copy()
    other[[spelling[0] for each in spelt.spellings for spelling in each]] = 0.0
    return _Scores(scores, float(other.max()), written)


def digits_by_sound(row: DigitRow | None, expected: Digits) -> Answered | None:
    """Return all the digits expected, where they are clear by their sound alone; before any text."""
    sounds = _like_a_row(row)
    if sounds is None or sounds.each < CLEAR or not expected.allow(sounds.digits):
        return None
    return Answered(sounds.digits, math.exp(sounds.each))


def like_digits(row: DigitRow | None) -> bool:
    """Return whether a clip sounds like a row of digits, whatever is read."""
    return _like_a_row(row) is not None


def _like_a_row(row: DigitRow | None) -> Row | None:
    likeliest = row.best if row is not None else None
    return likeliest if likeliest is not None and likeliest.each >= LIKE_A_ROW else None


def _of_several_words(sound: BySound, expected: OneOf) -> Answered | None:
    best = int(sound.odds.argmax())
    odds = float(sound.odds[best])
    if " " not in sound.spellings[best] or odds < SURE:
        return None
    return Answered(expected.answers[best].value, _share(odds))


def _share(odds: float) -> float:
    """Return the probability that odds stand for."""
    return odds / (1 + odds)
