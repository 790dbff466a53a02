"""The scenes of `benchmarks.not_speech`: what is no words, and callers with it around and behind theirs.

People's sounds and voices are read from HOOKFLASH_CORPORA; without it there are the project's own alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice

import numpy as np
from numpy.typing import NDArray

from audio_fixtures import no_words, recording
from audio_fixtures.script import AGENTS, CALLS
from audio_fixtures.voicing import Audio, coloured_noise, set_level
from benchmarks.utterance_sets import corpora, flac
from telephony.calls.hold_music import HoldMusic
from telephony.legs import mulaw
from voice import wave_file

RATE = 8_000
LEVEL = -24.0
"""Of a caller's speech, decibels to full scale."""
LINE_NOISE = -65.0
BEHIND = (10.0, 15.0, 20.0)
"""Decibels by which what is behind the caller lies below them."""
APART = 5.0
"""Seconds before, between and behind a caller's lines."""
SAID = 3
"""Lines of a caller."""
EACH = 16
"""Sounds of each kind that are made here."""
LONG = 10.0
"""Seconds of a stretch of what goes on."""
_FAINT = {"breaths": -38.0}
_RAVDESS = ("Kids are talking by the door", "Dogs are sitting by the door")
_CALLERS = ("calm_contained", "asks_four_things", "cools_down")
_ACTORS = (1, 6, 12)


@dataclass(frozen=True)
class Said:
    """A caller's line in a scene, in seconds of it."""

    start: float
    end: float
    text: str


@dataclass(frozen=True)
class Scene:
    """What comes down the line of one call.

    Attributes:
        audio: 8 kHz, full scale at 1.
        lines: what the caller says; all else is no words of theirs.
    """

    audio: Audio
    lines: tuple[Said, ...] = ()

    @property
    def mulaw(self) -> bytes:
        """Return it as the line carries it."""
        noise = coloured_noise(len(self.audio), RATE, LINE_NOISE, 1.0, len(self.audio))
        return mulaw.encode(np.round(np.clip(self.audio + noise, -1, 1) * 32767).astype(np.int16))


@dataclass(frozen=True)
class Person:
    """A caller: what they say, each at its own level, and the texts."""

    name: str
    lines: tuple[tuple[Audio, str], ...]


def alone() -> Iterator[tuple[str, Scene]]:
    """Yield sounds that are no words, by kind, with nobody speaking before them."""
    for kind, make in no_words.SOUNDS.items():
        for seed in range(EACH):
            yield kind, Scene(_spaced(set_level(make(seed), RATE, _FAINT.get(kind, LEVEL))))
    seconds = np.arange(8 * RATE) / RATE
    yield "hold_tone", Scene(0.12 * np.sin(2 * np.pi * 425 * seconds) * (seconds % 2 < 1))
    music = _float(mulaw.decode(HoldMusic().at(0, 4 * LONG)))
    yield from (("hold_music", Scene(part)) for part in _stretches(music))
    if (folder := corpora()) is None:
        return
    yield "laughter_of_people", Scene(_spaced(_float(flac("speech/linto_laugh1.flac"))))
    for path in sorted(folder.glob("noise/*.flac")):
        babble = set_level(_float(flac(f"noise/{path.name}")), RATE, -40.0)
        yield from (("babble", Scene(part)) for part in _stretches(babble)[:5])


def callers() -> Sequence[Person]:
    """Return the project's recorded callers, and of people the actors of a corpus in a calm voice."""
    told = []
    for name in _CALLERS:
        pcm = _float(wave_file.read(CALLS / f"{name}.wav")[0])
        lines = recording.load(name).lines[:SAID]
        cut = [(pcm[round(line.start * RATE) : round(line.end * RATE)], line.text) for line in lines]
        told.append(Person(name, tuple(_at_level(cut))))
    if corpora() is not None:
        for actor in _ACTORS:
            takes = [(f"ravdess/03-01-0{feeling}-01-0{text}-01-{actor:02}.flac", _RAVDESS[text - 1])
                     for feeling, text in ((1, 1), (2, 2), (2, 1))]  # fmt: skip
            told.append(
                Person(
                    f"actor {actor}", tuple(_at_level([(_trim(_float(flac(f))), said) for f, said in takes]))
                )
            )
    return told


