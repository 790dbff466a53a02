"""`python -m benchmarks.not_speech`: words made of what is none, and of voices behind the caller.

Scenes are heard by a worker's ear on virtual time, with the real models. Beside each figure with a caller is
the same with the level of the caller's own voice left out of account (`_without`).

- `words_KIND`: stretches with any words, of all; `per_minute_KIND`: words a minute.
- `behind_OTHER_DB`: words a minute of somebody who talks so many decibels below the caller, before,
  between and after the caller's lines; `wer_OTHER_DB`: of the caller's own words then.
- `wer_CASE`: of callers where nobody else talks: plain, 20 dB quieter, with a line 8 dB down as of somebody
  who turns away, on a line with automatic gain, with coughs and laughter in their pauses, whispering.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks import not_speech_sets as sets
from benchmarks.listeners import Ears
from benchmarks.not_speech_sets import Scene
from benchmarks.report import Figures, main
from voice.hearing.scoring import WordErrors, pooled, word_errors
from voice.journal.events import Heard, Word
from voice.replay import virtual_time
from voice.replay.line import Caller, ring
from voice.settings import load_settings

AROUND = 0.4
"""Seconds around a line within which a word belongs to it."""
QUICK = 4
"""One scene in so many is heard with `--quick`."""
AWAY = (0.0, -8.0, 0.0)
"""Decibels added to a caller's lines."""
QUIET = (-20.0,) * 3


@dataclass
class Tally:
    """What was heard in scenes of one kind."""

    scenes: int = 0
    with_words: int = 0
    stray: int = 0
    """Words outside the caller's lines."""
    seconds: float = 0.0
    """Outside them."""
    errors: list[WordErrors] = field(default_factory=list)
    """Of the lines."""

    def add(self, scene: Scene, words: Sequence[Word]) -> None:
        """Count one scene."""
        spoken = 0.0
        own = 0
        for line in scene.lines:
            low, high = line.start - AROUND, line.end + AROUND
            inside = [word for word in words if low <= (word.start + word.end) / 2 <= high]
            self.errors.append(word_errors(line.text, " ".join(word.text for word in inside), "en"))
            spoken += high - low
            own += len(inside)
        self.scenes += 1
        self.with_words += len(words) > own
        self.stray += len(words) - own
        self.seconds += len(scene.audio) / sets.RATE - spoken

    @property
    def per_minute(self) -> float:
        """Words a minute that are nobody's or somebody else's."""
        return round(60 * self.stray / max(self.seconds, 1.0), 1)

    @property
    def wer(self) -> float:
        """Share of the caller's words heard wrong."""
        return round(pooled(self.errors), 4)


async def heard(ears: Ears, scenes: Iterable[Scene]) -> Tally:
    """Return what an ear makes of calls."""
    tally = Tally()
    for scene in scenes:
        line = await ring(ears, Caller(scene.mulaw, linger=2.0), language="en")
        events = [one.event for one in line.journal]
        turns = [event for event in events if isinstance(event, Heard) and event.final]
        tally.add(scene, [word for turn in turns for word in turn.words])
    return tally


async def measure(quick: bool) -> Figures:
    """Measure everything; without HOOKFLASH_CORPORA people are left out."""
    settings = load_settings().model_copy(update={"partials": False})
    ears = Ears(settings)
    await ears.engine.warm()
    deaf = Ears(settings.model_copy(update={"background": 0.0}), engine=ears.engine)
    step = QUICK if quick else 1
    figures: dict[str, float | int | str] = {}
    alone: dict[str, list[Scene]] = {}
    for kind, scene in sets.alone():
        alone.setdefault(kind, []).append(scene)
    for kind, scenes in alone.items():
        tally = await heard(ears, scenes[::step])
        figures[f"words_{kind}"] = f"{tally.with_words} of {tally.scenes}"
        figures[f"per_minute_{kind}"] = tally.per_minute
    people = sets.callers()[::step]
    for case, scenes in _callers_alone(people).items():
        for name, which in (("", ears), ("_without", deaf)):
            tally = await heard(which, scenes)
            figures[f"wer_{case}{name}"] = tally.wer
            if case.startswith("between"):
                figures[f"{case}{name}"] = tally.per_minute
    for other, audio in sets.others().items():
        for below in sets.BEHIND[:: 2 if quick else 1]:
            scenes = [sets.behind(person, audio, below) for person in people]
            for name, which in (("", ears), ("_without", deaf)):
                tally = await heard(which, scenes)
                figures[f"behind_{other}_{below:.0f}{name}"] = tally.per_minute
                figures[f"wer_{other}_{below:.0f}{name}"] = tally.wer
    ears.close()
    return figures


def _callers_alone(people: Sequence[sets.Person]) -> dict[str, list[Scene]]:
    plain = [sets.scene(person) for person in people]
    cases = {
        "plain": plain,
        "quiet": [sets.scene(person, QUIET) for person in people],
        "away": [sets.scene(person, AWAY) for person in people],
        "gain": [sets.gain_controlled(scene) for scene in plain],
    }
    for kind in ("coughs", "laughter"):
        cases[f"between_{kind}"] = [
            sets.in_gaps(person, kind, 100 * seed) for seed, person in enumerate(people)
        ]
    if (whispered := sets.whispered()) is not None:
        cases["whispered"] = [whispered]
    return cases


if __name__ == "__main__":
    main("not_speech", (__doc__ or "").partition("\n")[0], measure, run=virtual_time.run)
