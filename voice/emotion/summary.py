"""What an evaluation says in the end: figures with their intervals, and a plot."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from voice.emotion.corpus import Recording
from voice.emotion.figures import Array, Truth, auc, calibration_error, curve, detected_at, interval
from voice.emotion.scoring import Line
from voice.emotion.voice_training import ANGRY

Names = NDArray[np.str_]
Figure = Callable[[Array, Truth], float]
Scored = Sequence[tuple[Recording, Line]]
_SIZE = 320
_EDGE = 40
_COLOURS = {"anger": "#b3261e", "voice": "#1f5fa8", "wording": "#6a6a6a"}


def table(lines: Scored) -> str:
    """Return the figures of labelled clips, and of labelled calls where there are any, one a line."""
    said = [_figures("clips", *_clips(lines, kind)) for kind in ("anger", "voice")]
    if any(line.call for _, line in lines):
        said.append(_calls(lines))
    return "\n".join(part for part in said if part)


def plot(lines: Scored) -> str:
    """Return the receiver operating characteristic of clips as an SVG picture."""
    shapes = []
    for row, (kind, colour) in enumerate(_COLOURS.items()):
        _, scores, truth, _ = _clips(lines, kind)
        if not truth.any() or truth.all():
            continue
        points = " ".join(
            f"{_EDGE + x * _SIZE:.1f},{_EDGE + (1 - y) * _SIZE:.1f}" for x, y in curve(scores, truth)
        )
        label = f"{kind}: AUC {auc(scores, truth):.3f}"
        shapes.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        place = f'x="{_EDGE + 150}" y="{_EDGE + _SIZE - 60 + 18 * row}"'
        shapes.append(f'<text {place} fill="{colour}" font-size="13">{label}</text>')
    whole = _SIZE + 2 * _EDGE
    frame = f'<rect x="{_EDGE}" y="{_EDGE}" width="{_SIZE}" height="{_SIZE}" fill="none" stroke="#999"/>'
    across = f'<text x="{_EDGE}" y="{whole - 12}" font-size="13">share of the others alarmed at</text>'
    up = f'<text x="{_EDGE}" y="{_EDGE - 14}" font-size="13">share of the angry noticed</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" font-family="sans-serif">'
        f'<rect width="{whole}" height="{whole}" fill="white"/>{frame}{across}{up}{"".join(shapes)}</svg>\n'
    )


def _clips(lines: Scored, kind: str) -> tuple[str, Array, Truth, Names]:
    known = [(clip, line) for clip, line in lines if clip.emotion and getattr(line, kind) is not None]
    scores = np.array([getattr(line, kind) for _, line in known], dtype=np.float64)
    truth = np.array([clip.emotion == ANGRY for clip, _ in known], dtype=bool)
    groups = np.array([clip.speaker or clip.call or clip.file for clip, _ in known])
    return kind, scores, truth, groups


def _figures(what: str, kind: str, scores: Array, truth: Truth, groups: Names) -> str:
    if not truth.any() or truth.all():
        return ""
    named: list[tuple[str, Figure]] = [
        ("AUC", auc),
        ("noticed at 2 % false", detected_at),
        ("calibration error", calibration_error),
    ]
    parts = [f"{name} {_with_interval(figure, scores, truth, groups)}" for name, figure in named]
    return f"{kind}, {len(truth)} {what}: {', '.join(parts)}"


def _calls(lines: Scored) -> str:
    """Return what became of calls: one is angry if a clip of it is."""
    names = list(dict.fromkeys(line.call for _, line in lines if line.call))
    angry, fired, peak = dict.fromkeys(names, False), dict.fromkeys(names, False), dict.fromkeys(names, 0.0)
    for clip, line in lines:
        if line.call:
            angry[line.call] |= clip.emotion == ANGRY
            fired[line.call] |= line.fired
            peak[line.call] = max(peak[line.call], line.anger)
    truth = np.array([angry[name] for name in names], dtype=bool)
    hit = np.array([float(fired[name]) for name in names])
    peaks = np.array([peak[name] for name in names])
    groups = np.array(names)
    parts = []
    for what, chosen in (("angry ones", truth), ("others", ~truth)):
        if chosen.any():
            share = _with_interval(_mean, hit[chosen], truth[chosen], groups[chosen])
            parts.append(f"{share} of {chosen.sum()} {what} handed over")
    if truth.any() and not truth.all():
        parts.append(f"AUC of the highest anger {_with_interval(auc, peaks, truth, groups)}")
        parts.append(f"noticed at 2 % false {_with_interval(detected_at, peaks, truth, groups)}")
    return f"calls: {', '.join(parts)}"


def _with_interval(figure: Figure, scores: Array, truth: Truth, groups: Names) -> str:
    low, high = interval(figure, scores, truth, groups)
    return f"{figure(scores, truth):.3f} ({low:.3f}-{high:.3f})"


def _mean(scores: Array, _truth: Truth) -> float:
    return float(scores.mean())
