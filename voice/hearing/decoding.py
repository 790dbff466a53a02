"""When a transcription is to be believed. Pure: tokens and figures in, verdicts out."""

import re
import zlib
from collections.abc import Iterable, Sequence

MEAN_LOG_PROBABILITY = -1.0
COMPRESSION = 2.4
"""Whisper's own thresholds (Radford et al. 2022, section 4.5): below the first or above the second, decode
again."""

DOUBT = -0.55
"""Mean log probability below which words are worth the price of the whole window; chosen on the recorded
callers: "in his parish" had -.64, and there "It is Paris." -.30. What has figures in it can be written in so
many ways that its probability says little."""

NO_SPEECH = 0.7
"""Above this and below the probability there was no speech. Whisper's own is 0.6, but single digits on the
telephone reach 0.69; noise, hum and laughter began at 0.73."""

SOME_DOUBT = 0.45
"""Above this there may have been none: coughs and babble had .48 and more. A laugh had .29, but
improbable words."""

SILENT = -55.0
"""A clip whose loudest 20 ms lie below this level (dB to full scale) holds no speech a telephone carries."""

UNSURE = 0.7
"""Mean confidence of the words below which it is worth a second decoding to know what else they may have
been; chosen on sentences spoken into noise."""

_OTHERS = 2
"""Further hypotheses that are told; two more helped nobody."""

_TOKENS_AT_LEAST = 16
_TOKENS_A_SECOND = 9
_LOOPED_TOKENS = 8
_SCORED_TOKENS = 4
_SHORT = 1.5
"""In clips of fewer seconds the mean over fewer tokens says little: right single words score anything from -1
to -4, in either window."""


def token_limit(seconds: float) -> int:
    """Return how many tokens speech of this length can have; nobody speaks faster, but loops do."""
    return int(_TOKENS_AT_LEAST + _TOKENS_A_SECOND * seconds)


def loop_start(tokens: Sequence[int]) -> int | None:
    """Return where the repetition at the end begins to repeat, or None where the end is no loop.

    A loop fills the last eight tokens or more: a pattern of four tokens or longer twice, a shorter one three
    times, a started repetition not counted.
    """
    count = len(tokens)
    for size in range(1, count // 2 + 1):
        same = 0
        while same < count - size and tokens[count - 1 - same] == tokens[count - 1 - same - size]:
            same += 1
        repeats = same // size
        if same + size >= _LOOPED_TOKENS and repeats >= (1 if size >= _LOOPED_TOKENS // 2 else 2):
            return count - same
    return None


def compression_ratio(text: str) -> float:
    """Return how many times shorter the text gets by compression: about 1 for a sentence, more for loops."""
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw)) if raw else 0.0


def doubtful(
    tokens: Sequence[int], text: str, mean_log_probability: float, *, limit: int, seconds: float
) -> bool:
    """Return whether to decode again with the whole window.

    Args:
        tokens: the text's tokens.
        text: the same as text.
        mean_log_probability: of a token.
        limit: the most tokens that were allowed; reaching it means that no end was found.
        seconds: the clip's length.
    """
    return (
        len(tokens) >= limit
        or loop_start(tokens) is not None
        or compression_ratio(text) > COMPRESSION
        or (
            mean_log_probability < (MEAN_LOG_PROBABILITY if re.search(r"\d", text) else DOUBT)
            and (len(tokens) >= _SCORED_TOKENS or seconds > _SHORT)
        )
    )


def may_be_nothing(no_speech: float, mean_log_probability: float, *, seconds: float) -> bool:
    """Return whether it is worth a step of the decoder to ask if a clip holds a sound and no words."""
    improbable = mean_log_probability < MEAN_LOG_PROBABILITY and seconds > _SHORT
    return no_speech > SOME_DOUBT or improbable


def is_nothing(no_speech: float, mean_log_probability: float) -> bool:
    """Return whether the words are made up: the model neither heard speech nor believes its own text."""
    return no_speech > NO_SPEECH and mean_log_probability < MEAN_LOG_PROBABILITY


def unsure(confidence: float) -> bool:
    """Return whether words of this mean confidence may well have been others."""
    return 0 < confidence < UNSURE


def others(text: str, hypotheses: Iterable[str]) -> tuple[str, ...]:
    """Return the first hypotheses that say something else than `text` and each other, commas aside."""
    said = {_bare(text): "", "": ""}
    for hypothesis in hypotheses:
        said.setdefault(_bare(hypothesis), hypothesis.strip())
    return tuple(filter(None, said.values()))[:_OTHERS]


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
