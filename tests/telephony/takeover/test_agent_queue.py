"""The roster and the waiting line."""

from hypothesis import given
from hypothesis import strategies as st

from telephony.takeover.queue import Engagement, Queue


def queue_with(*agents: str) -> Queue:
    queue = Queue()
    for at, agent in enumerate(agents):
        queue.joined(agent, at)
        queue.available(agent, True, at)
    return queue


def test_nobody_is_rung_who_has_not_said_that_they_are_available() -> None:
    queue = Queue()
    queue.joined("ann", 0)
    queue.wait("a", ahead=False)
    assert queue.match() == []
    queue.available("ann", True, 1)
    assert queue.match() == [("a", "ann")]


def test_calls_are_served_in_order_and_whoever_is_idle_longest_goes_first() -> None:
    queue = queue_with("ann", "bo")
    for call in "abc":
        queue.wait(call, ahead=False)
    assert queue.match() == [("a", "ann"), ("b", "bo")]
    assert queue.waiting == ("c",)


def test_a_call_that_lost_its_agent_goes_to_the_head() -> None:
    queue = queue_with()
    queue.wait("a", ahead=False)
    queue.wait("b", ahead=True)
    assert queue.waiting == ("b", "a")


def test_an_agent_with_a_call_is_not_rung_for_another() -> None:
    queue = queue_with("ann")
    queue.wait("a", ahead=False)
    queue.match()
    queue.wait("b", ahead=False)
    for engagement in (Engagement.RINGING, Engagement.ON_CALL, Engagement.WRAP_UP):
        queue.engaged("ann", engagement, 5)
        assert queue.match() == []
    queue.engaged("ann", Engagement.FREE, 9)
    assert queue.match() == [("b", "ann")]


def test_idle_time_counts_from_the_last_call() -> None:
    queue = queue_with("ann", "bo")
    queue.engaged("ann", Engagement.ON_CALL, 5)
    queue.engaged("ann", Engagement.FREE, 10)
    queue.wait("a", ahead=False)
    assert queue.match() == [("a", "bo")]


def test_who_declined_a_call_is_asked_again_only_after_saying_they_are_available() -> None:
    queue = queue_with("ann")
    queue.wait("a", ahead=False)
    queue.match()
    queue.engaged("ann", Engagement.FREE, 5)
    queue.wait("a", ahead=True)
    assert queue.match() == []
    queue.wait("b", ahead=False)
    assert queue.match() == [("b", "ann")]
    queue.engaged("ann", Engagement.FREE, 9)
    queue.available("ann", True, 10)
    assert queue.match() == [("a", "ann")]


def test_who_left_is_not_rung_and_who_is_unknown_changes_nothing() -> None:
    queue = queue_with("ann")
    queue.left("ann")
    queue.available("ann", True, 1)
    queue.engaged("ann", Engagement.FREE, 1)
    queue.wait("a", ahead=False)
    assert queue.match() == []
    assert queue.seat("ann") is None


def test_a_call_withdrawn_or_forgotten_is_not_matched() -> None:
    queue = queue_with("ann")
    queue.wait("a", ahead=False)
    queue.wait("b", ahead=False)
    queue.withdraw("a")
    queue.forget("b")
    assert queue.match() == []


calls, agents = st.sampled_from("abcd"), st.sampled_from(["ann", "bo", "cy"])
moves = st.one_of(
    st.tuples(st.just("join"), agents),
    st.tuples(st.just("leave"), agents),
    st.tuples(st.just("available"), agents),
    st.tuples(st.just("away"), agents),
    st.tuples(st.just("free"), agents),
    st.tuples(st.just("wait"), calls),
    st.tuples(st.just("ahead"), calls),
)


@given(st.lists(moves, max_size=60))
def test_nobody_is_ever_offered_two_calls(sequence: list[tuple[str, str]]) -> None:
    queue = Queue()
    has: dict[str, str] = {}
    for t, (move, name) in enumerate(sequence):
        match move:
            case "join" if queue.seat(name) is None:
                queue.joined(name, t)
            case "leave":
                queue.left(name)
                has.pop(name, None)
            case "available" | "away":
                queue.available(name, move == "available", t)
            case "free":
                queue.engaged(name, Engagement.FREE, t)
                has.pop(name, None)
            case "wait" | "ahead" if name not in has.values():
                queue.wait(name, ahead=move == "ahead")
            case _:
                pass
        for call, agent in queue.match():
            assert agent not in has
            assert call not in has.values()
            has[agent] = call
        assert len(set(queue.waiting)) == len(queue.waiting)
