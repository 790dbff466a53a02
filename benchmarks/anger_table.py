"""How well anger is heard by strangers' standards: speaker- and corpus-independent, on recordings of actors.

    .venv/bin/python -m benchmarks.anger_table [--quick] [--out FILE.md] [--keep FOLDER]

Needs the corpora of HOOKFLASH_CORPORA (default `../shared/corpora`): none of them is part of the project.
Prints the table, then one JSON object. Prosody alone is measured beside the joined score in the same run.
What clips measure and what was trained on them is kept in a folder (HOOKFLASH_CACHE/anger), so that only the
first run takes long.
"""

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.anger_calls import simulate, voices
from benchmarks.anger_measures import Bench, Measured
from voice.emotion import line, model
from voice.emotion.corpus import Change, Recording, heard, read_manifest
from voice.emotion.encoder import EncoderLayer
from voice.emotion.figures import auc, interval
from voice.emotion.line import Samples
from voice.emotion.model import PROSODY, AngerModel
from voice.emotion.thresholds import LineState, LineThreshold
from voice.emotion.views import BASELINE_TURNS
from voice.emotion.voice_training import Clips, baselines, join
from voice.models.location import whisper_weights
from voice.settings import load_settings

TESTED = ("ravdess", "nemo", "ased")
LICENCE_CLEAN = ("emodb", "emodb_more")
_LONGEST = 2.0
_DRAWS = 3
_CALLS = 400
_LEARNING = 200

Figures = dict[str, float]
Rows = list[tuple[str, str, str]]


def main() -> None:
    """Measure, write the table, print it and the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="every twelfth clip: the shape, not the figures")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    settings = load_settings()
    bench = Bench(arguments.keep or settings.cache / "anger", EncoderLayer(whisper_weights(settings)))
    table, figures = figures_of(
        bench, Path(os.environ.get("HOOKFLASH_CORPORA", "../shared/corpora")), 12 if arguments.quick else 1
    )
    if arguments.out:
        arguments.out.write_text(table, encoding="utf-8")
    print(table)
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))


def figures_of(bench: Bench, corpora: Path, every: int) -> tuple[str, Figures]:
    """Return the table as Markdown, and its figures by name."""
    recordings = {name: scored(read_manifest(corpora / name))[::every] for name in TESTED}
    whole = {name: bench.measured(clips) for name, clips in recordings.items()}
    tested = {name: found.clips for name, found in whole.items()}
    learnt = {
        name: bench.measured(read_manifest(corpora / name)[::every], longest=_LONGEST).clips
        for name in (*TESTED, *LICENCE_CLEAN)
    }
    rows: Rows = []
    figures: Figures = {}

    def add(key: str, title: str, measured: Mapping[str, float], low_high: str = "") -> None:
        figures.update({f"{key}_{name}": value for name, value in measured.items()})
        prosody = measured.get("prosody")
        rows.append(
            (title, "-" if prosody is None else f"{prosody:.3f}", f"{measured['joined']:.3f}{low_high}")
        )

    clean = [learnt[name] for name in LICENCE_CLEAN]
    strangers: dict[str, dict[str, Figures]] = {}
    for name in TESTED:
        others = [learnt[other] for other in TESTED if other != name]
        strangers[name] = by_view(bench.trained(join(clean + others))[0], tested[name])
    add("others", "trained on the other corpora: mean AUC", _mean(strangers, "auc"))
    for name in TESTED:
        add(f"others_{name}", f"- `{name}`", strangers[name]["auc"])
    everything = join([*clean, *(learnt[name] for name in TESTED)])
    for name, (area, low, high) in left_out(everything, bench.trained(everything)[1]).items():
        add(
            f"all_{name}",
            f"trained on all, speakers left out in turn: `{name}`",
            {"joined": area},
            f" ({low:.3f}-{high:.3f})",
        )
    shipped = model.shipped()
    ours = {name: by_view(shipped, clips) for name, clips in tested.items()}
    add("shipped", "shipped weights: mean AUC", _mean(ours, "auc"))
    for name in TESTED:
        low, high = auc_interval(shipped, tested[name])
        add(f"shipped_{name}", f"- `{name}`", ours[name]["auc"], f" ({low:.3f}-{high:.3f})")
    add("happy", "shipped weights: angry against happy, mean AUC", _mean(ours, "happy"))
    for name in ("ravdess", "nemo"):
        for key, value in noticed(shipped, whole[name]).items():
            add(f"calls_{name}_{key}", f"calls of `{name}`, {key}", value)
    sample = {name: clips[:: 1 if every > 1 else 4] for name, clips in recordings.items()}
    reference = {name: bench.measured(clips).clips for name, clips in sample.items()}
    base = _mean({name: by_view(shipped, clips) for name, clips in reference.items()}, "auc")
    noise = _babble(corpora)
    for title, change in lines(noise).items():
        worse = {name: bench.measured(clips, change=change, called=title) for name, clips in sample.items()}
        hurt = _mean({name: by_view(shipped, found.clips) for name, found in worse.items()}, "auc")
        lost = {view: base[view] - hurt[view] for view in hurt}
        unknown = float(np.mean([found.noisy for found in worse.values()]))
        add(
            f"lost_{title}", f"{title}: AUC lost, were it scored (share found too noisy: {unknown:.2f})", lost
        )
        figures[f"unknown_{title}"] = unknown
    return _markdown(rows, every), figures


def scored(recordings: Sequence[Recording]) -> list[Recording]:
    """Leave out the sentences of `ased` that were spoken in one emotion only."""
    return [
        clip
        for clip in recordings
        if clip.path.parent.name != "ased" or (clip.text or "").startswith(("sentence 01", "sentence 02"))
    ]


def joined(anger: AngerModel, clips: Clips, draw: int) -> NDArray[np.float64]:
    """Return each clip's score beside a baseline of five other calm clips of its speaker."""
    order = {
        name: baselines(clips, values, np.random.default_rng(draw)) for name, values in clips.measured.items()
    }
    return np.array(
        [
            anger.joined(
                {
                    name: anger.views[name].score(values[row], order[name][row], BASELINE_TURNS)
                    for name, values in clips.measured.items()
                }
            )[0]
            for row in range(len(clips.speaker))
        ]
    )


