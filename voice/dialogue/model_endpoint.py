"""A language model behind any OpenAI-compatible endpoint.

`openai` takes most of a second to import, which a line without a model does not wait for: import this module
only where the settings name an endpoint.
"""

from collections.abc import AsyncGenerator, Sequence
from typing import Any, cast

import httpx2
from openai import AsyncOpenAI, AsyncStream, OpenAIError
from openai.types.chat import ChatCompletionChunk

from voice.circuit_breaker import CircuitBreaker
from voice.dialogue.language_model import CutShort, ModelError, ToolCall
from voice.journal.clock import Clock

FAILURES = 3
"""In a row, after which a model is left alone for a while."""
LONGEST = 4_000
"""Characters of one answer that are read; what goes on beyond is no answer on the telephone."""
_TOKENS = 200


class ModelEndpoint:
    """Asks one model; see `LanguageModel`.

    Args:
        url: of the endpoint, as `http://127.0.0.1:11434/v1`.
        model: its name there.
        key: the endpoint's; may be empty.
        clock: tells when a failing model is tried again.
        client: carries the requests; None for the usual one.
    """

    def __init__(
        self, url: str, model: str, key: str, clock: Clock, client: httpx2.AsyncClient | None = None
    ) -> None:
        self._client = AsyncOpenAI(base_url=url, api_key=key or "none", max_retries=0, http_client=client)
        self._model = model
        self._clock = clock
        self._breaker = CircuitBreaker(FAILURES)

    @property
    def available(self) -> bool:
        """Whether it is worth asking: it has not just failed several times in a row."""
        return self._breaker.closed(self._clock.now())

    def answered(self, *, well: bool) -> None:
        """Note how an answer turned out."""
        if well:
            self._breaker.succeeded()
        else:
            self._breaker.failed(self._clock.now())

    async def stream(
        self, messages: Sequence[dict[str, Any]], tools: Sequence[dict[str, Any]]
    ) -> AsyncGenerator[str | ToolCall | CutShort, None]:
        """Yield the answer's text as it comes, whether it was cut short, then its tool calls.

        Raises:
            ModelError: it refuses, breaks off or sends what cannot be read.
        """
        calls: dict[int, list[str]] = {}
        length, cut_short = 0, False
        try:
            answer = await self._client.chat.completions.create(
                model=self._model,
                messages=list(messages),  # type: ignore[arg-type]  # plain dicts, as on the wire
                tools=list(tools),  # type: ignore[arg-type]  # the same
                stream=True,
                temperature=0,
                max_tokens=_TOKENS,
            )
            async with cast("AsyncStream[ChatCompletionChunk]", answer) as chunks:
                async for chunk in chunks:
                    if not chunk.choices:
                        continue
                    cut_short = cut_short or chunk.choices[0].finish_reason == "length"
                    delta = chunk.choices[0].delta
                    if delta is None:  # some servers send that, whatever the protocol says
                        continue
                    for call in delta.tool_calls or ():
                        parts = calls.setdefault(call.index, ["", ""])
                        if call.function is not None:
                            parts[0] += call.function.name or ""
                            parts[1] += call.function.arguments or ""
                    length += len(delta.content or "") + sum(len(part) for part in calls.values())
                    if length > LONGEST:
                        raise ModelError(f"more than {LONGEST} characters")
                    if delta.content:
                        yield delta.content
        except (OpenAIError, httpx2.HTTPError, ValueError, TypeError, AttributeError, LookupError) as error:
            raise ModelError(type(error).__name__) from None
        if cut_short:
            yield CutShort()
        for name, arguments in calls.values():
            yield ToolCall(name, arguments)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()
