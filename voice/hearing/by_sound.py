"""What a clip sounds like, before any text: for the one Whisper model whose encoder the weights belong to."""

from voice.hearing import short_answers
from voice.hearing.digit_row import DigitRow
from voice.hearing.expected import Digits, OneOf
from voice.hearing.lattice import Lattice
from voice.hearing.short_answers import BySound, Floats


class Sounds:
    """Short answers and digits by their sound; nothing is told of another encoder's frames.

    Args:
        fingerprint: what the encoder makes of the common sentence.
    """

    def __init__(self, fingerprint: Floats) -> None:
        learnt = short_answers.load()
        ours = learnt is not None and short_answers.like(learnt.fingerprint, fingerprint)
        self._learnt = learnt if ours else None

    def one_of(self, frames: Floats, samples: Floats, language: str, expected: OneOf) -> BySound | None:
        """Return which of some answers a clip sounds like; None where that cannot be told.

        Args:
            frames: of the encoder, (frames, width).
            samples: the clip, 16 kHz.
            language: its code.
            expected: the answers.
        """
        if self._learnt is None:
            return None
        values = [answer.value for answer in expected.answers]
        return self._learnt.sounds(frames, samples, language, values)

    def digits(self, frames: Floats, samples: Floats, language: str, expected: Digits) -> DigitRow | None:
        """Return the digits a clip sounds like; None where that cannot be told. The arguments as above."""
        words = self._learnt.digits_in_rows(language) if self._learnt is not None else None
        return None if words is None else DigitRow(Lattice(frames, samples), words, expected.most)
