"""Everything one line may say and do, read from a folder of YAML that people write.

A text is written once per language, as one sentence or as several to choose from, and may hold `{name}`
where a fact belongs. Nothing here decides anything; see `bot` for that.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from voice.dialogue.hours import WEEKDAYS, Hours, TimeZone, Weekday
from voice.dialogue.http_format import HttpService
from voice.dialogue.playbook_files import PlaybookError, PlaybookFiles
from voice.dialogue.request import Answer, Request, Verification
from voice.dialogue.sentences import SWITCHBOARD_PROMPTS, Sentences
from voice.dialogue.texts import Examples, Language, Part, Texts, placeholders
from voice.dialogue.thresholds import Thresholds
from voice.dialogue.waiting_sentences import waiting_sentences
from voice.language_tag import code
from voice.yaml_file import Location

__all__ = [
    "Answer",
    "Clause",
    "Language",
    "Playbook",
    "PlaybookError",
    "Request",
    "Texts",
    "Thresholds",
    "Topic",
    "load",
    "placeholders",
]

_FEWEST_EXAMPLES = 3
_FEWEST_WORDS = 3
"""Words from which a sentence is no name that is the same in every language."""


class Clause(Part):
    """A rule of the company, which carries what the bot commits to."""

    text: Texts


class Topic(Part):
    """What only a person may handle."""

    skill: str = ""
    """What an agent must know to help; agents list their skills."""
    urgent: bool = False
    """Whoever raises this is answered ahead of others."""

    about: Texts
    clause: str
    examples: Examples
    say: Texts | None = None
    """What the caller is told before being put through."""


class Asking(Part):
    """How callers of this line ask for a person where the fixed wordings do not tell."""

    asks: Examples
    mentions: Examples
    """What names a person, or sounds like asking, and is not."""


class Playbook(Part):
    """One line's playbook."""

    name: str
    company: str
    languages: tuple[Language, ...] = Field(min_length=1)
    """The first is the one a call starts in unless it says otherwise."""
    voices: dict[Language, Path] = Field(default_factory=dict)
    """A Piper voice (`.onnx`) of the line's own for a language; relative to the playbook's folder."""
    time_zone: TimeZone
    opening_hours: dict[Weekday, Hours]
    greetings: Annotated[Texts, Field(alias="greeting")]
    thresholds: Thresholds = Thresholds()
    sentences: Sentences
    clauses: dict[str, Clause]
    human_only: dict[str, Topic]
    elsewhere: Examples
    """What callers say that this line neither serves nor knows: it teaches the bot to decline."""
    asking: Asking | None = None
    verification: Verification | None = None
    back_office: HttpService | None = None
    """The company's service; without one the demo back office answers."""
    requests: dict[str, Request] = Field(min_length=1)

    @property
    def taught(self) -> "dict[str, Request | Topic]":
        """Everything the bot tells apart, by name: what it serves and what it leaves to people."""
        return {**self.requests, **self.human_only}

    @property
    def routing(self) -> dict[str, tuple[str, bool]]:
        """The skill an agent needs, and whether it is urgent, for what wants either, by name."""
        skills = {name: (request.skill, False) for name, request in self.requests.items()}
        skills |= {name: (topic.skill, topic.urgent) for name, topic in self.human_only.items()}
        return {name: (skill, urgent) for name, (skill, urgent) in skills.items() if skill or urgent}

    @property
    def language(self) -> Language:
        """The language a call starts in."""
        return self.languages[0]

    @property
    def greeting(self) -> str:
        """The greeting in the line's own language."""
        return self.greetings[self.language][0]

    @property
    def prompts(self) -> dict[str, str]:
        """The switchboard's fixed sentences by name, in the line's own language."""
        return self.prompts_in(self.language)

    def clauses_in(self, language: Language) -> dict[str, str]:
        """Return what each clause says in a language, by its id."""
        return {name: clause.text[language][0] for name, clause in self.clauses.items()}

    def prompts_in(self, language: Language) -> dict[str, str]:
        """The switchboard's fixed sentences by name, in `language`."""
        own = {
            name: text[language][0] for name, text in self.sentences.texts() if name in SWITCHBOARD_PROMPTS
        }
        return {**own, **waiting_sentences(language)}

    def fixed_sentences(self, language: Language) -> tuple[str, ...]:
        """Every sentence without a fact in it: what can be synthesised before a call."""
        texts: list[Texts] = [
            self.greetings,
            *(text for _, text in self.sentences.texts()),
        ]
        texts += [topic.say for topic in self.human_only.values() if topic.say]
        texts += [text for _, text in self.verification.texts()] if self.verification else []
        for request in self.requests.values():
            texts += [text for place, text in request.texts() if place[-1] != "about"]
        wordings = (wording for text in texts for wording in text[language])
        return tuple(dict.fromkeys(wording for wording in wordings if not placeholders(wording)))

    def language_or_default(self, language: str) -> Language:
        """Return `language` where the line speaks it, else the line's own; regions (`fr-FR`) don't matter."""
        wanted = code(language)
        return next((spoken for spoken in self.languages if spoken == wanted), self.language)


