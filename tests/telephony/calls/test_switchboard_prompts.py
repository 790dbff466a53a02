"""The fixed sentences: fetched, kept, and there without a worker."""

from pathlib import Path

import pytest

from telephony.calls.prompts import PromptError, Prompts
from tests.stand_in_worker import SPOKEN, TOKEN, prompt_answer, stand_in_worker, tone, wave_of


async def test_fetched_from_the_worker_they_outlive_it(tmp_path: Path) -> None:
    async with stand_in_worker() as worker:
        prompts = Prompts([f"http://127.0.0.1:{worker.port}"], TOKEN, "fjord-pay", "en", tmp_path / "prompts")
        assert prompts["one_moment"] is None
        await prompts.fetch()
        assert worker.tokens == [f"Bearer {TOKEN}"]
    later = Prompts(["http://127.0.0.1:1"], TOKEN, "fjord-pay", "en", tmp_path / "prompts")
    later.load()
    assert len(later) == len(SPOKEN)
    prompt = later["one_moment"]
    assert prompt is not None
    assert (prompt.name, prompt.text, prompt.audio) == ("one_moment", "one moment", tone(1.0, 0x30))


async def test_a_worker_that_is_not_ready_or_not_there_has_none(tmp_path: Path) -> None:
    async with stand_in_worker() as worker:
        worker.ready = False
        prompts = Prompts([f"http://127.0.0.1:{worker.port}"], TOKEN, "fjord-pay", "en", tmp_path)
        with pytest.raises(PromptError, match="503"):
            await prompts.fetch()
    with pytest.raises(PromptError, match="cannot be asked"):
        await prompts.fetch()


def test_a_spoilt_copy_is_passed_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "fjord-pay-en.json").write_text("{")
    prompts = Prompts(["http://127.0.0.1:1"], TOKEN, "fjord-pay", "en", tmp_path)
    prompts.load()
    assert len(prompts) == 0
    assert "cannot be used" in caplog.text


def test_a_playbook_s_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_bytes(prompt_answer())
    prompts = Prompts(["http://127.0.0.1:1"], TOKEN, "../outside", "en", tmp_path / "prompts")
    prompts.load()
    assert len(prompts) == 0


def test_several_prompts_make_one_sentence_without_those_there_are_none_of(tmp_path: Path) -> None:
    (tmp_path / "fjord-pay-en.json").write_bytes(prompt_answer())
    prompts = Prompts(["http://127.0.0.1:1"], TOKEN, "fjord-pay", "en", tmp_path)
    prompts.load()
    joined = prompts.joined(("connecting", "unheard_of", "goodbye"))
    assert joined is not None
    assert (joined.name, joined.text) == ("connecting+goodbye", "connecting goodbye")
    assert joined.audio == tone(1.0, wave_of("connecting")[0]) + tone(1.0, wave_of("goodbye")[0])
    assert prompts.joined(("unheard_of",)) is None
