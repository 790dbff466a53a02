# ruff: noqa: RUF001  (phonemes)
"""Short answers as callers give them, and what else they say: `python -m audio_fixtures.answers PART FOLDER`.

The part `train` teaches the model of short answers, what is chosen is chosen on `development`, and what is
reported is measured on `final`. Conditions are those of telephone calls: 15 to 40 dB between speech and
noise, speech at -34 to -14 dB to full scale.
"""

import csv
import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from audio_fixtures.answer_texts import further_words, texts
from audio_fixtures.answer_voices import KOKORO_PACE, further_voices, kokoro_voices, voices
from audio_fixtures.digit_rows import IN_ONE_BREATH, TOGETHER, Row, plain_names, rows, sounds
from audio_fixtures.speech import LINE_RATE, NoVoiceError
from audio_fixtures.voices import LEVEL, Voice, say
from audio_fixtures.voicing import Audio, coloured_noise
from telephony.legs import mulaw
from voice import wave_file

Samples = NDArray[np.int16]

PARTS = ("train", "development", "final")
LEAD, TAIL = 0.5, 0.9
"""Seconds of noise before and behind what is said."""
SPEEDS = (0.8, 0.9, 1.0, 1.12, 1.25)
SNR = (15.0, 40.0)
LEVELS = (-34.0, -14.0)
_SPOKEN, _WORDS = 240, (3, 8)
"""Clips of other words in each language that teach what no digits are, and how many words each has."""
_MORE_ROWS = (8, 3)
"""Rows of each kind that voices like people's say once more."""
_MANY = 12
"""Voices of Kokoro's of whom all say an answer."""

_ACCENT = {
    "oui": "wˈi", "ouais": "wˈɛ", "d'accord": "dakˈɔːɹ", "exact": "ɛɡzˈakt", "non": "nˈɔn", "nan": "nˈɑn",
    "zéro": "zeɪɹˈoʊ", "un": "ˈʌn", "deux": "dˈɜ", "trois": "tɹwˈɑ", "quatre": "kˈætɹ", "cinq": "sˈæŋk",
    "six": "sˈis", "sept": "sˈɛt", "huit": "wˈit", "neuf": "nˈɜf", "oui oui": "wi wˈi",
    "oui merci": "wi mɛɹsˈi", "non merci": "nɔn mɛɹsˈi", "non non": "nɔn nˈɔn",
    "oui s'il vous plaît": "wi sil vu plˈɛ",
}  # fmt: skip


@dataclass(frozen=True)
class Take:
    """What one voice says.

    Attributes:
        text: the words.
        language: of them.
        value: of the answer: a digit, `yes`, `no`, `oui`, `non`; empty for anything else.
        voice: who says it.
        speed: how fast, times the usual.
    """

    text: str
    language: str
    value: str
    voice: Voice
    speed: float


def takes(part: str) -> list[Take]:
    """Return everything said in a part, in a fixed order."""
    chance = random.Random(part)  # noqa: S311 (who says what, and how fast)
    said: list[Take] = []
    for language in ("en", "fr"):
        everybody = voices(part, language)
        for text, value, often in texts(part, language):
            chosen = everybody if often is None else chance.sample(everybody, often)
            said += [Take(text, language, value, voice, _speed(voice, chance)) for voice in chosen]
    said = [take for take in said if take.voice.program != "piper" or _for_piper(take)]
    return said + _by_kokoro() + _further() if part == "train" else said


