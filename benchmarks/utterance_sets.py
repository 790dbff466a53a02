"""The clips of `benchmarks.utterance`: sentences, single digits, strings of them, yes and no, and no speech.

Recordings of people are read from HOOKFLASH_CORPORA; without it there are the project's own fixtures alone.
Every clip is cut by the voice activity and the segmenter of the calls, after a telephone line.
"""

import csv
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from stdnum import luhn

from audio_fixtures import recording, words
from audio_fixtures.script import CALLS, names
from telephony.legs import mulaw
from voice import wave_file
from voice.hearing.resampling import DoublingResampler
from voice.hearing.segments import SegmentEvent, TurnEnded, TurnTaking
from voice.hearing.track import Track
from voice.hearing.vad import SileroVad

LINE_RATE = 8_000
LEAD, TAIL, QUIET = 0.2, 0.1, 1.0
HISS = 10
"""Samples' spread in the quiet around a clip: no line is silent."""
GAPS = (0.05, 0.3)
"""Seconds between the digits of a string."""
COLLECTING = TurnTaking(timeout=1.3)
"""The patience for digits that the bot has asked for."""
DEVELOPED_ON = frozenset(("george", "jackson", "lucas"))
"""Speakers of digits on whom thresholds were chosen."""

Floats = NDArray[np.float32]
Line = NDArray[np.int16]


@dataclass(frozen=True)
class Utterance:
    """Something said.

    Attributes:
        text: the words.
        language: of them.
        turns: what the segmenter cut out of it, 16 kHz, with a second of quiet behind it; empty where it
            heard no speech.
        whole: all of it, 16 kHz.
        speaker: who, where that matters.
        noise: on the line, dB to full scale, where it was added.
    """

    text: str
    language: str
    turns: tuple[Floats, ...]
    whole: Floats
    speaker: str = ""
    noise: float | None = None

    @property
    def final(self) -> bool:
        """Whether nothing was chosen on its speaker."""
        return self.speaker not in DEVELOPED_ON


def fixture_lines() -> Iterator[Utterance]:
    """Yield every line of the recorded callers."""
    for name in names():
        pcm = wave_file.read(CALLS / f"{name}.wav")[0]
        for line in recording.load(name).lines:
            first, last = int((line.start - LEAD) * LINE_RATE), int((line.end + TAIL) * LINE_RATE)
            yield _utterance(pcm[max(first, 0) : last], line.text, "en")


def sentences() -> Iterator[Utterance]:
    """Yield people's clips that may be scored, the single digits left out."""
    for row in _manifest():
        if row["wer_ok"] == "yes" and not row["file"].startswith("fsdd"):
            yield _utterance(_read(row), row["transcript"], row["language"])


def digits() -> Iterator[Utterance]:
    """Yield people's single digits."""
    for speaker, said, pcm in _digits():
        yield _utterance(pcm, said, "en", speaker=speaker)


def digit_strings(count: int, *, checked: bool) -> Iterator[Utterance]:
    """Yield strings of six to sixteen digits of one speaker each, put together of single ones, as one turn.

    Args:
        count: how many.
        checked: whether the last digit is Luhn's check digit.
    """
    chance = random.Random(16)
    spoken = list(_digits())
    speakers = sorted({speaker for speaker, _, _ in spoken})
    for place in range(count if speakers else 0):
        speaker = speakers[place % len(speakers)]
        row = "".join(chance.choices("0123456789", k=chance.randint(6, 16) - checked))
        row += str(luhn.calc_check_digit(row)) if checked else ""
        parts: list[Line] = []
        for figure in row:
            takes = [pcm for who, said, pcm in spoken if who == speaker and said == _NAMES[int(figure)]]
            parts += [chance.choice(takes), _hiss(chance.uniform(*GAPS), place)]
        yield _utterance(np.concatenate(parts), row, "en", speaker=speaker, turn_taking=COLLECTING)


def single_words(half: str) -> Iterator[tuple[words.Word, Utterance]]:
    """Yield the single words among the fixtures: every answer at every noise, everything else once."""
    taken: dict[words.Word, int] = {}
    for word, pcm in words.heard(half):
        taken[word] = taken.get(word, -1) + 1
        noise = words.NOISES[taken[word]] if word.answer else None
        yield word, _utterance(pcm, word.text, word.language, speaker=word.speaker, noise=noise)


