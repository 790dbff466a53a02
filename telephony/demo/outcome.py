"""How the demo's call went, and whether it showed what it is to show."""

from dataclasses import dataclass
from pathlib import Path

from telephony.demo.arrival import Arrival
from telephony.demo.story import Story
from voice.journal.store import FILE


@dataclass(frozen=True)
class Outcome:
    """The call's figures. An arrival is None where it cannot be known: a person spoke in a browser."""

    story: Story
    to_agent: Arrival | None
    to_caller: Arrival | None
    data: Path
    wall_seconds: float
    errors: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """True if both could talk and each one's voice, where it is known, really arrived at the other."""
        both = self.story.accept_to_talk is not None
        return both and all(one is None or one.arrived for one in (self.to_agent, self.to_caller))

    @property
    def verdict(self) -> str:
        """The whole in one sentence."""
        if not self.good:
            return "The call did not go as it should."
        if self.to_agent is None or self.to_caller is None:
            return "The call reached a person."
        return "The call reached a person; both voices arrived."

    def rows(self) -> list[tuple[str, str]]:
        """Return the summary: what, and how it was."""
        story = self.story
        reasons = ", ".join(one.kind.value.replace("_", " ") for one in story.triggers) or "none"
        rows = [
            ("handed over because of", reasons),
            ("trigger to ring", _seconds(story.trigger_to_ring)),
            ("accept to two-way audio", _with_brief(story)),
            ("caller's voice at the agent", _arrival(self.to_agent)),
            ("agent's voice at the caller", _arrival(self.to_caller)),
            ("the record", f"{self.data / FILE}, call {story.call or 'never arrived'}"),
            ("all in all", f"{self.wall_seconds:.0f} s"),
        ]
        return [*rows, *(("went wrong", error) for error in self.errors)]


def _seconds(value: float | None) -> str:
    return "never" if value is None else f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def _with_brief(story: Story) -> str:
    whole, brief = story.accept_to_talk, story.brief_seconds
    if whole is None or brief is None:
        return _seconds(whole)
    return f"{_seconds(whole)}, of which {_seconds(brief)} brief and {_seconds(whole - brief)} bridge"


def _arrival(arrival: Arrival | None) -> str:
    if arrival is None:
        return "not compared (the agent was a person)"
    verdict = "arrived" if arrival.arrived else "DID NOT ARRIVE"
    return (
        f"{verdict}: {arrival.share:.0%} of {arrival.pieces} pieces found, likeness {arrival.correlation:.2f}"
    )
