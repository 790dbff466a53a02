"""What the bot lets the ear know it expects, turn by turn."""

import pytest

from tests.voice.bot_stand_ins import bot
from voice.dialogue.bot import Bot
from voice.dialogue.reply import Reply
from voice.hearing.expected import Digits, Expected, OneOf

POSTCODE = Digits(5, 5)


async def after(bot: Bot, *turns: str) -> Reply:
    replies = [await bot.reply(turn, float(t)) for t, turn in enumerate(turns)]
    return replies[-1]


def values(expected: Expected | None) -> list[str]:
    assert isinstance(expected, OneOf)
    return [answer.value for answer in expected.answers]


def test_a_greeting_may_be_followed_by_anything() -> None:
    assert bot().greeting().expects is None


async def test_the_figures_of_the_postcode_are_expected_until_they_are_said() -> None:
    talker = bot(verified=False)
    assert (await after(talker, "What is my balance?")).expects == POSTCODE
    assert (await after(talker, "Hold on.")).expects == POSTCODE
    assert (await after(talker, "Could you repeat that?")).expects == POSTCODE
    assert (await after(talker, "Seven five")).expects == POSTCODE
    assert values((await after(talker, "oh one two")).expects) == ["yes", "no"]  # anything else?


async def test_an_open_question_expects_nothing() -> None:
    assert (await after(bot(), "What is my balance?", "Yes.")).expects is None


@pytest.mark.parametrize(("language", "answers"), [("en", ["yes", "no"]), ("fr", ["oui", "non"])])
async def test_yes_and_no_are_expected_in_the_language_the_call_goes_on_in(
    language: str, answers: list[str]
) -> None:
    talker = bot()
    talker.speak(language)
    question = {"en": "What are your opening hours?", "fr": "Quels sont vos horaires ?"}[language]
    assert values((await after(talker, question)).expects) == answers
