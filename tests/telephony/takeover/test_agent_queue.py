"""The roster and the waiting line."""

from hypothesis import given
from hypothesis import strategies as st

from telephony.takeover.queue import ASK_AGAIN, FITTING, Engagement, Needs, Profile, Queue


def queue_with(*agents: str) -> Queue:
    queue = Queue()
    for at, agent in enumerate(agents):
        queue.joined(agent, at)
        queue.available(agent, True, at)
    return queue


def test_nobody_is_rung_who_has_not_said_that_they_are_available() -> None:
    queue = Queue()
    queue.joined("ann", 0)
    queue.wait("a", 0)
    assert queue.match(0) == []
    queue.available("ann", True, 1)
    assert queue.match(0) == [("a", "ann")]


def test_calls_are_served_in_order_and_whoever_is_idle_longest_goes_first() -> None:
    queue = queue_with("ann", "bo")
    for call in "abc":
        queue.wait(call, 0)
    assert queue.match(0) == [("a", "ann"), ("b", "bo")]
    assert queue.waiting == ("c",)


def test_a_call_that_lost_its_agent_goes_to_the_head() -> None:
    queue = queue_with()
    queue.wait("a", 0)
    queue.wait("b", 0, ahead=True)
    assert queue.waiting == ("b", "a")


def test_an_agent_with_a_call_is_not_rung_for_another() -> None:
    queue = queue_with("ann")
    queue.wait("a", 0)
    queue.match(0)
    queue.wait("b", 0)
    for engagement in (Engagement.RINGING, Engagement.ON_CALL, Engagement.WRAP_UP):
        queue.engaged("ann", engagement, 5)
        assert queue.match(0) == []
    queue.engaged("ann", Engagement.FREE, 9)
    assert queue.match(0) == [("b", "ann")]


def test_idle_time_counts_from_the_last_call() -> None:
    queue = queue_with("ann", "bo")
    queue.engaged("ann", Engagement.ON_CALL, 5)
    queue.engaged("ann", Engagement.FREE, 10)
    queue.wait("a", 0)
    assert queue.match(0) == [("a", "bo")]


def test_who_did_not_take_a_call_is_asked_again_after_a_pause() -> None:
    queue = queue_with("ann")
    queue.wait("a", 2)
    queue.match(2)
    queue.engaged("ann", Engagement.FREE, 20)
    queue.wait("a", 20)
    assert queue.match(20) == []
    assert queue.due(20) == 20 + ASK_AGAIN
    assert queue.match(20 + ASK_AGAIN - 1) == []
    assert queue.match(20 + ASK_AGAIN) == [("a", "ann")]


def test_who_says_anew_that_they_are_available_is_asked_again_at_once() -> None:
    queue = queue_with("ann")
    queue.wait("a", 2)
    queue.match(2)
    queue.engaged("ann", Engagement.FREE, 5)
    queue.wait("a", 5)
    queue.wait("b", 6)
    assert queue.match(6) == [("b", "ann")]
    queue.engaged("ann", Engagement.FREE, 9)
    queue.available("ann", True, 10)
    assert queue.match(10) == [("a", "ann")]


def test_who_is_in_need_has_a_head_start_but_overtakes_nobody_for_ever() -> None:
    queue = Queue()
    queue.wait("waits long", 0)
    queue.wait("waits", 100)
    queue.wait("is angry", 150, Needs(head_start=120))
    assert list(queue.waiting) == ["waits long", "is angry", "waits"]
    queue.wait("lost their agent", 160, ahead=True)
    assert queue.place("lost their agent") == 1
    queue.needs("waits", Needs(head_start=300))
    assert list(queue.waiting) == ["lost their agent", "waits", "waits long", "is angry"]
    assert [queue.place(call) for call in ("is angry", "nobody")] == [4, None]


def test_a_call_goes_to_an_agent_who_has_the_skill_and_the_language() -> None:
    queue = Queue()
    queue.joined("ann", 0, Profile(frozenset({"fraud"}), frozenset({"en"})))
    queue.joined("bo", 1, Profile(frozenset({"cards"}), frozenset({"en", "fr"})))
    queue.joined("cy", 2)
    for agent in ("ann", "bo", "cy"):
        queue.available(agent, True, 3)
    queue.wait("in French", 4, Needs(language="fr"))
    queue.wait("a fraud", 5, Needs("fraud", "en"))
    queue.wait("a fraud in French", 6, Needs("fraud", "fr"))
    queue.wait("another fraud", 7, Needs("fraud"))
    assert queue.match(8) == [("in French", "bo"), ("a fraud", "ann"), ("a fraud in French", "cy")]
    assert queue.on_duty(Needs("fraud", "fr")) == 1


def test_anybody_is_better_than_nobody_in_the_end() -> None:
    queue = Queue()
    queue.joined("ann", 0, Profile(frozenset({"cards"})))
    queue.available("ann", True, 0)
    queue.wait("a fraud", 10, Needs("fraud"))
    assert queue.match(10) == []
    assert queue.due(10) == 10 + FITTING
    assert queue.match(10 + FITTING) == [("a fraud", "ann")]
    assert queue.due(80) is None


