"""What all calls of a process share: the speech engine, the voice, the playbooks and what they taught."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from loguru import logger
from pipecat.audio.utils import pcm_to_ulaw

from voice.dialogue.agent_assist import Assistant
from voice.dialogue.back_office import ClosableBackOffice
from voice.dialogue.bot import Bot
from voice.dialogue.cast import Answers, Cast
from voice.dialogue.guarding import warm_wordings
from voice.dialogue.learnt import Encoders, Shelf
from voice.dialogue.model_bot import ModelBot
from voice.dialogue.model_by_settings import language_model
from voice.dialogue.opening_back_office import open_back_office
from voice.dialogue.playbook import Playbook
from voice.dialogue.requests import Counter
from voice.dialogue.understanding import Understanding
from voice.emotion.anger import AngerMeter
from voice.emotion.calibration_command import LINES
from voice.emotion.encoder import EncoderLayer
from voice.emotion.meters import Meters, encoder
from voice.fixed_sentences import playbooks, render
from voice.hearing.by_settings import speech_engine
from voice.hearing.listening import Load
from voice.hearing.resampling import DoublingResampler
from voice.hearing.smart_turn import SAMPLE_RATE, SmartTurn
from voice.hearing.vad import SileroVad
from voice.journal.clock import Clock
from voice.journal.events import AnyEvent
from voice.link_serializer import LINE_RATE
from voice.link_server import RenderedPrompt, UnknownPlaybookError
from voice.models import sentence_model
from voice.models.location import encoder_weights
from voice.pipeline import CallPipeline
from voice.sentence_views import open_encoders
from voice.settings import VoiceSettings
from voice.speaking.line_voice import LineVoice
from voice.speaking.voices import Voices
from voice.takeover.similarity import Similarity
from voice.takeover.triggers import Triggers
from voice.takeover.writer import BriefWriter, about


@dataclass(frozen=True)
class _Line:
    """A playbook, and what was made from it."""

    playbook: Playbook
    voice: LineVoice
    understanding: Understanding
    similarity: Similarity
    back_office: ClosableBackOffice
    meter: Callable[[], AngerMeter]
    learn: Callable[[AngerMeter], AnyEvent | None]


class Equipment:
    """Holds the models; `load` first.

    Args:
        settings: where everything is.
        clock: the process's clock.
        learns: False leaves everything as a call found it, so that the same call can be played again.

    Raises:
        PlaybookError: a playbook is missing or has a mistake.
        MissingModel: a model is not there.
        VoiceError: a voice's files cannot be used.
    """

    def __init__(self, settings: VoiceSettings, clock: Clock, *, learns: bool = True) -> None:
        self._settings = settings
        self._learns = learns
        self._clock = clock
        self._books = playbooks(settings)
        sentence_model(settings)  # what is missing is said before anything is loaded
        self._weights = encoder_weights(settings)
        self._engine = speech_engine(settings, clock)
        self._smart_turn = SmartTurn()
        self._load = Load(partials=settings.partials)
        self._voices = Voices(settings, clock)
        self._spoken = {
            name: self._voices.line(book.languages, book.voices) for name, book in self._books.items()
        }
        self._model = language_model(settings, clock)
        self._lines: dict[str, _Line] = {}
        self._meters: Meters | None = None
        self._ready = False

    @property
    def ready(self) -> bool:
        """Whether every model is warm and every fixed sentence rendered."""
        return self._ready

    async def load(self) -> None:
        """Load and warm everything, so that the first caller waits for nothing.

        Raises:
            VoiceError: the voice cannot be used.
            HearingError: the weights cannot be used.
        """
        await asyncio.gather(self._engine.warm(), self._voices.warm(), self._learn())
        SileroVad()
        await self._smart_turn.finished(np.zeros(SAMPLE_RATE, np.float32))
        for line in self._lines.values():
            logger.info("Rendering the fixed sentences of {}, where they are not kept.", line.playbook.name)
            await render(line.playbook, line.voice)
        self._ready = True

    async def forget_in_time(self) -> None:
        """Drop what lines may not remember any longer, now and every hour, until cancelled; `load` first."""
        if self._meters is not None and self._learns:
            await self._meters.forget_in_time()

    def close(self) -> None:
        """End the threads of the models."""
        self._engine.close()
        self._smart_turn.close()
        self._voices.close()

    async def disconnect(self) -> None:
        """Let go of what reaches beyond this process."""
        await self._voices.disconnect()
        for line in self._lines.values():
            await line.back_office.close()
        if self._model is not None:
            await self._model.close()

    def pipeline(self, playbook: str, send: Callable[[str], Awaitable[None]]) -> CallPipeline:
        """Return a pipeline for one call on a playbook; the name may be empty for the default one.

        Raises:
            UnknownPlaybookError: there is no such playbook.
        """
        line = self._line(playbook)
        book = line.playbook
        meter = line.meter() if book.thresholds.anger.felt else None

        def bot(call: str, language: str, caller: str) -> Answers:
            alone = Bot(
                book,
                line.back_office,
                understanding=line.understanding,
                clock=self._clock,
                caller=caller,
                language=language,
                call=call,
            )
            if self._model is None:
                return alone
            return ModelBot(alone, self._model, book, patience=self._settings.llm_patience)

        def assistant(language: str, caller: str) -> Assistant:
            counter = Counter(book, line.back_office, caller, self._clock)
            return Assistant(line.understanding, counter, book.language_or_default(language))

        return CallPipeline(
            send=send,
            engine=self._engine,
            activity=SileroVad,
            prompts=line.voice,
            cast=Cast(
                bot=bot,
                triggers=lambda: Triggers(book, line.similarity, asks=line.understanding.asking.said),
                meter=lambda: meter,
                language=book.language_or_default,
                over=lambda: line.learn(meter) if meter else None,
                brief=BriefWriter(partial(about, book), self._model),
                assistant=assistant,
            ),
            turn_taking=self._settings.turn_taking,
            clock=self._clock,
            patience=self._settings.patience,
            sounds_finished=self._smart_turn.finished,
            load=self._load,
            languages=book.languages,
        )

    def routing(self, playbook: str) -> dict[str, tuple[str, bool]]:
        """Return the skill an agent needs, and whether it is urgent, for what wants either, by name.

        Raises:
            UnknownPlaybookError: there is no such playbook.
        """
        return self._line(playbook).playbook.routing

    async def switchboard_prompts(
        self, playbook: str, language: str
    ) -> tuple[str, dict[str, RenderedPrompt]]:
        """Return the voice's name, and the sentences the switchboard speaks by itself.

        Args:
            playbook: its name; empty for the default one.
            language: theirs; the line's own where it does not speak this one.

        Raises:
            UnknownPlaybookError: there is no such playbook.
            VoiceError: they cannot be said.
        """
        line = self._line(playbook)
        spoken = line.playbook.language_or_default(language)
        prompts = {}
        for name, text in line.playbook.prompts_in(spoken).items():
            audio = (await line.voice.audio(text, spoken)).tobytes()
            prompts[name] = RenderedPrompt(
                text, spoken, await pcm_to_ulaw(audio, LINE_RATE, LINE_RATE, DoublingResampler())
            )
        return line.voice.name(spoken), prompts

    def _line(self, name: str) -> _Line:
        line = self._lines.get(name or self._settings.playbook)
        if line is None:
            known = ", ".join(sorted(self._lines))
            raise UnknownPlaybookError(f"There is no playbook {name!r}; there are: {known}.")
        return line

    async def _learn(self) -> None:
        """Have what takes long without our own code's help done at once, in threads."""
        (encoders, shelf), listener, _ = await asyncio.gather(
            asyncio.to_thread(open_encoders, self._settings),
            asyncio.to_thread(encoder, self._weights),
            asyncio.to_thread(self._warm_wordings),
        )
        await asyncio.to_thread(self._open_lines, encoders, shelf, listener)

    def _warm_wordings(self) -> None:
        for language in {language for book in self._books.values() for language in book.languages}:
            warm_wordings(language, self._settings.cache)

    def _open_lines(self, encoders: Encoders, shelf: Shelf, listener: EncoderLayer | None) -> None:
        similarity = Similarity(encoders.english)
        self._meters = meters = Meters(
            self._settings.data / LINES if self._learns else None,
            listener,
            encoders.english,
            today=lambda: self._clock.utc().date(),
            keep_days=self._settings.keep_days,
        )
        for name, book in self._books.items():
            self._lines[name] = _Line(
                playbook=book,
                voice=self._spoken[name],
                understanding=Understanding(book, encoders, shelf),
                similarity=similarity,
                back_office=open_back_office(book, self._settings.playbooks, self._settings.data, os.environ),
                meter=meters.of(book),
                learn=partial(meters.ended, name),
            )
            self._lines[name].meter()  # reads what the line has learnt, here in a thread
