"""`python -m benchmarks.utterance`: what an utterance costs and how well it is heard, beside faster-whisper.

The same weights, the same clips, the same number of threads in one run; the peer is faster-whisper's own
`WhisperModel.transcribe` with its defaults. `wer_cut` is ours on the turns that the segmenter cuts out of the
clips, as in a call, and so are all digits and answers. CPU is all threads' time; loading, and voice activity,
which every bot needs, are left out. Shares are of one.
"""

import asyncio
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from faster_whisper import WhisperModel

from audio_fixtures.words import NOISES
from benchmarks import utterance_sets as sets
from benchmarks.report import Figures, main
from benchmarks.utterance_sets import Utterance
from voice.dialogue.acts import Act, act_of
from voice.hearing import expected
from voice.hearing.distance import edits
from voice.hearing.expected import Digits, Expected, passes_luhn, spoken_digits
from voice.hearing.scoring import WordErrors, interval, pooled, word_errors
from voice.hearing.transcript import Transcript
from voice.hearing.whisper import Whisper
from voice.models import whisper_weights
from voice.settings import load_settings

Clip = TypeVar("Clip")

QUICK = 5
"""One clip in so many is heard with `--quick`."""
STRINGS = 40
_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SAYS = {"yes": Act.YES, "oui": Act.YES, "no": Act.NO, "non": Act.NO}


class Ear:
    """Our recogniser, and what it has cost."""

    def __init__(self, whisper: Whisper) -> None:
        self._whisper = whisper
        self.cpu = 0.0

    def __call__(self, utterance: Utterance, wanted: Expected | None = None) -> list[Transcript]:
        """Return what was heard in each turn."""
        began = time.process_time()
        language = [utterance.language]
        heard = [self._whisper.transcribe(turn, language, wanted) for turn in utterance.turns]
        self.cpu += time.process_time() - began
        return heard

    def text(self, utterance: Utterance, wanted: Expected | None = None) -> str:
        """Return all of it."""
        return " ".join(part.text for part in self(utterance, wanted)).strip()

    def whole(self, utterance: Utterance) -> str:
        """Return what was heard in the clip as it is."""
        return self.text(replace(utterance, turns=(utterance.whole,)))


class Peer:
    """faster-whisper, and what it has cost."""

    def __init__(self, model: WhisperModel) -> None:
        self._model = model
        self.cpu = 0.0

    def text(self, utterance: Utterance) -> str:
        """Return what was heard."""
        began = time.process_time()
        language = utterance.language.partition("-")[0]
        segments, _ = self._model.transcribe(utterance.whole, language=language)
        text = " ".join(segment.text.strip() for segment in segments)
        self.cpu += time.process_time() - began
        return text


async def measure(quick: bool) -> Figures:
    """Measure everything; without HOOKFLASH_CORPORA what people said is left out."""
    return await asyncio.to_thread(_measured, quick)


