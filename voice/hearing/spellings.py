"""What is expected, in a model's tokens."""

from collections.abc import Iterable
from dataclasses import dataclass

import tokenizers

from voice.hearing.expected import Answer, OneOf, alternatives, digit_answers

Tokens = tuple[int, ...]

_ENDS = (".", "!", "?", "...", " ...")
_BETWEEN = (".", ",", "-", " -", " ", "...")
_ROW = "4729015836"
"""The ten digits out of their order, which the model would go on counting."""


@dataclass(frozen=True)
class Spelt:
    """An expectation in tokens.

    Attributes:
        before: the expected words, as a text before the one to be written.
        against: the same among what may be said instead.
        spellings: of each answer, every way to write it.
    """

    before: Tokens
    against: Tokens
    spellings: tuple[tuple[Tokens, ...], ...]


@dataclass(frozen=True)
class DigitStyle:
    """Digits written in one way.

    Attributes:
        before: the ten of them, as a text before the one to be written.
        forbidden: every token but those that can be part of digits written so, and the end.
    """

    before: Tokens
    forbidden: tuple[int, ...]


class Spelling:
    """Spells expectations in a model's tokens.

    Args:
        vocabulary: the model's tokenizer.
    """

    def __init__(self, vocabulary: tokenizers.Tokenizer) -> None:
        self._vocabulary = vocabulary
        self._previous = vocabulary.token_to_id("<|startofprev|>")
        self._end = _known(vocabulary, "<|endoftext|>")
        self.ends = frozenset((self._end, *self._single(_ENDS)))
        """Tokens that close what is said."""

    def one_of(self, expected: OneOf, language: str) -> Spelt:
        """Return the answers' spellings; the plainest of each, as a sentence, is the text before."""
        plainest = " ".join(_sentence(answer.spellings[0]) for answer in _mixed(expected.answers))
        among = " ".join(_sentence(alternative) for alternative in alternatives(expected, language))
        return Spelt(
            before=self._before(plainest),
            against=self._before(among),
            spellings=tuple(self._written(answer.spellings) for answer in expected.answers),
        )

    def figures(self) -> DigitStyle:
        """Return digits as `4 7 2`."""
        return self._style(" ".join(_ROW), ((figure,) for figure in _ROW))

    def words(self, language: str) -> DigitStyle:
        """Return digits as `Four. Seven.` in a language."""
        answers = digit_answers(language)
        row = " ".join(f"{answers[int(figure)].spellings[0].capitalize()}." for figure in _ROW)
        return self._style(row, (answer.spellings[:-1] for answer in answers))

    def _style(self, row: str, spellings: Iterable[tuple[str, ...]]) -> DigitStyle:
        allowed = {token for each in spellings for tokens in self._written(each) for token in tokens}
        allowed |= {self._end, *self._single(_BETWEEN)}
        every = range(self._vocabulary.get_vocab_size())
        return DigitStyle(self._before(row), tuple(token for token in every if token not in allowed))

    def _before(self, text: str) -> Tokens:
        return (self._previous, *self._tokens(f" {text}")) if self._previous is not None else ()

    def _written(self, spellings: Iterable[str]) -> tuple[Tokens, ...]:
        written = (
            f"{space}{form}"
            for text in spellings
            for form in dict.fromkeys((text, text.capitalize(), text.upper()))
            for space in (" ", "")
        )
        return tuple(dict.fromkeys(self._tokens(text) for text in written))

    def _single(self, texts: Iterable[str]) -> Iterable[int]:
        return (tokens[0] for tokens in map(self._tokens, texts) if len(tokens) == 1)

    def _tokens(self, text: str) -> Tokens:
        return tuple(self._vocabulary.encode(text, add_special_tokens=False).ids)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + ("" if words.endswith("?") else ".")


def _mixed(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """Return answers out of their order, which the model would go on counting."""
    return answers[1::2] + answers[::2] if len(answers) > 2 else answers


def _known(vocabulary: tokenizers.Tokenizer, token: str) -> int:
    number = vocabulary.token_to_id(token)
    if number is None:
        raise ValueError(f"The model's vocabulary has no {token}.")
    return int(number)
