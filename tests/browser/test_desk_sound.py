"""The page's audio arithmetic against the switchboard's, run in the browser that will use it."""

import numpy as np
import pytest

from telephony.legs import mulaw
from tests.browser.conftest import Tab

STATIC = "/desk/static"


async def test_mulaw_codes_are_the_switchboards(tab: Tab) -> None:
    codes = await tab.page.evaluate(
        f"""async () => {{
            const {{ encode }} = await import("{STATIC}/mulaw.js");
            return Array.from({{ length: 65536 }}, (_, at) => encode((at - 32768) / 32768));
        }}"""
    )
    assert bytes(codes) == mulaw.encode(np.arange(-32768, 32768).astype(np.int16))
    samples = await tab.page.evaluate(
        f"""async () => {{
            const {{ decode }} = await import("{STATIC}/mulaw.js");
            return Array.from({{ length: 256 }}, (_, code) => decode(code) * 32768);
        }}"""
    )
    assert samples == mulaw.decode(bytes(range(256))).tolist()


@pytest.mark.parametrize(("rate", "to"), [(48_000, 8_000), (44_100, 8_000), (8_000, 48_000), (8_000, 44_100)])
async def test_the_resampler_keeps_speech_and_folds_nothing_into_it(tab: Tab, rate: int, to: int) -> None:
    resample = f"""async ([from, to, hertz]) => {{
        const {{ Resampler }} = await import("{STATIC}/resample.js");
        const resampler = new Resampler(from, to);
        const turn = (2 * Math.PI * hertz) / from;
        const sine = Float32Array.from({{ length: from / 2 }}, (_, t) => Math.sin(turn * t));
        const out = [];
        for (let at = 0; at < sine.length; at += 128) {{
            out.push(...resampler.process(sine.subarray(at, at + 128)));
        }}
        return out;
    }}"""
    for hertz in (200, 1000, 3300):
        out = np.array(await tab.page.evaluate(resample, [rate, to, hertz]))
        assert len(out) == pytest.approx(to / 2, abs=to / 100)
        settled = out[to // 20 :]
        t = np.arange(len(settled)) / to
        basis = np.stack([np.sin(2 * np.pi * hertz * t), np.cos(2 * np.pi * hertz * t)], axis=1)
        fit, *_ = np.linalg.lstsq(basis, settled, rcond=None)
        assert np.hypot(*fit) == pytest.approx(1.0, abs=0.02)
        assert np.sqrt(np.mean((settled - basis @ fit) ** 2)) < 0.005
    if rate > to:
        for hertz in (4500, 7000, 15000):
            out = np.array(await tab.page.evaluate(resample, [rate, to, hertz]))
            assert np.abs(out[to // 20 :]).max() < 0.002


async def buffered(tab: Tab, script: str) -> object:
    return await tab.page.evaluate(
        f"""async () => {{
            const {{ JitterBuffer }} = await import("{STATIC}/jitter.js");
            const buffer = new JitterBuffer();
            const frame = (level) => new Float32Array(160).fill(level);
            const sum = (samples) => samples.reduce((total, one) => total + one, 0);
            {script}
        }}"""
    )


async def test_the_jitter_buffer_waits_for_fifty_milliseconds(tab: Tab) -> None:
    script = """
        buffer.push(frame(0.5)); buffer.push(frame(0.5));
        const early = sum(buffer.pull(160));
        buffer.push(frame(0.5));
        return [early, sum(buffer.pull(160)), buffer.held.length];
    """
    assert await buffered(tab, script) == [0, 80, 320]


async def test_the_jitter_buffer_plays_silence_when_it_runs_dry(tab: Tab) -> None:
    script = """
        for (let turn = 0; turn < 3; turn++) buffer.push(frame(0.5));
        buffer.pull(480);
        const dry = buffer.pull(160);
        buffer.push(frame(0.5));
        return [buffer.underruns, dry[0] < 0.5 && dry[0] > 0, dry[159], sum(buffer.pull(160))];
    """
    assert await buffered(tab, script) == [1, True, 0, 0]


async def test_the_jitter_buffer_does_not_let_delay_pile_up(tab: Tab) -> None:
    loud = """
        for (let turn = 0; turn < 50; turn++) buffer.push(frame(0.5));
        return [buffer.held.length <= 1600, buffer.dropped > 0];
    """
    assert await buffered(tab, loud) == [True, True]
    quiet = """
        for (let turn = 0; turn < 50; turn++) buffer.push(frame(0));
        return buffer.held.length <= 960;
    """
    assert await buffered(tab, quiet) is True
