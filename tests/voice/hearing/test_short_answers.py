"""Short answers by their sound: learnt from examples, kept on disk."""

from pathlib import Path

import numpy as np
import pytest

from voice.hearing.answer_training import Example, learn
from voice.hearing.short_answers import OTHER, ShortAnswers, features, like, load, spoken

WIDTH, FRAME = 16, 320


def direction(word: str) -> np.ndarray:
    return np.random.default_rng(sum(map(ord, word))).standard_normal(WIDTH).astype(np.float32)


def frames_of(word: str, seed: int, count: int = 20) -> np.ndarray:
    """An encoder's frames of a word: each word points its own way."""
    noise = np.random.default_rng(seed).standard_normal((count, WIDTH)) * 0.3
    return (direction(word) + noise).astype(np.float32)


def loud(frames: int, seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).standard_normal(frames * FRAME) * 0.1).astype(np.float32)


def taught(words: dict[str, str]) -> ShortAnswers:
    examples = [
        Example("en", word if value else OTHER, value, features(frames_of(word, seed), 0, 20))
        for word, value in words.items()
        for seed in range(8 if value else 40)  # one of something else counts a fifth
    ]
    return learn(examples, np.ones(WIDTH, np.float32))


def test_the_answer_that_was_said_has_the_highest_odds_and_anything_else_has_low_ones() -> None:
    answers = taught({"yes": "yes", "yes please": "yes", "no": "no", "boat": "", "train": ""})
    said = answers.sounds(frames_of("yes please", 99), loud(20), "en", ("yes", "no"))
    assert said is not None
    assert said.odds[0] > 1 > said.odds[1]
    assert said.spellings[0] == "yes please"
    other = answers.sounds(frames_of("boat", 99), loud(20), "en", ("yes", "no"))
    assert other is not None
    assert other.odds.max() < 1


def test_what_was_not_taught_cannot_be_told() -> None:
    answers = taught({"yes": "yes", "no": "no", "boat": ""})
    assert answers.sounds(frames_of("yes", 1), loud(20), "fr", ("oui", "non")) is None
    assert answers.sounds(frames_of("yes", 1), loud(20), "en", ("yes", "perhaps")) is None


def test_answers_are_learnt_beside_other_words() -> None:
    with pytest.raises(ValueError, match="other words"):
        taught({"yes": "yes", "no": "no"})


def test_they_are_kept_on_disk_byte_by_byte(tmp_path: Path) -> None:
    for name in ("one.npz", "other.npz"):
        taught({"yes": "yes", "no": "no", "boat": ""}).save(tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "other.npz").read_bytes()
    kept = load(tmp_path / "one.npz")
    assert kept is not None
    fresh = taught({"yes": "yes", "no": "no", "boat": ""})
    one, other = (each.sounds(frames_of("no", 5), loud(20), "en", ("yes", "no")) for each in (kept, fresh))
    assert one is not None
    assert other is not None
    assert one.odds.tolist() == other.odds.tolist()
    assert load(tmp_path / "none.npz") is None


def test_an_encoder_is_known_by_its_fingerprint() -> None:
    assert like(direction("a"), direction("a") * np.float32(1.01))
    assert not like(direction("a"), direction("b"))
    assert not like(direction("a"), np.ones(3, np.float32))


def test_the_word_is_found_between_the_quiet_around_it() -> None:
    samples = np.concatenate([loud(10) * 0.001, loud(12), loud(10) * 0.001])
    first, last = spoken(samples)
    assert 6 <= first <= 10
    assert 22 <= last <= 27
    assert spoken(np.empty(0, np.float32)) == (0, 0)
