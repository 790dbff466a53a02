# ruff: noqa: RUF001  (phonemes)
"""Short answers as callers give them, and what else they say: `python -m audio_fixtures.answers PART FOLDER`.

The part `train` teaches the model of short answers, what is chosen is chosen on `development`, and what is
reported is measured on `final`. Conditions are those of telephone calls: 15 to 40 dB between speech and
noise, speech at -34 to -14 dB to full scale. Piper's one speaker is in all parts, in other sizes; of
Flite's four two teach and one is in each of the others; no variant of eSpeak NG's is in two parts.
"""

import csv
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from audio_fixtures.answer_texts import texts
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

_ACCENT = {
    "oui": "wˈi", "ouais": "wˈɛ", "d'accord": "dakˈɔːɹ", "exact": "ɛɡzˈakt", "non": "nˈɔn", "nan": "nˈɑn",
    "zéro": "zeɪɹˈoʊ", "un": "ˈʌn", "deux": "dˈɜ", "trois": "tɹwˈɑ", "quatre": "kˈætɹ", "cinq": "sˈæŋk",
    "six": "sˈis", "sept": "sˈɛt", "huit": "wˈit", "neuf": "nˈɜf", "oui oui": "wi wˈi",
    "oui merci": "wi mɛɹsˈi", "non merci": "nɔn mɛɹsˈi", "non non": "nɔn nˈɔn",
    "oui s'il vous plaît": "wi sil vu plˈɛ",
}  # fmt: skip
_VARIANTS = {
    "train": [
        "f1",
        "f3",
        "f4",
        "m1",
        "m3",
        "m5",
        "m7",
        "Andrea",
        "Gene",
        "adam",
        "anika",
        "belinda",
        "benjamin",
        "caleb",
    ],
    "development": ["f2", "m2", "m6", "Alex", "linda"],
    "final": ["f5", "m4", "m8", "Annie", "Michael", "john", "steph"],
}
_ACCENTS = {
    "en": ("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-029", "en-gb-x-gbclan", "en-gb-x-gbcwmd"),
    "fr": ("fr", "fr-be", "fr-ch"),
}
_JOE = {
    "train": ((0.8, 4), (0.87, 2), (0.93, -2), (1.0, 0), (1.0, 3), (1.07, -1), (1.14, 3), (1.2, 6)),
    "development": ((0.84, -2), (1.1, 4)),
    "final": ((0.9, 1), (0.97, -3), (1.17, 5)),
}
_KOKORO = {
    "en": (
        *(f"en-us+af_{name}" for name in (
            "alloy", "aoede", "bella", "heart", "jessica", "kore", "nicole", "nova", "river", "sarah",
            "sky")),
        *(f"en-us+am_{name}" for name in (
            "adam", "echo", "eric", "fenrir", "liam", "michael", "onyx", "puck", "santa")),
        *(f"en-gb+{name}" for name in (
            "bf_alice", "bf_emma", "bf_isabella", "bf_lily", "bm_daniel", "bm_fable", "bm_george",
            "bm_lewis")),
        *(f"en-us+{name}" for name in ("em_alex", "ff_siwis", "hm_omega", "zm_yunxi")),
    ),
    "fr": (
        *("fr+ff_siwis",) * 5,
        *(f"fr+{name}" for name in (
            "af_heart", "am_adam", "am_michael", "bm_fable", "ef_dora", "em_alex", "hm_omega", "if_sara",
            "im_nicola", "pm_alex")),
    ),
}  # fmt: skip
"""Its one French voice in several sizes, and others that speak with their accents."""
_KOKORO_PACE = 1.2
"""It speaks single words slowly."""
_SIZES = (1.0, 0.93, 1.06, 0.97, 1.1)
_FLITE = {"train": ("awb", "kal"), "development": ("rms",), "final": ("slt",)}


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
        everybody = _voices(part, language)
        for text, value, often in texts(part, language):
            voices = everybody if often is None else chance.sample(everybody, often)
            said += [Take(text, language, value, voice, _speed(voice, chance)) for voice in voices]
    said = [take for take in said if take.voice.program != "piper" or _for_piper(take)]
    return said + _by_kokoro() if part == "train" else said


def _by_kokoro() -> list[Take]:
    """Return what Kokoro teaches: answers of one word by every voice, all else half as often."""
    chance = random.Random("kokoro")  # noqa: S311 (who says what, and how fast)
    said: list[Take] = []
    for language, names in _KOKORO.items():
        everybody = [
            (Voice("kokoro", name, _SIZES[place % len(_SIZES)]), _KOKORO_PACE * chance.choice(SPEEDS))
            for place, name in enumerate(names)
        ]
        for text, value, often in texts("train", language):
            one_word = value and " " not in text
            voices = everybody if one_word else chance.sample(everybody, (often or 10) // 2)
            said += [Take(text, language, value, voice, speed) for voice, speed in voices]
    return said


def _speed(voice: Voice, chance: random.Random) -> float:
    """Return how fast something is said; Piper, slow to start, has one speed for each voice."""
    return (
        SPEEDS[round(100 * voice.size) % len(SPEEDS)] if voice.program == "piper" else chance.choice(SPEEDS)
    )


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
    padded = np.pad(sound, (round(lead * LINE_RATE), round(tail * LINE_RATE)))
    decibels, colour = LEVEL - chance.uniform(*SNR), chance.uniform(0, 2)
    noise = coloured_noise(len(padded), LINE_RATE, decibels, colour, int(chance.integers(1 << 30)))
    audio = (padded + noise) * 10 ** ((chance.uniform(*LEVELS) - LEVEL) / 20)
    linear = np.round(np.clip(audio, -1, 1) * 32767).astype(np.int16)
    coded: Samples = np.asarray(mulaw.decode(mulaw.encode(linear)), np.int16)
    return coded


def _voices(part: str, language: str) -> list[Voice]:
    noise = 0.7 if part == "train" else 0.5
    voices = [Voice("piper", "joe", size, pitch, noise) for size, pitch in _JOE[part]]
    if language == "en":
        voices += [
            Voice("flite", name, size, round(12 * (1 - size)))
            for name in _FLITE[part]
            for size in (0.9, 1.0, 1.1)
        ]
    accents = _ACCENTS[language]
    per = 2 if part == "train" and language == "fr" else 1
    voices += [
        Voice("espeak", f"{accents[(place + turn) % len(accents)]}+{variant}")
        for place, variant in enumerate(_VARIANTS[part])
        for turn in range(per)
    ]
    return voices


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
            rows = csv.writer(file)
            rows.writerow(("file", "text", "lang", "word", "value", "speaker"))
            for place, (take, sound) in enumerate(spoken(takes(part))):
                name, seed = f"{place:04}.wav", zlib.crc32(f"{part} {place}".encode())
                wave_file.write(folder / name, on_the_line(sound, seed, cut=part == "train"), LINE_RATE)
                word = take.text if take.value else ""
                rows.writerow((name, take.text, take.language, word, take.value, take.voice.label))
    except NoVoiceError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