def load(folder: Path) -> Playbook:
    """Read the playbook in `folder`; its name is the folder's.

    Raises:
        PlaybookError: something is missing or wrong; each line of the message is `file:line: what to write`.
    """
    files = PlaybookFiles(folder)
    try:
        playbook = Playbook.model_validate({**files.content, "name": folder.name})
        voices = {language: folder / path.expanduser() for language, path in playbook.voices.items()}
        playbook = playbook.model_copy(update={"voices": voices})
    except ValidationError as error:
        raise files.error(
            (tuple(e["loc"]), _advice(e["type"], e["msg"], e["loc"])) for e in error.errors()
        ) from None
    if complaints := list(_inconsistencies(playbook)):
        raise files.error(complaints)
    return playbook


def _advice(kind: str, message: str, location: tuple[int | str, ...]) -> str:
    name = next((str(part) for part in reversed(location) if isinstance(part, str)), "")
    if kind == "missing":
        return f"`{name}` is missing: add it."
    if kind == "extra_forbidden":
        return f"`{name}` means nothing here: check its spelling or remove it."
    message = message.removeprefix("Value error, ")
    return f"`{name}`: {message[:1].lower()}{message[1:]}."


def _inconsistencies(playbook: Playbook) -> Iterator[tuple[Location, str]]:
    yield from _untranslated(playbook)
    for day in WEEKDAYS:
        if day not in playbook.opening_hours:
            yield ("opening_hours", day), f"`{day}` is missing: write its hours, or `closed`."
    for name, part in playbook.taught.items():
        kind = "requests" if name in playbook.requests else "human_only"
        for language in playbook.languages:
            if len(part.examples.get(language, ())) < _FEWEST_EXAMPLES:
                what = f"give at least {_FEWEST_EXAMPLES} examples in `{language}`."
                yield (kind, name, "examples"), what
    for language in playbook.languages:
        if len(playbook.elsewhere.get(language, ())) < _FEWEST_EXAMPLES:
            yield ("elsewhere", language), f"give at least {_FEWEST_EXAMPLES} examples in `{language}`."
    yield from _voiceless(playbook)
    yield from _unservable(playbook)
    for place, name in enumerate(playbook.thresholds.complexity.judgement):
        if name not in playbook.requests:
            yield (
                ("thresholds", "complexity", "judgement", place),
                f"there is no request `{name}`: write its name as in requests/.",
            )
    for location, clause in _cited(playbook):
        if clause not in playbook.clauses:
            yield (
                location,
                f"there is no clause `{clause}`: write it into policy.yaml, or name one that is there.",
            )


def _voiceless(playbook: Playbook) -> Iterator[tuple[Location, str]]:
    for language, path in playbook.voices.items():
        if language not in playbook.languages:
            yield ("voices", language), f"the line does not speak `{language}`: add it to `languages`."
        for file in (path, path.with_name(f"{path.name}.json")):
            if not file.is_file():
                yield (
                    ("voices", language),
                    f"there is no file {file}: name a Piper voice, its .json beside it.",
                )
                break


def _unservable(playbook: Playbook) -> Iterator[tuple[Location, str]]:
    for name, request in playbook.requests.items():
        if request.verify == "fact" and not playbook.verification:
            what = "`verify: fact` needs a verification.yaml: add it, or write `number` or `nobody`."
            yield ("requests", name, "verify"), what
        calls = (("look_up", request.look_up), ("change", request.change and request.change.call))
        for field, call in calls:
            if call and playbook.back_office and call not in playbook.back_office.calls:
                yield ("requests", name, field), f"back-office.yaml describes no call `{call}`: add it there."
        for place, answer in request.every_answer():
            if answer.ask and answer.ask not in request.slots:
                yield (
                    ("requests", name, *place, "ask"),
                    f"there is no slot `{answer.ask}`: name one that is there.",
                )


def _untranslated(playbook: Playbook) -> Iterator[tuple[Location, str]]:
    for location, text in texts(playbook):
        for language in playbook.languages:
            if language not in text:
                yield (*location, language), f"it is not said in `{language}`: add a `{language}:` line."
        told: set[str] = set()
        for language, wordings in text.items():
            if not all(_well_formed(wording) for wording in wordings):
                yield (*location, language), "write `{name}` around a fact, and close every `{`."
            if any(len(wording.split()) >= _FEWEST_WORDS for wording in told.intersection(wordings)):
                yield (*location, language), "another language says the same words: translate them."
            told.update(wordings)


def _well_formed(wording: str) -> bool:
    try:
        placeholders(wording)
    except ValueError:
        return False
    return True


def _cited(playbook: Playbook) -> Iterator[tuple[Location, str]]:
    for name, topic in playbook.human_only.items():
        yield ("human_only", name, "clause"), topic.clause
    for name, request in playbook.requests.items():
        for place, answer in request.every_answer():
            if answer.clause:
                yield ("requests", name, *place, "clause"), answer.clause


def texts(playbook: Playbook) -> Iterator[tuple[Location, Texts]]:
    """Yield all that is written to be said, or to be named in it, with where it stands."""
    yield ("greeting",), playbook.greetings
    yield from ((("sentences", name), text) for name, text in playbook.sentences.texts())
    for name, clause in playbook.clauses.items():
        yield ("clauses", name, "text"), clause.text
    for name, topic in playbook.human_only.items():
        yield ("human_only", name, "about"), topic.about
        if topic.say:
            yield ("human_only", name, "say"), topic.say
    for name, request in playbook.requests.items():
        yield ("requests", name, "about"), request.about
        yield from ((("requests", name, *place), text) for place, text in request.texts())
    if playbook.verification:
        yield from ((("verification", *place), text) for place, text in playbook.verification.texts())
