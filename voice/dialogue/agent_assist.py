"""Help for the agent: what the playbook and the caller's data answer to what the caller has just said.

Only the caller's words ask for it. Nothing is changed by it, and the caller hears nothing of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from loguru import logger

from voice.dialogue.cast import Assists, Cast
from voice.dialogue.playbook import Language, Playbook
from voice.dialogue.requests import Counter, answer_line, opening
from voice.dialogue.saying import fill
from voice.dialogue.understanding import Intent, Understanding
from voice.frames import CallStartFrame
from voice.journal.events import AnyEvent, CallState, Heard, Suggested
from voice.owned_tasks import OwnedTasks

LONGEST = 2.0
"""Seconds help may take; later it is of no use."""
AT_ONCE = 2
"""Answers to one turn; an agent who listens can read no more."""


class Assistant:
    """Finds answers for one call.

    Args:
        understanding: reads what is asked.
        counter: the call's, with the playbook and the back office.
        language: the agent's.
    """

    def __init__(self, understanding: Understanding, counter: Counter, language: Language) -> None:
        self._understanding = understanding
        self._counter = counter
        self._language = language
        self._given: set[str] = set()

    async def answers(self, words: str) -> list[tuple[str, str]]:
        """Return answers to a turn of the caller's, each with its source; what was given before is left out.

        Args:
            words: as heard.
        """
        intents = await asyncio.to_thread(self._understanding.read, words, self._language)
        found = [one for intent in intents[:AT_ONCE] for one in await self._answer(intent)]
        fresh = [one for one in found if one[0] not in self._given]
        self._given.update(text for text, _ in fresh)
        return fresh

    async def _answer(self, intent: Intent) -> Sequence[tuple[str, str]]:
        book: Playbook = self._counter.playbook
        topic = book.human_only.get(intent.name)
        if topic is not None:
            return [(book.clauses[topic.clause].text[self._language][0], f"clause {topic.clause}")]
        request = book.requests.get(intent.name)
        if request is None or request.acts:
            return []
        if request.look_up is None:
            found, source = opening(book, self._counter.now()), intent.name
        else:
            _, asked, _ = await self._counter.ask(intent.name, request.look_up, {})
            if asked is None:
                return []
            found, source = asked, f"back office, {request.look_up}"
        answer = request.answers.get(found.outcome)
        line = answer_line(answer, found.facts, verified=True) if answer else None
        if line is None:
            return []
        text = fill(line.say[self._language][0], found.facts, self._language, self._counter.now().date())
        return [(text, f"{source}, clause {line.clause}" if line.clause else source)]


class AgentHelp:
    """Offers one call's agent answers as the caller speaks.

    Args:
        cast: makes the one who finds them, where there is one.
        start: how the call began.
        enter: puts an event into the journal, where the agent sees it.
        tasks: the call's.
    """

    def __init__(
        self,
        cast: Cast,
        start: CallStartFrame,
        enter: Callable[[AnyEvent, float], Awaitable[None]],
        tasks: OwnedTasks,
    ) -> None:
        self._assistant = cast.assistant(start.language, start.caller) if cast.assistant is not None else None
        self._time = start.time
        self._enter = enter
        self._tasks = tasks
        self._words = ""

    def heard(self, heard: Heard, number: int, state: CallState) -> None:
        """Look for answers to what may be a whole turn while an agent has the caller, once for its words.

        Args:
            heard: the words.
            number: their number in this worker's count.
            state: where the call stands.
        """
        if self._assistant is not None and state is CallState.BRIDGED and heard.text != self._words:
            self._words = heard.text
            self._tasks.begin(self._offer(self._assistant, heard, number))

    async def _offer(self, assistant: Assists, heard: Heard, number: int) -> None:
        try:
            async with asyncio.timeout(LONGEST):
                found = await assistant.answers(heard.text)
        except Exception as error:
            logger.warning("No help for the agent: {}", type(error).__name__)
            return
        for text, source in found:
            now = self._time.now()
            ms = round((now - heard.end) * 1000, 1)
            await self._enter(Suggested(text=text, source=source, answers=number, ms=ms), now)
