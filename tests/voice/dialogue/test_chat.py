"""The bot by text, from the command line: feelings, memory and failures as on a call."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.voice.bot_stand_ins import playbook, understanding
from voice.dialogue import chat_command, guarded
from voice.dialogue.bot import Bot
from voice.dialogue.reply import Reply
from voice.settings import load_settings
from voice.takeover.similarity import Similarity
from voice.text_line import TextLine


@pytest.fixture(autouse=True)
def _by_words_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings().model_copy(update={"data": tmp_path})

    def line(name: str | None) -> TextLine:
        return TextLine(settings, playbook(), understanding(), Similarity())

    monkeypatch.setattr(chat_command, "open_line", line)


def chatted(*turns: str, options: tuple[str, ...] = ()) -> str:
    result = CliRunner().invoke(chat_command.chat, options, input="".join(f"{turn}\n" for turn in turns))
    assert result.exit_code == 0, result.output
    return result.output


def test_what_is_asked_is_answered() -> None:
    said = chatted("What is my balance?", "75012", "no thanks, bye")
    assert "bot: To be sure it is you: what is your postcode?" in said
    assert "bot: You owe 91 euros at the moment." in said
    assert "Goodbye." in said


def test_angry_words_lead_to_a_person_as_on_a_call() -> None:
    said = chatted(
        "You are useless, this is outrageous, I have had enough of you idiots!", options=("--events",)
    )
    assert "felt anger" in said
    assert "to a person: anger" in said


def test_who_chatted_before_is_greeted_with_it() -> None:
    first = chatted("Please send me my invoice again.", "bye")
    assert "You rang" not in first
    again = chatted("bye")
    assert "You rang earlier today, and we told you: I have sent your latest invoice" in again
    assert "You rang" not in chatted("bye", options=("--caller", "+4740000002"))


def test_a_bot_that_takes_too_long_leads_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    async def answer(self: Bot, words: str, t: float) -> AsyncGenerator[Reply, None]:
        await asyncio.sleep(60)
        yield Reply()

    monkeypatch.setattr(Bot, "answer", answer)
    monkeypatch.setattr(guarded, "REPLY", 0.05)
    said = chatted("What is my balance?", "and this is not read any more")
    assert "to a person: bot_failed: no answer within" in said
    assert said.count("you") < 10
