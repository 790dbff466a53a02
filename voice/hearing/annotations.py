"""What Whisper would write of a sound that is no words: "(coughs)", "*laughs*", "[Music]", "(chattering)".

It learnt that from subtitles; transcriptions forbid it such signs, and then it makes words of the sound. So
the decoder is asked once, at the beginning, with nothing forbidden. How probable an annotation was:

    coughs, laughter, babble of six voices     .42 to .73 (31 clips)
    sentences on the telephone                 .001 to .15 (102 clips)
    single digits                              .12 in the median, .27 for one in twenty (60 clips)
"""

from functools import cached_property

import tokenizers

from voice.hearing.speech_model import Written

ANNOTATED = 0.4
"""Probability of an annotation from which a clip holds no words."""
_SIGNS = tuple("[({*♪♫")


class Annotations:
    """Asks one model.

    Args:
        vocabulary: the model's tokenizer.
    """

    def __init__(self, vocabulary: tokenizers.Tokenizer) -> None:
        self._vocabulary = vocabulary

    def probability(self, begun: Written) -> float:
        """Return how probable it is that a clip's transcript would begin with an annotation, 0..1.

        Args:
            begun: the clip, and the prompt of a transcript.
        """
        return float(begun.probabilities[self._beginnings].sum())

    @cached_property
    def _beginnings(self) -> list[int]:
        """Return the tokens an annotation can begin with."""
        size = self._vocabulary.get_vocab_size(with_added_tokens=False)
        texts = self._vocabulary.decode_batch([[token] for token in range(size)])
        return [token for token, text in enumerate(texts) if text.strip().startswith(_SIGNS)]
