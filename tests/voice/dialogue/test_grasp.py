"""How much of a turn that may not be over the line can serve already."""

from datetime import date

import pytest

from tests.voice.bot_stand_ins import playbook
from tests.voice.call_entries import entries, heard
from voice.dialogue.grasp import grasped
from voice.dialogue.memory import Memory
from voice.dialogue.understanding import Intent
from voice.journal.events import Decided, Understood, WentOn

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("words", "intents", "grasp"),
    [
        ("what is my balance", {"balance": 0.9}, 0.9),
        ("my balance and the next payment", {"balance": 0.9, "next_payment_date": 0.8}, 0.8),
        ("where is my order", {"order_status": 0.9}, 0.9),
        ("move my payment", {"move_due_date": 0.9}, 0.45),
        ("move my payment to the twentieth of March", {"move_due_date": 0.9}, 0.9),
        ("I want to change my address", {"change_address": 0.9}, 0.45),
        ("somebody used my card", {"fraud": 0.9}, 0.0),
        ("the weather is fine", {}, 0.0),
        ("yes that is right", {}, 1.0),
    ],
)
def test_what_can_be_answered_at_once_is_grasped(words: str, intents: dict[str, float], grasp: float) -> None:
    asked = [Intent(name, confidence) for name, confidence in intents.items()]
    assert grasped(words, asked, playbook(), "en", TODAY) == grasp


def test_a_turn_that_went_on_was_not_answered_before() -> None:
    memory = Memory()
    understood = Understood(request="balance", confidence=0.9)
    answered = Decided(action="answer", why="asked", request="balance")
    memory.take_all(entries(heard("my balance"), understood, answered))
    assert memory.answered == {"balance": 1}
    memory.take_all(entries(heard("and my refund"), WentOn(text="my balance and my refund")))
    assert not memory.answered
    assert memory.request is None
    assert memory.unanswered == ("my balance and my refund",)
