"""What every test may ask for."""

import asyncio
from collections.abc import Callable, Mapping

import pytest
from hypothesis import settings

from voice.replay.virtual_time import VirtualLoop

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run tests that use the fixture `virtual_time` on simulated time, all others on the stock loop."""
    if "virtual_time" in getattr(item, "fixturenames", ()):
        return {"virtual": VirtualLoop}
    return {"real": asyncio.new_event_loop}


@pytest.fixture
def virtual_time() -> None:
    """Run the test on an event loop whose time is simulated and starts at 0."""
