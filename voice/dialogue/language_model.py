"""A language model, as the dialogue sees one: what it streams, as text and tool calls.

Nothing that comes from it is trusted here or spoken from here; see `voice.dialogue.model_bot`.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class ToolCall:
    """The model wants something done: a tool's name and its arguments as the model wrote them."""

    name: str
    arguments: str


class CutShort:
    """The answer was as long as it may be: what stands behind its last full stop is half a sentence."""


class ModelError(RuntimeError):
    """The model has no answer; the message is one short sentence for the log."""


class LanguageModel(Protocol):
    """Answers; one for all calls of a process."""

    @property
    def available(self) -> bool:
        """Whether it is worth asking: it has not just failed several times in a row."""

    def answered(self, *, well: bool) -> None:
        """Note how an answer turned out."""

    def stream(
        self, messages: Sequence[dict[str, Any]], tools: Sequence[dict[str, Any]]
    ) -> AsyncGenerator[str | ToolCall | CutShort, None]:
        """Yield the answer's text as it comes, whether it was cut short, then its tool calls.

        Raises:
            ModelError: it refuses, breaks off or sends what cannot be read.
        """

    async def close(self) -> None:
        """Close the connections."""