def by_view(anger: AngerModel, clips: Clips) -> dict[str, Figures]:
    """Return AUC against the rest and against happy clips, for prosody alone and for the joined score."""
    plain = Clips({PROSODY: clips.measured[PROSODY]}, clips.speaker, clips.emotion, clips.corpus)
    found: dict[str, Figures] = {"auc": {}, "happy": {}}
    happy = clips.angry | (clips.emotion == "happiness")
    for view, chosen in (("prosody", plain), ("joined", clips)):
        scores = np.mean([joined(anger, chosen, draw) for draw in range(_DRAWS)], axis=0)
        found["auc"][view] = auc(scores, clips.angry)
        found["happy"][view] = auc(scores[happy], clips.angry[happy])
    return found


def auc_interval(anger: AngerModel, clips: Clips) -> tuple[float, float]:
    """Return the 95 % interval of the joined AUC over speakers."""
    scores = np.mean([joined(anger, clips, draw) for draw in range(_DRAWS)], axis=0)
    return interval(auc, scores, clips.angry, clips.speaker)


def left_out(clips: Clips, scores: NDArray[np.float64]) -> dict[str, tuple[float, float, float]]:
    """Return each corpus's AUC and its 95 % interval, from scores by models that never heard the speaker."""
    found = {}
    for name in np.unique(clips.corpus).tolist():
        own = clips.corpus == name
        angry, speakers = clips.angry[own], clips.speaker[own]
        found[name] = (auc(scores[own], angry), *interval(auc, scores[own], angry, speakers))
    return found


def noticed(anger: AngerModel, measured: Measured) -> dict[str, Figures]:
    """Return angry calls noticed and false ones, the threshold learnt from the line's unlabelled calls.

    Of those none or two in a hundred are angry; the callers that ask are the line's own, or all others than
    it learnt from. Each figure is the mean of six draws.
    """
    clips = measured.clips
    people = np.unique(clips.speaker).tolist()
    found: dict[str, Figures] = {}
    for key in ("prosody", "joined"):
        views = {PROSODY: clips.measured[PROSODY]} if key == "prosody" else clips.measured
        chosen = Clips(views, clips.speaker, clips.emotion, clips.corpus)
        sums: dict[str, list[float]] = {}
        for draw in range(6):
            rng = np.random.default_rng(draw)
            shuffled = rng.permutation(people).tolist()
            half = len(people) // 2
            for case, teach, ask, angry_ones in (
                ("learnt from calm calls", people, people, 0),
                ("2 % of the calls learnt from angry", people, people, 4),
                ("learnt from calm calls of others", shuffled[:half], shuffled[half:], 0),
            ):
                past = [
                    *simulate(chosen, teach, rng, count=_LEARNING - angry_ones, angry=False),
                    *simulate(chosen, teach, rng, count=angry_ones, angry=True),
                ]
                learnt, _ = voices(anger, chosen, measured.beginnings, past)
                threshold = LineThreshold(LineState(tuple(learnt.tolist()))).value
                assert threshold is not None
                for what, angry in (("noticed", True), ("false", False)):
                    calls = simulate(chosen, ask, rng, count=_CALLS // 2, angry=angry)
                    _, sustained = voices(anger, chosen, measured.beginnings, calls)
                    sums.setdefault(f"{case}: {what}", []).append(float((sustained >= threshold).mean()))
        for what, values in sums.items():
            found.setdefault(what, {})[key] = float(np.mean(values))
    return found


def lines(noise: Samples) -> dict[str, Change]:
    """Return what a bad line does to the sound; the same for the same clip."""

    def seeded(samples: Samples) -> np.random.Generator:
        return np.random.default_rng(len(samples))

    return {
        "15 dB louder": lambda samples: line.levelled(samples, 15.0),
        "15 dB softer": lambda samples: line.levelled(samples, -15.0),
        "5 % bursty loss": lambda samples: line.with_loss(samples, 0.05, seeded(samples)),
        "babble at 10 dB": lambda samples: line.with_noise(samples, noise, 10.0, seeded(samples)),
    }


def _babble(corpora: Path) -> Samples:
    path = min((corpora / "noise").glob("*.flac"))
    sound = Recording(path, path.name, "", "", "", None, "", 0)
    return heard(sound).samples[::2]


def _mean(found: Mapping[str, dict[str, Figures]], figure: str) -> Figures:
    return {
        view: float(np.mean([part[figure][view] for part in found.values()]))
        for view in ("prosody", "joined")
    }


def _markdown(rows: Rows, every: int) -> str:
    note = f"\nOnly every {every}th clip was measured: the shape, not the figures.\n" if every > 1 else ""
    body = "\n".join(f"| {title} | {prosody} | {value} |" for title, prosody, value in rows)
    return f"| figure | prosody alone | joined |\n|---|---|---|\n{body}\n{note}"


if __name__ == "__main__":
    main()