def _by_kokoro() -> list[Take]:
    """Return what Kokoro teaches: answers of one word by every voice, all else half as often."""
    chance = random.Random("kokoro")  # noqa: S311 (who says what, and how fast)
    said: list[Take] = []
    for language in ("en", "fr"):
        everybody = [(voice, _speed(voice, chance)) for voice in kokoro_voices(language)]
        for text, value, often in texts("train", language):
            one_word = value and " " not in text
            chosen = everybody if one_word else chance.sample(everybody, (often or 10) // 2)
            said += [Take(text, language, value, voice, speed) for voice, speed in chosen]
    return said


def _further() -> list[Take]:
    """Return what further voices teach: answers by all of them, other words by one of every program."""
    chance = random.Random("further")  # noqa: S311 (who says what, and how fast)
    said: list[Take] = []
    for language in ("en", "fr"):
        programs = further_voices(language)
        pace = {voice: _speed(voice, chance) for voice in programs["kokoro"]}
        answers = {text: value for text, value, _ in texts("train", language)}
        for text, value in (answers | dict.fromkeys(further_words(language), "")).items():
            said += [
                Take(text, language, value, voice, pace.get(voice) or _speed(voice, chance))
                for program, everybody in programs.items()
                for voice in _who(program, everybody, text, value, chance)
            ]
    return said


def _who(program: str, everybody: list[Voice], text: str, value: str, chance: random.Random) -> list[Voice]:
    """Return which of one program's voices say a text; Kokoro's are slow to speak."""
    if not value:
        return [chance.choice(everybody)]
    if " " in text or (program == "kokoro" and len(everybody) > _MANY):
        return chance.sample(everybody, len(everybody) // 3)
    return everybody


def _in_rows() -> Iterator[tuple[str, Row, str]]:
    """Yield digits in rows and, as rows of none, other sounds: language, row and who says it."""
    chance = random.Random("rows")  # noqa: S311 (how fast)
    for language in ("en", "fr"):
        further = further_voices(language)
        quick = [*voices("train", language), *further["pico"], *further["espeak"]]
        yield from _rows_by((*quick, *kokoro_voices(language)), language, chance)
    for place, (kind, sound) in enumerate(sounds()):
        yield ("en", "fr")[place % 2], Row("", sound, ()), kind
    for language in ("en", "fr"):
        for voice, text in _other_speech(language, chance):
            yield language, Row("", say([text], voice, _speed(voice, chance))[0], ()), voice.label
    for language in ("en", "fr"):
        again = (*further_voices(language)["pico"], *kokoro_voices(language))
        yield from _rows_by(again, language, chance, " more", _MORE_ROWS)


def _rows_by(
    everybody: Sequence[Voice],
    language: str,
    chance: random.Random,
    seed: str = "",
    kinds: tuple[int, int] = (TOGETHER, IN_ONE_BREATH),
) -> Iterator[tuple[str, Row, str]]:
    """Yield each voice's rows, with language and who says them; `seed` tells one round from another."""
    for voice in dict.fromkeys(everybody):
        names, speed = _names(voice, language), _speed(voice, chance)
        for row in rows(voice, speed, names, f"{language} {voice.label}{seed}", kinds):
            yield language, row, voice.label


def _other_speech(language: str, chance: random.Random) -> Iterator[tuple[Voice, str]]:
    """Yield several words that are no digits, and who says them; half of it is said by SVOX Pico."""
    words = further_words(language)
    quick = [voice for voice in voices("train", language) if voice.program != "piper" or language == "en"]
    pico = further_voices(language)["pico"]
    for place in range(_SPOKEN):
        voice = chance.choice(pico if place % 2 else quick)
        yield voice, " ".join(chance.sample(words, chance.randint(*_WORDS)))


def _names(voice: Voice, language: str) -> dict[str, tuple[str, ...]]:
    names = plain_names(language)
    if voice.program != "piper" or language == "en":
        return names
    return {digit: tuple(f"[[ {_ACCENT[word]} ]]" for word in words) for digit, words in names.items()}


def _write_row(path: Path, row: Row, place: int) -> str:
    """Write a row as a telephone brings it; return the seconds of the file at which it may be cut."""
    chance = np.random.default_rng(zlib.crc32(f"row {place}".encode()))
    lead, tail = chance.uniform(0.1, 0.32), chance.uniform(0.1, 0.5)
    wave_file.write(path, _telephoned(row.sound, lead, tail, chance), LINE_RATE)
    return " ".join(f"{cut + lead:.3f}" for cut in row.cuts)


def _speed(voice: Voice, chance: random.Random) -> float:
    """Return how fast something is said; Piper, slow to start, has one speed for each voice."""
    if voice.program == "piper":
        return SPEEDS[round(100 * voice.size) % len(SPEEDS)]
    return chance.choice(SPEEDS) * (KOKORO_PACE if voice.program == "kokoro" else 1.0)


def spoken(said: list[Take]) -> Iterator[tuple[Take, Audio]]:
    """Yield every take with its sound, 8 kHz and without noise, in an order of their own."""
    groups: dict[tuple[Voice, float], list[Take]] = {}
    for take in said:
        groups.setdefault((take.voice, take.speed), []).append(take)
    for (voice, speed), group in groups.items():
        texts = [_for_piper(take) if voice.program == "piper" else take.text for take in group]
        yield from zip(group, say(texts, voice, speed), strict=True)


def on_the_line(sound: Audio, seed: int, *, cut: bool = False) -> Samples:
    """Return a sound with quiet around it as a telephone brings it, 8 kHz.

    Args:
        sound: at `LEVEL`.
        seed: of the noise, its colour and level, and the level of the speech.
        cut: with no more around it than the segmenter of a call leaves.
    """
    chance = np.random.default_rng(seed)
    lead, tail = (chance.uniform(0.15, 0.32), chance.uniform(0.05, 0.25)) if cut else (LEAD, TAIL)
    return _telephoned(sound, lead, tail, chance)


def _telephoned(sound: Audio, lead: float, tail: float, chance: np.random.Generator) -> Samples:
    padded = np.pad(sound, (round(lead * LINE_RATE), round(tail * LINE_RATE)))
    decibels, colour = LEVEL - chance.uniform(*SNR), chance.uniform(0, 2)
    noise = coloured_noise(len(padded), LINE_RATE, decibels, colour, int(chance.integers(1 << 30)))
    audio = (padded + noise) * 10 ** ((chance.uniform(*LEVELS) - LEVEL) / 20)
    linear = np.round(np.clip(audio, -1, 1) * 32767).astype(np.int16)
    coded: Samples = np.asarray(mulaw.decode(mulaw.encode(linear)), np.int16)
    return coded


def _for_piper(take: Take) -> str:
    """Return what Piper is given to say; empty where "joe" cannot say it."""
    if take.language == "en":
        return take.text
    return f"[[ {_ACCENT[take.text]} ]]" if take.text in _ACCENT else ""


@click.command()
@click.argument("part", type=click.Choice(PARTS))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def main(part: str, folder: Path) -> None:
    """Render a part into FOLDER: telephone clips, and a manifest.csv that tells what each is."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
            manifest = csv.writer(file)
            manifest.writerow(("file", "text", "lang", "word", "value", "speaker", "cuts"))
            everything = takes(part)
            for place, (take, sound) in enumerate(spoken(everything)):
                name, seed = f"{place:04}.wav", zlib.crc32(f"{part} {place}".encode())
                wave_file.write(folder / name, on_the_line(sound, seed, cut=part == "train"), LINE_RATE)
                word = take.text if take.value else ""
                manifest.writerow((name, take.text, take.language, word, take.value, take.voice.label, ""))
            if part == "train":
                for place, (language, row, speaker) in enumerate(_in_rows(), start=len(everything)):
                    name = f"{place:04}.wav"
                    cuts = _write_row(folder / name, row, place)
                    manifest.writerow((name, row.digits, language, "", row.digits, speaker, cuts))
    except NoVoiceError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
