"""Recorded calls through the anger meter as a live call goes through it: within turns, and after each."""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from voice.emotion.anger import AngerMeter
from voice.emotion.corpus import Change, Recording, calls, heard, parts
from voice.emotion.speech import CallerSpeech
from voice.journal.events import Felt

PAUSE_S = 3.0
"""Seconds between a call's turns, while the bot answers."""

Fires = Callable[[Felt, str], bool]
Words = Callable[[Recording, CallerSpeech], tuple[str, float]]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an evaluation's output: a clip, its scores (0..1), and whether the call was handed over."""

    file: str
    call: str
    turn: int
    voice: float | None
    wording: float
    anger: float
    fired: bool
    why: tuple[str, ...]


def score(
    recordings: Iterable[Recording],
    meter: Callable[[], AngerMeter],
    words: Words,
    fires: Callable[[], Fires],
    change: Change | None = None,
) -> Iterator[tuple[Recording, Line, AngerMeter]]:
    """Yield each clip with its scores and the meter of its call, the calls in the order of their first clips.

    Args:
        recordings: single clips, or turns of calls.
        meter: makes the meter of one call.
        words: returns what is said in a clip, and how sure that is.
        fires: makes what decides for one call whether a turn trips the trigger.
        change: what the line does to the sound.
    """
    for turns in calls(recordings):
        call_meter, call_fires = meter(), fires()
        at, fired = 0.0, False
        for recording in turns:
            speech = heard(recording, change, start=at)
            at = speech.end + PAUSE_S
            now = False
            for begun in parts(speech):
                glimpsed = call_meter.glimpse(call_meter.measure(begun))
                now |= glimpsed is not None and not fired and call_fires(glimpsed, "")
            text, confidence = words(recording, speech)
            felt = call_meter.feel(speech, text, recording.language, confidence)
            now |= not (fired or now) and call_fires(felt, text)
            fired |= now
            yield (
                recording,
                Line(
                    file=recording.file,
                    call=recording.call,
                    turn=recording.turn,
                    voice=felt.voice,
                    wording=felt.wording,
                    anger=felt.anger,
                    fired=now,
                    why=felt.why,
                ),
                call_meter,
            )


def written(recording: Recording, speech: CallerSpeech) -> tuple[str, float]:
    """Return the manifest's words, taken as they are."""
    return recording.text or "", 1.0
