"""The bot with a language model: the model chooses and chats, the playbook acts and the guardrails listen.

What leaves no choice never reaches the model: a caller who wants a person, a topic for people only, yes, no
and goodbye. What the model then wants done is done by the same code as without it, and what it says is
spoken sentence by sentence, each past the guardrails. If it is late, broken or talks rubbish, the playbook's
own answer is given instead; the caller never hears silence for it.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import msgspec
from loguru import logger

from voice.dialogue.acts import PERSON
from voice.dialogue.bot import Bot
from voice.dialogue.instructions import HAND_OVER, instructions, tools
from voice.dialogue.language_model import CutShort, LanguageModel, ModelError, ToolCall
from voice.dialogue.model_sentences import SentenceCutter, UnspeakableError
from voice.dialogue.playbook import Playbook
from voice.dialogue.reply import Reply
from voice.dialogue.understanding import Intent
from voice.journal.events import Decided, Entry
from voice.journal.link import PastCall

PATIENCE = 1.2
"""Seconds the model has for its first sentence or tool call, and for each one after it."""
WAITING = 1.2
"""Seconds after which a caller whose request is being looked up is told that somebody is still there."""
SENTENCES = 4
"""Most a model may say at a stretch."""
CHATS = 3
"""Turns in a row a model may answer with nothing but words before the playbook is asked again."""
SURE = 0.75
"""Confidence of the playbook's reading from which a model that only talks about it is not listened to."""
_REMEMBERED = 12


