"""Digits in rows, as they teach where one ends and the next begins; and sounds that are no words at all.

Each voice says the ten digits, put together with pauses so that every place to cut at is known, and rows of
them in one breath, where it is not.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from audio_fixtures import no_words, tones
from audio_fixtures.answer_texts import ANSWERS
from audio_fixtures.speech import LINE_RATE
from audio_fixtures.voices import LEVEL, Voice, say
from audio_fixtures.voicing import Audio, set_level

TOGETHER, IN_ONE_BREATH = 4, 2
"""Rows of each kind by each voice."""
_LENGTHS, _BREATHS = (5, 9), (4, 8)
_SHORTEST_GAPS, _WIDER = (0.02, 0.05, 0.1), (0.05, 0.15, 0.3)
"""Seconds between digits; each row keeps to a stretch of them."""
_OH = 0.4
"""Share of zeros that are said so in one breath."""
_SOUNDS = 120
_FIRST_SEED = 10_000
"""Of sounds: those below measure."""


@dataclass(frozen=True)
class Row:
    """Digits as one voice says them.

    Attributes:
        digits: which.
        sound: at `LEVEL`, 8 kHz.
        cuts: seconds of it at which one digit may be cut off from the next; none where that is not known.
    """

    digits: str
    sound: Audio
    cuts: tuple[float, ...]


def rows(
    voice: Voice,
    speed: float,
    names: Mapping[str, Sequence[str]],
    seed: str,
    kinds: tuple[int, int] = (TOGETHER, IN_ONE_BREATH),
) -> Iterator[Row]:
    """Yield a voice's rows.

    Args:
        voice: who.
        speed: times the usual.
        names: of each digit, as the voice is to be given them.
        seed: of what is said.
        kinds: how many put together, and in one breath.
    """
    together, in_one_breath = kinds
    chance = random.Random(seed)  # noqa: S311 (which digits)
    single = [(digit, name) for digit, each in names.items() for name in each]
    breaths = [_drawn(chance, _BREATHS) for _ in range(in_one_breath)]
    texts = [name for _, name in single]
    spoken = say(texts + [_in_one_breath(digits, names, chance) for digits in breaths], voice, speed)
    takes: dict[str, list[Audio]] = {}
    for (digit, _), sound in zip(single, spoken, strict=False):
        takes.setdefault(digit, []).append(sound)
    for _ in range(together):
        digits = _drawn(chance, _LENGTHS)
        yield _together(digits, [chance.choice(takes[digit]) for digit in digits], chance)
    for digits, sound in zip(breaths, spoken[len(single) :], strict=True):
        yield Row(digits, sound, ())


def sounds() -> Iterator[tuple[str, Audio]]:
    """Yield sounds that are no words, at `LEVEL`, and what each is."""
    kinds = dict(no_words.SOUNDS) | {"tones": tones.tones, "melody": tones.melody}
    for place in range(_SOUNDS):
        kind = list(kinds)[place % len(kinds)]
        yield kind, set_level(kinds[kind](_FIRST_SEED + place), LINE_RATE, LEVEL)


def plain_names(language: str) -> dict[str, tuple[str, ...]]:
    """Return what each digit is called."""
    return {value: words for value, words in ANSWERS[language].items() if value.isdigit()}


def _drawn(chance: random.Random, lengths: tuple[int, int]) -> str:
    return "".join(chance.choices("0123456789", k=chance.randint(*lengths)))


def _in_one_breath(digits: str, names: Mapping[str, Sequence[str]], chance: random.Random) -> str:
    said = [names[digit][-1 if chance.random() < _OH else 0] for digit in digits]
    text = " ".join(said)
    return text.replace(" ]] [[ ", " ")


def _together(digits: str, sounds: Sequence[Audio], chance: random.Random) -> Row:
    shortest = chance.choice(_SHORTEST_GAPS)
    widest = shortest + chance.choice(_WIDER)
    parts: list[Audio] = []
    cuts: list[float] = []
    at = 0
    for sound in sounds:
        gap = round(chance.uniform(shortest, widest) * LINE_RATE)
        parts += [sound, np.zeros(gap)]
        at += len(sound) + gap
        cuts.append((at - gap / 2) / LINE_RATE)
    return Row(digits, np.concatenate(parts[:-1]), tuple(cuts[:-1]))
