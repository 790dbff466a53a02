"""Every recorded caller has rung a real system before the first of these tests looks at what became of it."""

import pytest
from ringing import Rung, ring_all


@pytest.fixture(scope="session")
def rung(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rung]:
    """Return what became of each call, by the caller's name."""
    return ring_all(tmp_path_factory.mktemp("calls"))