def test_how_long_agents_have_been_busy_is_told_of_those_who_could_take_the_call() -> None:
    queue = queue_with("ann", "bo", "cy")
    queue.joined("dee", 0, Profile(frozenset({"cards"})))
    queue.available("cy", False, 3)
    queue.available("dee", True, 3)
    queue.engaged("ann", Engagement.RINGING, 10)
    queue.engaged("ann", Engagement.ON_CALL, 20)
    queue.wait("a", 25, Needs("fraud"))
    assert queue.busy_for("a", 40, anybody=False) == (30, 0)
    assert queue.busy_for("a", 40, anybody=True) == (30, 0, 0)
    assert [queue.anybody_in("a", now) for now in (40, 90)] == [45, 0]
    assert queue.staffed()


def test_who_left_is_not_rung_and_who_is_unknown_changes_nothing() -> None:
    queue = queue_with("ann")
    queue.left("ann")
    queue.available("ann", True, 1)
    queue.engaged("ann", Engagement.FREE, 1)
    queue.wait("a", 0)
    assert queue.match(0) == []
    assert queue.seat("ann") is None


def test_a_call_withdrawn_or_forgotten_is_not_matched() -> None:
    queue = queue_with("ann")
    queue.wait("a", 0)
    queue.wait("b", 0)
    queue.withdraw("a")
    queue.forget("b")
    assert queue.match(0) == []


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
                queue.wait(name, t, ahead=move == "ahead")
            case _:
                pass
        for call, agent in queue.match(t):
            assert agent not in has
            assert call not in has.values()
            has[agent] = call
        assert len(set(queue.waiting)) == len(queue.waiting)


def test_who_had_the_call_and_gave_it_back_may_have_it_again_at_once() -> None:
    queue = queue_with("ann")
    queue.wait("a", 0)
    queue.match(0)
    queue.engaged("ann", Engagement.FREE, 9)
    queue.let_go("a", "ann")
    queue.wait("a", 10)
    assert queue.match(10) == [("a", "ann")]


def test_who_handed_the_call_on_may_not() -> None:
    queue = queue_with("ann")
    queue.wait("a", 0)
    queue.match(0)
    queue.wait("a", 10)
    queue.let_go("a", "ann")
    queue.engaged("ann", Engagement.FREE, 10)
    assert queue.match(10) == []
    assert queue.match(10 + ASK_AGAIN) == [("a", "ann")]


def test_who_declined_is_not_let_go_with_the_one_rung_after_them() -> None:
    queue = queue_with("ann", "bo")
    queue.wait("a", 0)
    assert queue.match(0) == [("a", "ann")]
    queue.wait("a", 1)
    assert queue.match(1) == [("a", "bo")]
    queue.let_go("a", "ann")
    queue.wait("a", 2)
    queue.engaged("bo", Engagement.FREE, 2)
    assert queue.match(2) == []


def talked_to(queue: Queue, call: str, now: float) -> None:
    """Let an agent take a call, and be done with it a minute and a half later."""
    queue.wait(call, now)
    [(_, agent)] = queue.match(now)
    queue.engaged(agent, Engagement.ON_CALL, now + 1)


def test_a_call_handed_on_late_still_goes_to_the_skill_it_was_handed_to() -> None:
    queue = queue_with("ann", "bo")
    talked_to(queue, "a", 0)
    queue.joined("cy", 80, Profile(skills=frozenset({"legal"})))
    queue.left("bo")
    queue.joined("bo", 0, Profile(skills=frozenset({"cards"})))
    queue.available("bo", True, 0)
    queue.wait("a", 90, Needs(skill="legal"), ahead=True)
    assert queue.match(90) == []
    queue.available("cy", True, 95)
    assert queue.match(95) == [("a", "cy")]


def test_a_call_handed_to_somebody_waits_for_them_and_not_for_ever() -> None:
    queue = queue_with("ann", "bo", "cy")
    talked_to(queue, "a", 0)
    queue.engaged("cy", Engagement.ON_CALL, 5)
    queue.wait("a", 90, Needs(agent="cy"), ahead=True)
    assert queue.match(90) == []
    assert queue.match(90 + FITTING) == [("a", "bo")]


def test_who_went_back_to_the_bot_and_asks_again_comes_as_a_new_caller() -> None:
    queue = queue_with("ann", "bo")
    talked_to(queue, "a", 0)
    queue.engaged("ann", Engagement.FREE, 90)
    queue.let_go("a", "ann")
    for agent in ("ann", "bo"):
        queue.available(agent, False, 91)
    queue.wait("b", 95)
    queue.wait("a", 100, Needs(language="fr"))
    assert queue.waiting == ("b", "a")


def test_the_region_of_a_language_does_not_matter() -> None:
    assert Profile(languages=frozenset({"fr"})).fits(Needs(language="fr-CA"))
    assert Profile(languages=frozenset({"en-GB"})).fits(Needs(language="en"))
    assert not Profile(languages=frozenset({"en-GB"})).fits(Needs(language="fr"))


def test_nobody_is_rung_before_the_brief_is_there_and_nobody_else_gets_the_agent_meanwhile() -> None:
    queue = queue_with("ann")
    queue.wait("first", 1.0, unbriefed=0.25)
    queue.wait("second", 1.1)
    assert queue.match(1.1) == []
    assert queue.due(1.1) == 1.25
    queue.briefed("first", 1.2)
    assert queue.match(1.2) == [("first", "ann")]


def test_a_brief_that_does_not_come_is_waited_for_so_long_and_no_longer() -> None:
    queue = queue_with("ann", "bo")
    queue.wait("first", 1.0, unbriefed=0.25)
    queue.wait("second", 1.1)
    assert [call for call, _ in queue.match(1.1)] == ["second"]
    assert [call for call, _ in queue.match(1.25)] == ["first"]
