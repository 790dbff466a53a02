"""What a caller who waits for a person may still have from the bot."""

from typing import Literal

import pytest

from voice.dialogue.meanwhile import helps, wish_in
from voice.dialogue.reply import Reply
from voice.journal.events import Decided, Understood


@pytest.mark.parametrize(
    ("language", "words", "wish"),
    [
        ("en", "Can somebody call me back?", "callback"),
        ("en", "I'd rather be called back, please.", "callback"),
        ("en", "could you give me a call back", "callback"),
        ("en", "Yes please.", "yes"),
        ("en", "No, that's wrong.", "no"),
        ("en", "Nobody called me back last week.", None),
        ("en", "I will call back later.", None),
        ("en", "Where is my refund?", None),
        ("fr", "Vous pouvez me rappeler ?", "callback"),
        ("fr", "Rappelez-moi plutôt demain.", "callback"),
        ("fr", "Je préfère être rappelé.", "callback"),
        ("fr", "Oui.", "yes"),
        ("fr", "Je vais rappeler plus tard.", None),
        ("fr", "Où est mon remboursement ?", None),
    ],
)
def test_what_a_waiting_caller_wishes(language: str, words: str, wish: str | None) -> None:
    assert wish_in(words, language) == wish


def reply(action: Literal["answer", "hand_over", "apologise"], request: str | None) -> Reply:
    understood = Understood(request=request, confidence=1.0)
    return Reply(("Something.",), (understood, Decided(action=action, why="it is so", request=request)))


def test_only_what_helps_is_said() -> None:
    assert helps(reply("answer", "balance"))
    assert not helps(reply("hand_over", "fraud_report"))
    assert not helps(reply("apologise", None))
    assert not helps(Reply((), (Decided(action="answer", why="asked", request="balance"),)))