def short_answers() -> Iterator[tuple[str, Utterance]]:
    """Yield short answers and other words with what each is taken for, empty for the others.

    They are read from the folder that HOOKFLASH_ANSWERS names, rendered by `audio_fixtures.answers`.
    """
    folder = os.environ.get("HOOKFLASH_ANSWERS")
    if not folder:
        return
    with (Path(folder) / "manifest.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pcm, _ = wave_file.read(Path(folder) / row["file"])
            yield row["value"], _utterance(pcm, row["text"], row["lang"], speaker=row["speaker"])


def no_speech() -> Iterator[tuple[str, Utterance]]:
    """Yield laughter, and tones, hum and hiss as on a line; and voices in a room behind it, by kind."""
    seconds = np.arange(8 * LINE_RATE) / LINE_RATE
    hold = 4000 * np.sin(2 * np.pi * 425 * seconds) * (seconds % 2 < 1)
    music = (
        3000 * sum(np.sin(2 * np.pi * hertz * seconds) for hertz in (262, 330, 392)) * (seconds % 0.5 / 0.5)
    )
    noise = np.random.default_rng(3).standard_normal(len(seconds))
    made = {
        "hold tone": hold,
        "chord": music,
        "hum": 6000 * np.sin(2 * np.pi * 50 * seconds),
        "hiss": 800 * noise,
    }
    for kind, samples in made.items():
        yield kind, _utterance(samples.astype(np.int16), "", "en")
    for row in _manifest():
        if row["transcript"] == "" and "laughter only" in row["what"]:
            yield "laughter", _utterance(_read(row), "", "en")
    folder = corpora()
    for path in sorted(folder.glob("noise/*.flac")) if folder else ():
        pcm = _level(soundfile.read(path, dtype="int16")[0])
        for start in range(0, len(pcm) - 10 * LINE_RATE, 10 * LINE_RATE):
            yield "babble", _utterance(pcm[start : start + 10 * LINE_RATE], "", "en")


_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def corpora() -> Path | None:
    """Return the folder of recordings of people; None where there is none."""
    folder = os.environ.get("HOOKFLASH_CORPORA")
    return Path(folder) if folder else None


@cache
def _manifest() -> Sequence[dict[str, str]]:
    folder = corpora()
    if folder is None:
        return ()
    with (folder / "speech" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def flac(name: str) -> Line:
    """Return a recording of people, by its path in their folder."""
    folder = corpora()
    assert folder is not None
    samples, rate = soundfile.read(folder / name, dtype="int16")
    assert rate == LINE_RATE
    return np.asarray(samples, np.int16)


def _read(row: dict[str, str]) -> Line:
    return flac(f"speech/{row['file']}")


def _digits() -> Iterator[tuple[str, str, Line]]:
    for row in _manifest():
        if row["file"].startswith("fsdd"):
            yield row["file"].split("_")[1], row["transcript"], _read(row)


def _level(pcm: Line) -> Line:
    """Return sound at -40 dB to full scale, where a room behind the caller lies."""
    power = float(np.sqrt(np.mean(pcm.astype(np.float64) ** 2)))
    return np.round(pcm * (327.68 / max(power, 1.0))).astype(np.int16)


def _hiss(seconds: float, seed: int) -> Line:
    noise = np.random.default_rng(seed).standard_normal(int(seconds * LINE_RATE))
    return (noise * HISS).astype(np.int16)


def _utterance(
    pcm: Line,
    text: str,
    language: str,
    *,
    speaker: str = "",
    turn_taking: TurnTaking | None = None,
    noise: float | None = None,
) -> Utterance:
    quiet = _hiss(QUIET, len(pcm))
    doubled = _telephoned(np.concatenate([quiet[: len(quiet) // 2], pcm, quiet]))
    track = Track(SileroVad(), turn_taking or TurnTaking(), 0.0)
    turns = tuple(
        track.clip(event.start, event.end)[0]
        for event in _events(track, doubled)
        if isinstance(event, TurnEnded)
    )
    whole = _telephoned(pcm).astype(np.float32) / np.float32(32768)
    return Utterance(text, language, turns, whole, speaker, noise)


def _events(track: Track, doubled: Line) -> Iterator[SegmentEvent]:
    """Yield what happens as it does: what was said is kept no longer than a call needs it."""
    yield from track.feed(doubled.tobytes())
    yield from track.flush()


def _telephoned(pcm: Line) -> Line:
    return DoublingResampler().double(np.asarray(mulaw.decode(mulaw.encode(pcm)), np.int16))
