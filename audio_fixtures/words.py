"""Single words as callers say them: `python -m audio_fixtures.words development|final` renders one half.

What is chosen is chosen on the development half; what is reported is measured on the final one. They share
the words and no speaker: Piper's voice in other sizes and pitches, and other voices of eSpeak NG, at several
speeds. Noise is added when a word is heard, so that the same word is heard at several levels of it.
"""

import hashlib
import random
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec
import numpy as np
import soxr
from numpy.typing import NDArray

from audio_fixtures.script import Manner, Speaker
from audio_fixtures.speech import LINE_RATE, NoVoiceError, speak
from audio_fixtures.voicing import Audio, coloured_noise, set_level, telephone_band
from telephony.legs import mulaw
from voice import wave_file

Samples = NDArray[np.int16]

FOLDER = Path(__file__).with_name("words")
HALVES = ("development", "final")

_ANSWERS = {"en": ("yes", "no"), "fr": ("oui", "non")}
_OTHERS = {
    "en": (
        "agent", "operator", "a person please", "human", "help", "hello?", "what?", "sorry?", "wait", "maybe",
        "I don't know", "my refund", "seven", "nine", "now", "yesterday", "my address", "real person",
    ),
    "fr": (
        "conseiller", "un conseiller", "quelqu'un", "aide", "allô ?", "quoi ?", "pardon ?", "attendez",
        "peut-être", "je ne sais pas", "demain", "neuf", "mon compte", "agent",
    ),
}  # fmt: skip
_SIZES = {"development": (0.84, 0.92, 1.0, 1.08, 1.16), "final": (0.82, 0.88, 0.96, 1.04, 1.12, 1.2)}
_ESPEAK = {
    ("development", "en"): ("en-gb", "en-us+f2", "en-gb-scotland+m3", "en-029+f1", "en-us+m5"),
    ("final", "en"): (
        "en-us", "en-gb-x-rp+f3", "en-gb-x-gbclan+m4", "en-gb-x-gbcwmd+f4", "en-us-nyc+m7", "en-gb+m2",
    ),
    ("development", "fr"): ("fr", "fr-be+f2", "fr-ch+m3", "fr+m5", "fr-be+f4", "fr-ch+f1"),
    ("final", "fr"): ("fr-be", "fr-ch+f3", "fr+m4", "fr+f1", "fr-be+m2", "fr-ch+m7"),
}  # fmt: skip
_SPEEDS = (0.8, 1.0, 1.25)
NOISES = (-70.0, -44.0, -36.0)
"""Decibels below full scale, the speech lying at -24."""
LEAD, TAIL = 0.5, 0.9
"""Seconds of noise before and behind a word."""
_ESPEAK_WORDS_A_MINUTE = 165


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """One word in a half's WAV.

    Attributes:
        start: second at which its sound begins.
        end: second at which it ends.
        text: what is said.
        language: in which.
        speaker: by whom.
        answer: whether it is a yes or a no.
    """

    start: float
    end: float
    text: str
    language: str
    speaker: str
    answer: bool


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """A half: its words in their order, and the SHA-256 of its WAV."""

    audio_sha256: str
    words: tuple[Word, ...]


@dataclass(frozen=True)
class _Take:
    text: str
    language: str
    speaker: str
    speed: float


def load(half: str) -> Words:
    """Read a rendered half. Raises `FileNotFoundError` for one that is not there."""
    return msgspec.json.decode((FOLDER / f"{half}.json").read_bytes(), type=Words)


def heard(half: str) -> Iterator[tuple[Word, Samples]]:
    """Yield what a telephone brings of each word, 8 kHz: answers at every noise, all else at one of them.

    A word's sound begins `LEAD` seconds into it.
    """
    whole = wave_file.read(FOLDER / f"{half}.wav")[0] / 32768
    for place, word in enumerate(load(half).words):
        sound = whole[round(word.start * LINE_RATE) : round(word.end * LINE_RATE)]
        padded = np.pad(sound, (round(LEAD * LINE_RATE), round(TAIL * LINE_RATE)))
        for noise in NOISES if word.answer else NOISES[place % len(NOISES) :][:1]:
            yield word, _on_the_line(padded + coloured_noise(len(padded), LINE_RATE, noise, 1.0, place))


def _takes(half: str) -> Iterator[_Take]:
    chance = random.Random(half)  # noqa: S311 (who says what, and how fast)
    for language, answers in _ANSWERS.items():
        piper = [f"size {size}" for size in _SIZES[half]] if language == "en" else []
        speakers = [*piper, *_ESPEAK[half, language]]
        for text in answers:
            for speaker in speakers:
                yield _Take(text, language, speaker, chance.choice(_SPEEDS))
        for text in _OTHERS[language]:
            for speaker in chance.sample(speakers, 4):
                yield _Take(text, language, speaker, chance.choice(_SPEEDS))


def _sound(take: _Take) -> Audio:
    kind, _, size = take.speaker.partition(" ")
    if kind == "size":
        pitch = round(14 * (1 - float(size)))
        return speak(take.text, Manner(rate=take.speed), Speaker(size=float(size), pitch=pitch))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "word.wav"
        speed = str(round(_ESPEAK_WORDS_A_MINUTE * take.speed))
        command = ["espeak-ng", "-v", take.speaker, "-s", speed, "-w", str(path), "--", take.text]
        try:
            subprocess.run(command, capture_output=True, timeout=30, check=True)  # noqa: S603 (our own arguments)
        except (OSError, subprocess.SubprocessError) as error:
            raise NoVoiceError(f"eSpeak NG could not speak as {take.speaker}: {error}") from error
        raw, rate = wave_file.read(path)
    audio = soxr.resample(telephone_band(raw / 32768, rate), rate, LINE_RATE, quality="VHQ")
    loud = np.flatnonzero(np.abs(audio) > 0.02 * np.abs(audio).max())
    return set_level(audio[loud[0] : loud[-1] + 1], LINE_RATE, -24.0)


def _on_the_line(audio: Audio) -> Samples:
    """Return 16-bit samples that went through mu-law."""
    linear = np.round(np.clip(audio, -1, 1) * 32767).astype(np.int16)
    coded: Samples = mulaw.decode(mulaw.encode(linear)).astype(np.int16)
    return coded


def write(half: str) -> Words:
    """Render a half into `words/HALF.wav` and `.json`. Raises `NoVoiceError`."""
    words, parts, at = [], [], 0
    for take in _takes(half):
        sound = _sound(take)
        parts.append(sound)
        words.append(
            Word(
                start=round(at / LINE_RATE, 6),
                end=round((at + len(sound)) / LINE_RATE, 6),
                text=take.text,
                language=take.language,
                speaker=take.speaker,
                answer=take.text in _ANSWERS[take.language],
            )
        )
        at += len(sound)
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{half}.wav"
    wave_file.write(path, _on_the_line(np.concatenate(parts)), LINE_RATE)
    rendered = Words(audio_sha256=hashlib.sha256(path.read_bytes()).hexdigest(), words=tuple(words))
    (FOLDER / f"{half}.json").write_bytes(msgspec.json.format(msgspec.json.encode(rendered)) + b"\n")
    return rendered


@click.command()
@click.argument("half", type=click.Choice(HALVES))
def main(half: str) -> None:
    """Render one half."""
    try:
        click.echo(f"{half}: {len(write(half).words)} words")
    except NoVoiceError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
