import hashlib
import wave

import pytest

from audio_fixtures import recording
from audio_fixtures.script import AGENTS, CALLS, ScriptError, fingerprint, load, names, parse

MINIMAL = """
title: t
caller: {number: "+4740000000"}
turns:
  - wait: 1
expect: {states: [ended]}
"""


def test_the_promised_calls_are_there() -> None:
    assert set(names()) >= {
        "angry_refund", "asks_for_person", "barges_in", "calm_contained", "hangs_up_mid_sentence",
        "presses_zero", "says_nothing",
    }  # fmt: skip


@pytest.mark.parametrize("name", names())
def test_a_committed_call_is_that_of_its_script(name: str) -> None:
    story = recording.load(name)
    audio = (CALLS / f"{name}.wav").read_bytes()
    assert story.script_sha256 == fingerprint(name), f"run: python -m audio_fixtures.render {name}"
    assert story.audio_sha256 == hashlib.sha256(audio).hexdigest()
    if load(name).agent is not None:
        agent = (AGENTS / f"{name}.wav").read_bytes()
        assert story.agent_audio_sha256 == hashlib.sha256(agent).hexdigest()
    with wave.open(str(CALLS / f"{name}.wav"), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
        assert file.getnframes() / 8000 == pytest.approx(story.duration, abs=0.001)
    said = [turn.say for turn in load(name).turns if turn.say is not None]
    assert [line.text for line in story.lines] == said


@pytest.mark.parametrize("name", names())
def test_expected_words_are_words_the_caller_says(name: str) -> None:
    script = load(name)
    plain = " ".join(turn.say or "" for turn in script.turns).lower().replace(",", "")
    place = 0
    for words in script.expect.words:
        place = plain.index(words, place)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("wait: 1", "wait: 61"), "<= 60"),
        (("wait: 1", "shout: hello"), "shout"),
        (("- wait: 1", "- {wait: 1, press: '0'}"), "exactly one"),
        (("- wait: 1", "- {hang_up: false}"), "exactly one"),
        (("- wait: 1", "- hang_up: true\n  - wait: 1"), "must be the last"),
        (("- wait: 1", "- press: '12'"), "regex"),
        (("+4740000000", "4740000000"), "regex"),
        (("[ended]", "[gone]"), "gone"),
        (("expect:", "agent: {turns: [{press: '1'}]}\nexpect:"), "either wait or say"),
        (("expect:", "agent: {turns: [{}]}\nexpect:"), "agent: turn 1"),
        (("[ended]", "[ended"), "line"),
    ],
)
def test_a_mistake_is_one_sentence_that_names_the_file(change: tuple[str, str], complaint: str) -> None:
    parse(MINIMAL, "fine.yaml")
    with pytest.raises(ScriptError, match=r"^wrong\.yaml") as error:
        parse(MINIMAL.replace(*change), "wrong.yaml")
    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


def test_an_unknown_call_names_the_known_ones() -> None:
    with pytest.raises(ScriptError, match="angry_refund"):
        load("nobody")
