"""A written summary of a call, drafted from its journal for the agent to correct. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from voice.journal import events
from voice.journal.events import Entry

_LANGUAGES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "wanted": "{what}.",
        "tried": "The bot: {what}",
        "promised": "Promised: {what}",
        "promised_by": "{who} promised: {what}",
        "handed_on": "{who} handed the call on{to}{what}",
        "given_back": "{who} gave the call back to the bot{what}",
        "colon": ": ",
        "said": "{who} said last: “{what}”",
        "caller": "The caller said last: “{what}”",
    },
    "fr": {
        "wanted": "{what}.",
        "tried": "Le robot : {what}",
        "promised": "Promis : {what}",
        "promised_by": "{who} a promis : {what}",
        "handed_on": "{who} a transmis l'appel{to}{what}",
        "given_back": "{who} a rendu l'appel au robot{what}",
        "colon": " : ",
        "said": "{who} a dit en dernier : « {what} »",
        "caller": "L'appelant a dit en dernier : « {what} »",
    },
}
LONGEST = 3_000
"""Characters, as the desk may send back."""


def draft(entries: Sequence[Entry]) -> str:
    """Return what happened on a call, a line for each thing that matters afterwards.

    Args:
        entries: its journal, in order.
    """
    started = next((e.event for e in entries if isinstance(e.event, events.CallStarted)), None)
    language = started.language.partition("-")[0] if started else "en"
    say = _LANGUAGES.get(language, _LANGUAGES["en"])
    briefs = [e.event.brief for e in entries if isinstance(e.event, events.Briefed)]
    moved = {e.seq for e in entries if isinstance(e.event, events.HandedOn | events.GivenBack)}
    lines: list[str] = []
    if briefs:
        brief = briefs[-1]
        lines.append(say["wanted"].format(what=brief.headline.rstrip(".")))
        by_bot = [one for one in brief.tried if one.sources and not moved.intersection(one.sources)]
        lines += [say["tried"].format(what=one.text) for one in by_bot]
    lines += _promises_and_moves(entries, say)
    lines += _last_words(entries, say)
    return "\n".join(dict.fromkeys(lines))[:LONGEST]


def _promises_and_moves(entries: Iterable[Entry], say: Mapping[str, str]) -> Iterator[str]:
    for entry in entries:
        match entry.event:
            case events.Promised(text=text, agent="", clause=clause):
                yield say["promised"].format(what=f"{text} [{clause}]")
            case events.Promised(text=text, agent=agent):
                yield say["promised_by"].format(who=agent, what=text)
            case events.HandedOn(agent=agent, note=note, to_agent=colleague, to_skill=skill):
                to = colleague or skill
                what = note and say["colon"] + note
                yield say["handed_on"].format(who=agent, to=f" ({to})" if to else "", what=what)
            case events.GivenBack(agent=agent, instruction=instruction):
                yield say["given_back"].format(who=agent, what=instruction and say["colon"] + instruction)
            case _:
                pass


def _last_words(entries: Sequence[Entry], say: Mapping[str, str]) -> Iterator[str]:
    agent = next((e.event.agent for e in reversed(entries) if isinstance(e.event, events.Bridged)), "")
    for who, line in (("caller", "caller"), ("agent", "said")):
        for entry in reversed(entries):
            event = entry.event
            if isinstance(event, events.Heard) and event.who == who and event.final:
                yield say[line].format(who=agent, what=event.text)
                break
