"""What the agent is offered while the caller talks to them."""

from tests.voice.bot_stand_ins import StandInBackOffice, StoppedClock, playbook, understanding
from voice.dialogue.agent_assist import Assistant
from voice.dialogue.requests import Counter


def assistant(office: StandInBackOffice) -> Assistant:
    return Assistant(understanding(), Counter(playbook(), office, "+4740000001", StoppedClock()), "en")


async def test_the_callers_data_answer_with_their_source() -> None:
    office = StandInBackOffice()
    [(text, source)] = await assistant(office).answers("where is my refund")
    assert "20 euros" in text
    assert source == "back office, refund, clause refund-credited"
    assert [inquiry.key for inquiry in office.asked] == [""]


async def test_the_playbook_answers_what_is_for_people_only() -> None:
    [(text, source)] = await assistant(StandInBackOffice()).answers("somebody has stolen my card and used it")
    assert source.startswith("clause ")
    assert text == playbook().clauses[source.removeprefix("clause ")].text["en"][0]


async def test_the_same_is_not_offered_twice() -> None:
    office = StandInBackOffice()
    one = assistant(office)
    assert await one.answers("where is my refund")
    assert await one.answers("where is my refund") == []


async def test_what_nothing_answers_is_left_alone() -> None:
    assert await assistant(StandInBackOffice()).answers("the dog is barking") == []
    assert await assistant(StandInBackOffice("down")).answers("where is my refund") == []


async def test_nothing_is_done_for_it_and_who_wants_a_person_has_one() -> None:
    office = StandInBackOffice()
    assert await assistant(office).answers("please send me my invoice again") == []
    assert await assistant(office).answers("can I speak to a person") == []
    assert office.asked == []