def in_gaps(person: Person, kind: str, seed: int) -> Scene:
    """Return a caller with sounds that are no words between their lines."""
    quiet = scene(person)
    audio = quiet.audio.copy()
    for place, line in enumerate(quiet.lines):
        sound = set_level(no_words.SOUNDS[kind](seed + place), RATE, _FAINT.get(kind, LEVEL - 3))
        at = round((line.end + 2.0) * RATE)
        audio[at : at + len(sound)] += sound[: len(audio) - at]
    return replace(quiet, audio=audio)


def behind(person: Person, other: Audio, below: float) -> Scene:
    """Return a caller with somebody else talking all the while, so many decibels below them."""
    quiet = scene(person)
    fainter = set_level(other, RATE, LEVEL - below)
    return replace(quiet, audio=quiet.audio + np.resize(fainter, len(quiet.audio)))


def others() -> dict[str, Audio]:
    """Return what may be behind a caller: one clear voice, and of people a babble of six."""
    if corpora() is None:
        return {"voice": _dense(_float(wave_file.read(AGENTS / "angry_refund.wav")[0]))}
    person = _dense(_float(flac("speech/call_aws_auto40.flac")[:, 1]))
    return {"voice": person, "babble": _float(flac("noise/babble6_emodb_4.flac"))}


def scene(person: Person, gains: Sequence[float] = ()) -> Scene:
    """Return a caller's lines, with so many decibels added to each."""
    parts, lines = [np.zeros(round(APART * RATE))], []
    for (audio, text), gain in zip(person.lines, islice(cycle(gains or (0.0,)), SAID), strict=False):
        start = sum(map(len, parts)) / RATE
        parts += [audio * 10 ** (gain / 20), np.zeros(round(APART * RATE))]
        lines.append(Said(start, start + len(audio) / RATE, text))
    return Scene(np.concatenate(parts), tuple(lines))


def gain_controlled(one: Scene) -> Scene:
    """Return a scene on a line with automatic gain: what is quiet for a while is raised, by 18 dB at most."""
    frame = RATE // 50
    count = len(one.audio) // frame
    gain, gains = 0.0, []
    for power in (one.audio[: count * frame].reshape(count, frame) ** 2).mean(axis=1):
        wanted = float(np.clip(LEVEL - 10 * np.log10(power + 1e-9), 0.0, 18.0))
        gain += (wanted - gain) * (0.2 if wanted < gain else 0.02)
        gains.append(gain)
    smooth = np.interp(np.arange(len(one.audio)), (np.arange(count) + 0.5) * frame, gains)
    return replace(one, audio=one.audio * 10 ** (smooth / 20))


def whispered() -> Scene | None:
    """Return a person who says something, whispers a sentence and says something again."""
    if corpora() is None:
        return None
    said = _float(flac("speech/mfa_thoughts.flac")), "i have a thousand thoughts about that thing"
    hushed = _float(flac("speech/mfa_whisper_sentence.flac")), "this is all very whispered"
    return scene(Person("whisper", (said, hushed, said)))


def _at_level(lines: Sequence[tuple[Audio, str]]) -> list[tuple[Audio, str]]:
    """Return a speaker's lines at one gain for all: their own ups and downs stay."""
    whole = np.concatenate([audio for audio, _ in lines])
    gain = float(np.abs(set_level(whole, RATE, LEVEL)).mean() / (np.abs(whole).mean() + 1e-12))
    return [(audio * gain, text) for audio, text in lines]


def _stretches(audio: Audio) -> list[Audio]:
    size = round(LONG * RATE)
    return [audio[at : at + size] for at in range(0, len(audio) - size + 1, size)]


def _spaced(audio: Audio) -> Audio:
    return np.concatenate([np.zeros(RATE // 2), audio, np.zeros(2 * RATE)])


def _dense(audio: Audio) -> Audio:
    """Return speech with its long pauses cut out: a television hardly pauses."""
    frame = RATE // 10
    frames = audio[: len(audio) // frame * frame].reshape(-1, frame)
    power = (frames**2).mean(axis=1)
    return np.asarray(frames[power > power.max() * 1e-4].reshape(-1))


def _trim(audio: Audio) -> Audio:
    loud = np.flatnonzero(np.abs(audio) > 0.02 * np.abs(audio).max())
    return audio[max(0, loud[0] - RATE // 20) : loud[-1] + RATE // 10]


def _float(samples: NDArray[np.int16]) -> Audio:
    return samples.astype(np.float64) / 32768.0
