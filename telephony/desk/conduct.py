"""How an agent without a screen behaves."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Conduct:
    """How the agent behaves. Seconds count from the thing that comes before; None: not at all."""

    accept_after: float | None = 1.0
    """From the first ring."""
    decline_after: float | None = None
    """From the first ring; used where `accept_after` is None."""
    skip_brief_after: float | None = None
    """From the beginning of the brief."""
    speech: bytes = b""
    """8 kHz mu-law, said once the call is bridged; silence is sent after it."""
    speak_after: float = 0.5
    """From the bridge."""
    hang_up_after: float | None = None
    """From the bridge."""
    vanish_after: float | None = None
    """From the bridge: the connection is cut without a word, as by a network that fails."""
    disposition: str = "resolved"
    wraps_up: bool = True
    """Send the disposition as soon as the call is over."""
    available: bool = True
