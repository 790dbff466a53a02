"""A real Chromium at a real desk, its microphone fed from a recording."""

import shutil
import wave
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from tests.desk_stand_in import NAME, PASSWORD, Desk, serve_desk

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MICROPHONE_TONE = 800.0
_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)
# What the page plays and rings is seen where the browser makes it, without a door for tests in the page.
_WATCH = """
    window.analysers = [];
    window.struck = 0;
    const createAnalyser = AudioContext.prototype.createAnalyser;
    AudioContext.prototype.createAnalyser = function () {
        const made = createAnalyser.call(this);
        window.analysers.push(made);
        return made;
    };
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) {
        window.struck += 1;
        return start.apply(this, when);
    };
    window.loudest = () => {
        const [analyser] = window.analysers;
        if (!analyser) return null;
        const levels = new Float32Array(analyser.frequencyBinCount);
        analyser.getFloatFrequencyData(levels);
        const at = levels.indexOf(Math.max(...levels));
        return { hertz: (at * analyser.context.sampleRate) / analyser.fftSize, level: levels[at] };
    };
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies here as needing Chromium, and skip it by name where there is none."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium: install the system package `chromium`"))


class Served(Protocol):
    """A desk that is served somewhere."""

    @property
    def url(self) -> str:
        """Where."""


@dataclass
class Tab:
    """One page and what it complained of."""

    page: Page
    complaints: list[str]

    async def sign_in(self, password: str = PASSWORD, name: str = NAME) -> None:
        await self.page.get_by_label("Name").fill(name)
        await self.page.get_by_label("Password").fill(password)
        await self.page.get_by_role("button", name="Sign in").click()

    async def be_available(self, desk: Desk) -> None:
        await self.sign_in()
        await desk.exchange.reported("joined", NAME)
        await self.page.get_by_role("switch").click()
        await desk.exchange.reported("available", NAME)


@pytest.fixture(scope="session")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a recording that beeps at `MICROPHONE_TONE`, twice a second: a steady tone passes for noise."""
    path = tmp_path_factory.mktemp("microphone") / "beeps.wav"
    t = np.arange(4 * 48_000) / 48_000
    beeps = np.sin(2 * np.pi * MICROPHONE_TONE * t) * (t % 0.5 < 0.25) * 16_000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(beeps.astype(np.int16).tobytes())
    return path


@pytest_asyncio.fixture(loop_scope="session")
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with serve_desk(tmp_path) as serving:
        yield serving


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(microphone: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*_ARGS, f"--use-file-for-fake-audio-capture={microphone}"]
        )
        yield launched
        await launched.close()


async def open_tab(browser: Browser, desk: Served, path: str = "/desk") -> Tab:
    """Open the desk in a window of its own, which shares nothing with others."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    await context.add_init_script(_WATCH)
    page = await context.new_page()
    tab = Tab(page, [])
    page.on("pageerror", lambda error: tab.complaints.append(str(error)))
    page.on(
        "console", lambda message: tab.complaints.append(message.text) if message.type == "error" else None
    )
    await page.goto(desk.url + path)
    return tab


@pytest_asyncio.fixture(loop_scope="session")
async def tab(browser: Browser, desk: Desk) -> AsyncIterator[Tab]:
    """Open the desk's page; in the end it must have complained of nothing."""
    opened = await open_tab(browser, desk)
    yield opened
    await opened.page.context.close()
    assert opened.complaints == []
