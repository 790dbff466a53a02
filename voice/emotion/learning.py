"""A line's threshold from recordings of its calls, none of them labelled."""

from collections.abc import Sequence

from voice.emotion.anger import AngerMeter, EncoderView
from voice.emotion.corpus import CorpusError, Recording
from voice.emotion.scoring import score
from voice.emotion.thresholds import LEAST_CALLS, LineThreshold
from voice.journal.events import Felt


def learnt(recordings: Sequence[Recording], encoder: EncoderView | None) -> LineThreshold:
    """Return what a line knows after these calls; a recording without a call counts as a call of one turn.

    With fewer than 100 of them it has a threshold all the same.

    Raises:
        CorpusError: none of them has enough speech to tell anything.
    """
    meters: dict[int, AngerMeter] = {}
    for _, _, meter in score(recordings, lambda: AngerMeter(encoder=encoder), _unheard, lambda: _never):
        meters[id(meter)] = meter
    peaks = [meter.peak for meter in meters.values() if meter.peak is not None]
    if not peaks:
        raise CorpusError("No recording to calibrate on has 0.6 s of speech that can be told from the noise.")
    threshold = LineThreshold(least_calls=min(LEAST_CALLS, len(peaks)))
    for peak in peaks:
        threshold = threshold.heard(peak)
    return threshold


def _unheard(recording: Recording, speech: object) -> tuple[str, float]:
    return "", 0.0


def _never(felt: Felt, words: str) -> bool:
    return False
