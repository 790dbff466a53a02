"""What the people on the floor may see of each other and of the calls."""

import msgspec

from voice.journal.events import CallState


class AgentSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody at a desk or at their telephone."""

    name: str
    free: bool
    """They could be rung now."""
    doing: str
    """`free`, `ringing`, `on_call` or `wrap_up`."""
    skills: tuple[str, ...] = ()
    """Those listed for them; who has none takes calls of all."""


class CallSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A call under way."""

    call: str
    caller: str
    line: str
    state: CallState
    agent: str | None
    seconds: float
    """Since it began."""
    headline: str = ""
    """Of the brief, where there is one."""
    anger: float | None = None


class Floor(msgspec.Struct, frozen=True, kw_only=True):
    """The floor as one agent may see it: calls are for supervisors."""

    agents: tuple[AgentSeen, ...]
    calls: tuple[CallSeen, ...] = ()
    own: str | None = None
    """The call that keeps this agent busy, from its ringing to the end of its paperwork."""
