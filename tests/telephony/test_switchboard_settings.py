"""Settings: each mistake is one sentence that names the setting, and secrets are not repeated."""

import pytest

from telephony.settings import SettingsError, load_settings
from telephony.takeover.actions import Timer


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOOKFLASH_PORT", "eighty"),
        ("HOOKFLASH_PORT", "70000"),
        ("HOOKFLASH_PUBLIC_URL", "calls.example.org"),
        ("HOOKFLASH_WORKER_URL", "http://127.0.0.1:8081"),
        ("HOOKFLASH_FALLBACK_NUMBER", "reception"),
        ("HOOKFLASH_MAX_WAIT", "-1"),
        ("HOOKFLASH_DEAD_AIR", "soon"),
    ],
)
def test_a_mistake_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name) as error:
        load_settings()
    assert value in str(error.value)
    assert "\n" not in str(error.value)


def test_where_the_worker_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOKFLASH_WORKER_PORT", "9000")
    settings = load_settings()
    assert settings.link_urls == ("ws://127.0.0.1:9000/link",)
    assert settings.workers_http == ("http://127.0.0.1:9000",)
    monkeypatch.setenv("HOOKFLASH_WORKER_URL", "wss://workers.example.org/voice/")
    settings = load_settings()
    assert settings.link_urls == ("wss://workers.example.org/voice/link",)
    assert settings.workers_http == ("https://workers.example.org/voice",)


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOKFLASH_LINK_TOKEN", "do-not-tell")
    monkeypatch.setenv("HOOKFLASH_TWILIO_AUTH_TOKEN", "nor-this")
    assert "do-not-tell" not in repr(load_settings())
    assert "nor-this" not in repr(load_settings())


def test_every_timer_has_its_limit() -> None:
    assert set(load_settings().limits) == set(Timer)
