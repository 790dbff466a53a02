"""Letters as they are spelt on the telephone: alone, by name, "S for sugar", "D comme Denise", "Bravo"."""

from collections.abc import Sequence

from voice.dialogue.slots.vocabulary import vocabulary

_PAIRS = {
    ("double", "u"): "w", ("double", "you"): "w", ("double", "v"): "w", ("double", "ve"): "w",
    ("i", "grec"): "y", ("x", "ray"): "x",
}  # fmt: skip


def letter(words: Sequence[str], at: int, language: str) -> tuple[str, int] | None:
    """Return the letter that is spelt at word `at` and the place behind it, or None.

    "double" before a letter is not read here; "double you" and "double vé" are W.
    """
    known, word = vocabulary(language), words[at]
    behind = words[at + 1] if at + 1 < len(words) else ""
    if (word, behind) in _PAIRS:
        return _PAIRS[word, behind], at + 2
    if word in known.alphabet:
        return word[0], at + 1
    found = word if len(word) == 1 and word.isalpha() else known.letter_names.get(word)
    if found is None:
        return None
    for like in known.like:
        start = at + 1 + len(like)
        if tuple(words[at + 1 : start]) == like and start < len(words) and words[start].startswith(found):
            return found, start + 1
    return found, at + 1


def may_be_a_word(words: Sequence[str], at: int, language: str) -> bool:
    """Return whether the letter at `at` is as likely a plain word, as the "a" of "a blue one" is."""
    return words[at] in vocabulary(language).doubtful_letters
