"""The model card that is written beside every trained model."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.emotion.corpus import people, read_manifest
from voice.emotion.encoder import LAYER
from voice.emotion.figures import auc, detected_at, interval
from voice.emotion.model import LAYERS, SHARES
from voice.emotion.voice_training import Clips

_HAPPY = "happiness"
_TEXT = """# Model card: anger in a caller's voice

Scores how angry a stretch of a caller's voice sounds. Part of Hookflash, which joins it with the caller's
words, smooths it over the call and compares it with a threshold the line has learnt from its own calls.

- **Made by**: `hookflash train anger {folders}`; the same recordings give the same file.
- **Views**: {views}
- **Form**: logistic regressions, on each view as it is and on that with its difference from the
  speaker's calm clips; angry weighs as much as the rest, happiness twice among the rest.
- **Sound**: 8 kHz mu-law at one level, the first {longest:g} s of each clip.

## Data

| folder | clips | angry | speakers | licence stated in its manifest |
|---|---|---|---|---|
{data}

## How well, on speakers left out in turn

| figure | value | 95 % interval over speakers |
|---|---|---|
{figures}

| corpus | speakers | AUC, angry against the rest | 95 % interval over speakers |
|---|---|---|---|
{corpora}

These speakers were left out, but not their rooms, language or way of acting: on other corpora expect less.
`docs/anger.md` has those figures for the weights that ship.
{beside}
## Limits

Actors speaking set sentences are not callers. Whispered rage, irony in a level voice, and anger in languages
far from these are missed more often; joy, urgency and people who speak loudly by habit are the likely
false alarms. No threshold of one line fits another: let each line learn its own, and until then let the
words decide.

## Not to be used

On employees, pupils or anyone but the caller of the line (EU AI Act, Art. 5(1)(f)); to judge persons,
their truthfulness or health; to refuse, price or delay a service. It is there to bring a person to the
line sooner.
"""


_BESIDE = """
## What the same recipe reaches with more speakers

Trained on all of these, each speaker left out in turn. What is not under *Data* above is not in this model.

| corpus | speakers | AUC, angry against the rest | 95 % interval over speakers |
|---|---|---|---|
{rows}
"""


def card(
    clips: Clips,
    folders: Sequence[Path],
    left_out: NDArray[np.float64],
    longest: float,
    beside: tuple[Clips, NDArray[np.float64]] | None = None,
) -> str:
    """Return the card of a model, as Markdown.

    Args:
        clips: what it was trained on.
        folders: where they came from.
        left_out: each clip's score by regressions that never heard its speaker.
        longest: seconds of each clip that counted.
        beside: these clips and others together, and each one's score by regressions that never heard its
            speaker; for comparison alone.
    """
    angry = clips.angry
    happy = angry | (clips.emotion == _HAPPY)
    rows = [
        ("AUC, angry against the rest", auc, np.ones_like(angry)),
        ("AUC, angry against happy", auc, happy),
    ]
    figures = []
    for name, figure, chosen in [*rows, ("detected at 2 % false clips", detected_at, np.ones_like(angry))]:
        scores, truth, speakers = left_out[chosen], angry[chosen], clips.speaker[chosen]
        low, high = interval(figure, scores, truth, speakers)
        figures.append(f"| {name} | {figure(scores, truth):.3f} | {low:.3f}-{high:.3f} |")
    views = f"about a hundred prosody statistics ({SHARES['prosody']:.0%})"
    if LAYERS in clips.measured:
        views += f", and layer {LAYER} of Whisper base's encoder, mean and spread ({SHARES[LAYERS]:.0%})"
    return _TEXT.format(
        folders=" ".join(folder.name for folder in folders),
        views=views,
        longest=longest,
        data="\n".join(_row(folder) for folder in folders),
        figures="\n".join(figures),
        corpora="\n".join(_by_corpus(clips, left_out)),
        beside="" if beside is None else _BESIDE.format(rows="\n".join(_by_corpus(*beside))),
    )


def _by_corpus(clips: Clips, scores: NDArray[np.float64]) -> Iterator[str]:
    for name in np.unique(clips.corpus).tolist():
        own = clips.corpus == name
        angry, speakers = clips.angry[own], clips.speaker[own]
        low, high = interval(auc, scores[own], angry, speakers)
        count = len(np.unique(speakers))
        yield f"| `{name}` | {count} | {auc(scores[own], angry):.3f} | {low:.3f}-{high:.3f} |"


def _row(folder: Path) -> str:
    recordings = read_manifest(folder)
    angry = sum(recording.emotion == "anger" for recording in recordings)
    speakers = len({recording.speaker for recording in recordings})
    licences = "; ".join(dict.fromkeys(recording.licence or "none" for recording in recordings))
    same = f" (of `{people(folder)}`)" if people(folder) != folder.name else ""
    return f"| `{folder.name}` | {len(recordings)} | {angry} | {speakers}{same} | {licences} |"
