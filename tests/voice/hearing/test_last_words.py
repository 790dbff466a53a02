"""Words spoken just before the end are in the record; 50 such calls are `benchmarks.last_words`."""

from collections.abc import Iterator

import pytest

from benchmarks.last_words import WAYS, hang_ups, heard_at_the_end
from benchmarks.listeners import Ears
from voice.models import MissingModel
from voice.settings import VoiceSettings

pytestmark = [pytest.mark.models, pytest.mark.usefixtures("virtual_time")]


@pytest.fixture
def ears() -> Iterator[Ears]:
    try:
        made = Ears(VoiceSettings())
    except MissingModel as missing:
        pytest.skip(str(missing))
    yield made
    made.close()


async def test_the_last_word_is_in_the_record_however_the_call_ends(ears: Ears) -> None:
    calls = list(hang_ups(6))
    assert {call.way for call in calls} == set(WAYS)
    for call in calls:
        text = await heard_at_the_end(ears, call)
        assert text.lower().rstrip(".,!? ").endswith(call.word), call
