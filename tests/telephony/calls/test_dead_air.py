"""Dead air: who was heard, and when."""

from telephony.calls.dead_air import DeadAirGuard
from telephony.legs.mulaw import silence

LOUD, QUIET = bytes([0x20, 0x20, 0xA0, 0xA0]) * 40, silence(0.02)


def test_silence_from_both_sides_is_dead_air() -> None:
    guard = DeadAirGuard(15.0, 0.0)
    guard.caller(QUIET, 5.0)
    assert guard.due_in(14.0) == 1.0
    assert guard.due_in(15.0) == 0.0
    assert guard.quiet(15.0) == 15.0


def test_a_voice_from_either_side_puts_it_off() -> None:
    guard = DeadAirGuard(15.0, 0.0)
    guard.caller(LOUD, 10.0)
    assert guard.due_in(10.0) == 15.0
    guard.line(20.0)
    assert guard.due_in(10.0) == 25.0
    guard.cut(12.0)
    assert guard.due_in(12.0) == 15.0


def test_a_caller_whom_nobody_answers_is_noticed_however_much_they_talk() -> None:
    guard = DeadAirGuard(15.0, 0.0)
    guard.caller(LOUD, 44.0)
    assert guard.due_in(44.0) == 1.0
    guard.restart(45.0)
    assert guard.due_in(45.0) == 15.0