class ModelBot:
    """One call's bot, with a model to ask.

    Args:
        bot: the same bot without it.
        model: is asked.
        playbook: what the model may want done.
        patience: seconds the model has for each sentence.
    """

    def __init__(
        self, bot: Bot, model: LanguageModel, playbook: Playbook, *, patience: float = PATIENCE
    ) -> None:
        self._bot = bot
        self._model = model
        self._playbook = playbook
        self._patience = patience
        self._tools = tools(playbook, bot.language)
        self._turns: deque[dict[str, str]] = deque(maxlen=_REMEMBERED)
        self._chats = 0
        self._slow = asyncio.Event()

    def greeting(self) -> Reply:
        """Open the call as the playbook does."""
        return self._bot.greeting()

    def silence(self, t: float) -> Reply:
        """Ask a silent caller whether they are there."""
        return self._bot.silence(t)

    def know(self, earlier: Sequence[PastCall]) -> None:
        """Take in the caller's calls before this one."""
        self._bot.know(earlier)

    def resume(self, history: Sequence[Entry]) -> Reply:
        """Go on with a call whose worker was lost."""
        return self._bot.resume(history)

    def speak(self, language: str) -> None:
        """Go on in another of the playbook's languages."""
        self._bot.speak(language)
        self._tools = tools(self._playbook, self._bot.language)

    async def take_back(self, history: Sequence[Entry]) -> Reply:
        """Go on with a call that an agent has given back."""
        return await self._bot.take_back(history)

    def rehearse(self) -> None:
        """Return nothing: what a model says twice, it is paid for twice, and says in two ways."""

    async def grasps(self, words: str, others: Sequence[str] = ()) -> float:
        """Return how surely the playbook's own answer to a turn that may not be over is there at once."""
        return await self._bot.grasps(words, others)

    @property
    def slow(self) -> asyncio.Event:
        """Never set: this bot says by itself that it takes its time."""
        return self._slow

    def acknowledge(self) -> Reply:
        """Say that somebody is still there."""
        return self._bot.acknowledge()

    def notes(self) -> tuple[str, ...]:
        """Return the playbook's words that take note of an answer."""
        return self._bot.notes()

    @property
    def acted(self) -> bool:
        """Whether there is no way back behind an answer: a model's is always given for real."""
        return True

    def perform(self) -> None:
        """Do nothing: there is no rehearsal."""

    async def answer(self, words: str, t: float, others: Sequence[str] = ()) -> AsyncGenerator[Reply, None]:
        """Answer a turn part by part, each as soon as it can be spoken.

        Args:
            words: as heard.
            t: second of the call.
            others: what else it may have been; the model makes of the words what it can.
        """
        self._turns.append({"role": "user", "content": words})
        settled = await self._bot.settle(words, t)
        if isinstance(settled, Reply):
            yield self._noted(settled)
            return
        parts = self._asked(settled) if self._worth_asking() else self._served(settled)
        async with aclosing(parts):
            async for part in parts:
                yield self._noted(part)

    def _worth_asking(self) -> bool:
        return self._model.available and self._chats < CHATS

    async def _asked(self, intents: tuple[Intent, ...]) -> AsyncGenerator[Reply, None]:
        """Let the model answer; give the playbook's answer where it does not."""
        said: list[str] = []
        wanted: list[ToolCall] = []
        why = ""
        stream = self._stream()
        try:
            async with aclosing(stream):
                while len(said) < SENTENCES:
                    async with asyncio.timeout(self._patience):
                        part = await anext(stream, None)
                    if part is None or (isinstance(part, str) and _is_sure(intents)):
                        break  # who is sure what is asked for needs no words about it
                    if isinstance(part, ToolCall):
                        wanted.append(part)
                        continue
                    reply = self._bot.say(part)
                    if reply.sentences[0] not in said:
                        said += reply.sentences
                        yield reply
                    if reply.sentences[0] != part:
                        break  # what comes next would rest on what was not said
        except TimeoutError:
            why = f"nothing within {self._patience:g} s"
        except (ModelError, UnspeakableError) as error:
            why = str(error)
        if why:
            logger.warning("The language model's answer was left: {}", why)
        self._model.answered(well=not why)
        self._chats = self._chats + 1 if said and not wanted else 0
        done = self._done(wanted)
        if isinstance(done, Reply):
            yield done
        elif done or not said:
            async with aclosing(self._served(done or intents)) as served:
                async for answer in served:
                    yield answer
        else:
            yield Reply(events=(Decided(action="answer", why="in the language model's words"),))

    async def _stream(self) -> AsyncGenerator[str | ToolCall, None]:
        """Yield whole sentences and tool calls."""
        system = instructions(self._playbook, self._bot.language, self._bot.facts)
        cutter = SentenceCutter(self._bot.language)
        stream = self._model.stream([{"role": "system", "content": system}, *self._turns], self._tools)
        async with aclosing(stream):
            async for part in stream:
                if isinstance(part, CutShort):
                    cutter.rest()
                    continue
                if isinstance(part, ToolCall):
                    yield part
                    continue
                for sentence in cutter.feed(part):
                    yield sentence
        for sentence in cutter.rest():
            yield sentence

    def _done(self, wanted: Sequence[ToolCall]) -> Reply | tuple[Intent, ...]:
        """Return what the model's tool calls come to; what the playbook does not know is left undone."""
        for call in wanted:
            if call.name == HAND_OVER:
                return self._bot.hand_over(_topic(call.arguments, self._playbook))
        names = dict.fromkeys(call.name for call in wanted if call.name in self._playbook.requests)
        return tuple(Intent(name, 1.0) for name in names)

    async def _served(self, intents: tuple[Intent, ...]) -> AsyncGenerator[Reply, None]:
        """Serve by the playbook; say that somebody is there if the back office takes its time."""
        serving = asyncio.ensure_future(self._bot.serve(intents))
        try:
            done, _ = await asyncio.wait({serving}, timeout=WAITING)
            if not done:
                yield Reply(self._playbook.sentences.one_moment[self._bot.language][:1])
            yield await serving
        finally:
            serving.cancel()

    def _noted(self, reply: Reply) -> Reply:
        if reply.sentences:
            self._turns.append({"role": "assistant", "content": " ".join(reply.sentences)})
        return reply


def _is_sure(intents: Sequence[Intent]) -> bool:
    """Return whether the playbook's own reading of a turn is one to act upon."""
    return bool(intents) and intents[0].confidence >= SURE


def _topic(arguments: str, playbook: Playbook) -> str:
    """Return the playbook's key among a call's arguments; anything else is a wish for a person."""
    try:
        topic = msgspec.json.decode(arguments, type=dict[str, str]).get("topic", PERSON)
    except msgspec.MsgspecError:
        return PERSON
    return topic if topic in playbook.human_only else PERSON
