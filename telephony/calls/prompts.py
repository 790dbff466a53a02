"""The fixed sentences a caller hears from the switchboard, worker or no worker.

The worker has the voice, so it makes them; the switchboard fetches them when a worker is there and keeps a
copy, so that the sentence for "the worker died" can be said by a switchboard that has not seen one since it
was started.
"""

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import httpx2
import msgspec

_log = logging.getLogger(__name__)

_LARGEST = 16 << 20
"""Bytes of an answer; a minute of prompts is 700 kB."""
_TIMEOUT = 10.0
_RETRY = (0.5, 5.0)
"""Seconds between attempts while there are no prompts: the first pause, doubled up to the longest."""


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence and its sound, 8 kHz mu-law."""

    name: str = ""
    text: str
    language: str
    audio: bytes


class Routing(msgspec.Struct, frozen=True):
    """What a request needs of the agent, and whether it is urgent, by the playbook."""

    skill: str = ""
    urgent: bool = False


class _Answer(msgspec.Struct, frozen=True):
    prompts: dict[str, Prompt]
    voice: str = ""
    routing: dict[str, Routing] = {}


class PromptError(Exception):
    """The worker has no prompts for us; one sentence says why."""


class Prompts:
    """The prompts of one playbook.

    Args:
        workers: their HTTP addresses; the first that answers is believed.
        token: the voice link's secret.
        playbook: whose prompts.
        language: theirs.
        folder: where the copy is kept.
    """

    def __init__(
        self, workers: Sequence[str], token: str, playbook: str, language: str, folder: Path
    ) -> None:
        self._urls = [f"{worker}/prompts" for worker in workers]
        self._token = token
        self._wanted = {"playbook": playbook, "language": language}
        self._copy = folder / f"{quote(playbook, safe='')}-{quote(language, safe='')}.json"
        self._prompts: Mapping[str, Prompt] = {}
        self.routing: Mapping[str, Routing] = {}
        """What needs a skill, or is urgent, by the name the bot understands it as."""

    def __getitem__(self, name: str) -> Prompt | None:
        """Return the prompt; None where there is none of that name, or none yet."""
        return self._prompts.get(name)

    def __contains__(self, name: str) -> bool:
        """Return whether there is a prompt of that name."""
        return name in self._prompts

    def joined(self, names: Sequence[str]) -> Prompt | None:
        """Return several prompts as one sentence, without those there are none of; None where none is."""
        known = [self._prompts[name] for name in names if name in self._prompts]
        if not known:
            return None
        return Prompt(
            name="+".join(prompt.name for prompt in known),
            text=" ".join(prompt.text for prompt in known),
            language=known[0].language,
            audio=b"".join(prompt.audio for prompt in known),
        )

    def __len__(self) -> int:
        """Return how many prompts there are."""
        return len(self._prompts)

    def load(self) -> None:
        """Read the copy, where there is a usable one. Blocks."""
        try:
            self._take(self._copy.read_bytes())
        except FileNotFoundError:
            return
        except (OSError, PromptError) as error:
            _log.warning("The kept prompts in %s cannot be used: %s", self._copy, error)

    async def fetch(self) -> None:
        """Get the prompts from a worker and keep them.

        Raises:
            PromptError: there is no worker, none is ready, or its answer is not what it should be.
        """
        for url in self._urls[:-1]:
            with contextlib.suppress(PromptError):
                return await self._fetch(url)
        return await self._fetch(self._urls[-1])

    async def _fetch(self, url: str) -> None:
        try:
            async with httpx2.AsyncClient(timeout=_TIMEOUT, trust_env=False) as client:
                answer = await client.get(
                    url,
                    params=self._wanted,
                    headers={"Authorization": f"Bearer {self._token}"},
                )
        except httpx2.HTTPError as error:
            raise PromptError(f"The worker cannot be asked for prompts: {type(error).__name__}.") from error
        if answer.status_code != httpx2.codes.OK:
            raise PromptError(f"The worker answered {answer.status_code} when asked for prompts.")
        self._take(answer.content)
        await asyncio.to_thread(self._keep, answer.content)

    async def fetch_until_there(self) -> None:
        """Go on asking until the worker has answered once."""
        pause, longest = _RETRY
        while True:
            try:
                await self.fetch()
            except PromptError as error:
                _log.debug("%s Asking again in %.1f s.", error, pause)
                await asyncio.sleep(pause)
                pause = min(2 * pause, longest)
            else:
                return

    def _take(self, content: bytes) -> None:
        if len(content) > _LARGEST:
            raise PromptError(f"The prompts are {len(content)} bytes long; more than {_LARGEST} are refused.")
        try:
            answer = msgspec.json.decode(content, type=_Answer)
        except msgspec.DecodeError as error:
            raise PromptError(f"The worker's prompts cannot be read: {error}.") from None
        self._prompts = {
            name: msgspec.structs.replace(prompt, name=name) for name, prompt in answer.prompts.items()
        }
        self.routing = answer.routing

    def _keep(self, content: bytes) -> None:
        try:
            self._copy.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._copy.with_suffix(".new")
            fresh.write_bytes(content)
            fresh.replace(self._copy)
        except OSError as error:
            _log.warning("The prompts could not be kept in %s: %s", self._copy, error)