def _measured(quick: bool) -> Figures:
    settings = load_settings()
    weights = whisper_weights(settings)
    whisper = Whisper(weights, settings.speech_threads)
    model = WhisperModel(str(weights), device="cpu", compute_type="int8", cpu_threads=settings.speech_threads)
    step = QUICK if quick else 1

    def some(clips: Iterable[Clip]) -> list[Clip]:
        return list(islice(clips, 0, None, step))

    clips = [*some(sets.fixture_lines()), *sets.sentences()]
    Ear(whisper).whole(clips[0])  # neither pays for its first call
    Peer(model).text(clips[0])
    ear, peer = Ear(whisper), Peer(model)
    errors = [_errors(clip, ear.whole(clip)) for clip in clips]
    peer_errors = [_errors(clip, peer.text(clip)) for clip in clips]
    cut = [_errors(clip, Ear(whisper).text(clip)) for clip in clips]
    low, high = interval(errors)
    figures: dict[str, float | int | str] = {
        "utterances": len(clips),
        "ratio": round(ear.cpu / peer.cpu, 3),
        "cpu_ms": round(1000 * ear.cpu / len(clips), 1),
        "peer_cpu_ms": round(1000 * peer.cpu / len(clips), 1),
        "wer": _share(pooled(errors)),
        "wer_low": _share(low),
        "wer_high": _share(high),
        "peer_wer": _share(pooled(peer_errors)),
        "wer_cut": _share(pooled(cut)),
    }
    figures |= _digits(Ear(whisper), some(sets.digits()))
    figures |= _strings(Ear(whisper), STRINGS // step)
    figures |= _yes_and_no(Ear(whisper), step)
    figures |= _short_answers(Ear(whisper), some(sets.short_answers()))
    figures |= _no_speech(Ear(whisper), step)
    return figures


def _errors(clip: Utterance, heard: str) -> WordErrors:
    return word_errors(clip.text, heard, clip.language)


def _digits(ear: Ear, clips: Sequence[Utterance]) -> Figures:
    """Single digits of people, expected and free; `final` are those of speakers nothing was chosen on."""
    if not clips:
        return {}

    any_of_ten = expected.digit("en")
    wrong = [_NAMES.index(clip.text) != _figure(ear.text(clip, any_of_ten)) for clip in clips]
    free = [_NAMES.index(clip.text) != _figure(ear.text(clip)) for clip in clips]
    final = [missed for missed, clip in zip(wrong, clips, strict=True) if clip.final]
    return {
        "digits": len(clips),
        "digits_wrong": _share(sum(wrong) / len(wrong)),
        "digits_wrong_final": _share(sum(final) / max(1, len(final))),
        "digits_wrong_free": _share(sum(free) / len(free)),
    }


def _figure(text: str) -> int | None:
    digits = spoken_digits(text, "en")
    return int(digits) if digits and len(digits) == 1 else None


def _strings(ear: Ear, count: int) -> Figures:
    """Digits wrong in strings of six to sixteen: free, their length known, their check digit known too."""

    def wrong(clips: Sequence[Utterance], check: bool | None) -> float:
        errors = [0]
        for clip in clips:
            wanted = (
                None
                if check is None
                else Digits(len(clip.text), len(clip.text), passes_luhn if check else None)
            )
            heard = re.findall(r"\w+", ear.text(clip, wanted))
            figures = (spoken_digits(word, "en") for word in heard)
            errors.append(edits(clip.text, "".join(figure for figure in figures if figure)))
        return _share(sum(errors) / max(1, sum(len(clip.text) for clip in clips)))

    plain, checked = (list(sets.digit_strings(count, checked=checked)) for checked in (False, True))
    if not plain:
        return {}
    figures: dict[str, float] = {
        "strings": count,
        "string_digits_wrong_free": wrong(plain, None),
        "string_digits_wrong": wrong(plain, False),
        "string_digits_wrong_checked": wrong(checked, True),
    }
    for name, clips, check in (("", plain, False), ("_checked", checked, True)):
        if final := [clip for clip in clips if clip.final]:
            figures |= {f"string_digits_wrong{name}_final": wrong(final, check)}
    return figures


def _short_answers(ear: Ear, clips: Sequence[tuple[str, Utterance]]) -> Figures:
    """Short answers of synthetic callers no part of which taught: yes and no, digits, and other words."""
    figures: dict[str, float | int | str] = {}
    for language in ("en", "fr") if clips else ():
        ours = [(value, clip) for value, clip in clips if clip.language == language]
        either, any_of_ten = expected.yes_or_no(language), expected.digit(language)
        said = [(_SAYS[value], clip) for value, clip in ours if value in _SAYS]
        acts = [(act_of(ear.text(clip, either), language), act) for act, clip in said]
        single = [
            heard is act for (heard, act), (_, clip) in zip(acts, said, strict=True) if " " not in clip.text
        ]
        others = [
            act_of(ear.text(clip, either), language) in _SAYS.values() for value, clip in ours if not value
        ]
        digits = [
            spoken_digits(ear.text(clip, any_of_ten), language) != value
            for value, clip in ours
            if value.isdigit()
        ]
        swapped = sum(heard in _SAYS.values() and heard is not act for heard, act in acts)
        figures |= {
            f"short_{language}": len(acts),
            f"short_wrong_{language}": _share(
                sum(heard is not act for heard, act in acts) / max(1, len(acts))
            ),
            f"short_swapped_{language}": _share(swapped / max(1, len(acts))),
            f"short_words_{language}": len(single),
            f"short_words_wrong_{language}": _share(1 - sum(single) / max(1, len(single))),
            f"short_others_{language}": len(others),
            f"short_others_taken_{language}": _share(sum(others) / max(1, len(others))),
            f"short_digits_{language}": len(digits),
            f"short_digits_wrong_{language}": _share(sum(digits) / max(1, len(digits))),
        }
    return figures


def _yes_and_no(ear: Ear, step: int) -> Figures:
    """Yes and no of the fixtures' final half; `taken` are other words taken for one, of those heard."""
    figures: dict[str, float | int | str] = {}
    half = list(islice(sets.single_words("final"), 0, None, step))
    for language in ("en", "fr"):
        either = expected.yes_or_no(language)
        answers = [(word, clip) for word, clip in half if word.language == language and word.answer]
        others = [clip for word, clip in half if word.language == language and not word.answer]
        acts = [(act_of(ear.text(clip, either), language), _SAYS[word.text]) for word, clip in answers]
        taken = [act_of(ear.text(clip, either), language) in _SAYS.values() for clip in others]
        figures |= {
            f"answers_{language}": len(acts),
            f"answers_unheard_{language}": _share(sum(not clip.turns for _, clip in answers) / len(answers)),
            f"answers_missed_{language}": _share(
                sum(act not in _SAYS.values() for act, _ in acts) / len(acts)
            ),
            f"answers_swapped_{language}": _share(
                sum(act in _SAYS.values() and act is not said for act, said in acts) / len(acts)
            ),
            f"others_taken_{language}": _share(sum(taken) / len(taken)),
        }
        right = [(clip.noise, act is said) for (_, clip), (act, said) in zip(answers, acts, strict=True)]
        for noise in NOISES:
            told = [each for level, each in right if level == noise]
            figures[f"answers_right_{language}_{noise:.0f}_dB"] = f"{sum(told)} of {len(told)}"
    return figures


def _no_speech(ear: Ear, step: int) -> Figures:
    """Clips without speech in which words were heard, by kind."""
    kinds: dict[str, list[bool]] = {}
    for kind, clip in islice(sets.no_speech(), 0, None, step):
        kinds.setdefault(kind, []).append(bool(ear.text(clip)))
    return {
        f"words_in_{kind.replace(' ', '_')}": f"{sum(found)} of {len(found)}" for kind, found in kinds.items()
    }


def _share(value: float) -> float:
    return round(value, 4)


if __name__ == "__main__":
    main("utterance", __doc__.partition("\n")[0] if __doc__ else "", measure)
