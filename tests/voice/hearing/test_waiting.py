from voice.hearing.waiting import Urgency, Waiting, WaitingLine


def waiting(clip: str, urgency: Urgency, deadline: float = 10.0) -> Waiting[str]:
    return Waiting(clip, urgency, deadline)


def test_finished_turns_go_before_guesses_before_partials() -> None:
    line: WaitingLine[str] = WaitingLine(8)
    for clip, urgency in (
        ("partial", Urgency.PARTIAL),
        ("guess", Urgency.GUESS),
        ("first turn", Urgency.TURN),
        ("second turn", Urgency.TURN),
    ):
        assert line.add(waiting(clip, urgency)) is None
    order = [found.clip for _ in range(4) if (found := line.next()) is not None]
    assert order == ["first turn", "second turn", "guess", "partial"]
    assert line.next() is None


def test_a_full_line_gives_up_the_newest_of_the_least_urgent() -> None:
    line: WaitingLine[str] = WaitingLine(2)
    older, newer = waiting("older", Urgency.PARTIAL), waiting("newer", Urgency.PARTIAL)
    line.add(older)
    line.add(newer)
    assert line.add(waiting("turn", Urgency.TURN)) is newer
    assert line.add(waiting("guess", Urgency.GUESS)) is older
    late = waiting("late partial", Urgency.PARTIAL)
    assert line.add(late) is late


def test_what_is_too_late_is_removed() -> None:
    line: WaitingLine[str] = WaitingLine(4)
    soon, later = waiting("soon", Urgency.TURN, 1.0), waiting("later", Urgency.PARTIAL, 5.0)
    line.add(soon)
    line.add(later)
    assert line.late(1.0) == [soon]
    assert line.next() is later


def test_a_clip_nobody_wants_is_forgotten_once() -> None:
    line: WaitingLine[str] = WaitingLine(4)
    gone = waiting("gone", Urgency.TURN)
    line.add(gone)
    line.remove(gone)
    line.remove(gone)
    assert line.next() is None
