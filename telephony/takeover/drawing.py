"""Draws the state machine and its faults into the documentation: `python -m telephony.takeover.drawing`.

Nothing is written twice: states, transitions and what is done come from the table, their words from the
docstrings of phases, inputs and effects.
"""

import ast
import inspect
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

from telephony.takeover import phases
from telephony.takeover.events import EVENT_CELLS, EVENTS
from telephony.takeover.faults import CELLS, INPUTS, Fault, Line, Outcome, outcome
from telephony.takeover.inputs import name
from telephony.takeover.machine import TABLE
from telephony.takeover.phases import ENGAGED, HOLD, SURVEY, Phase

FILES = ("state-machine.md", "faults.md", "events.md")
_COMMAND = "`python -m telephony.takeover.drawing docs`"
_HEARS = {
    Phase.WITH_BOT: "the bot",
    Phase.GOODBYE: "the bot's goodbye",
    Phase.NOBODY: "whom the carrier rings next, a person",
    Phase.CALLBACK: "that they will be rung back",
    Phase.BRIDGED: "the agent",
    Phase.HELD: "music, and that nobody forgot them",
    Phase.WAITING: "music, and softly over it their place and the time it takes",
    Phase.OFFERED: "music, and that nobody forgot them",
    Phase.BRIEFING: "music",
}
_TOLD = {
    "caller_left": "that the caller has left",
    "no_answer": "that they did not answer",
    "taken": "that the call is not theirs",
    "handed_on": "that they have passed the call on",
    "given_back": "that the bot has the call again",
    "callback": "that the caller will be rung back",
    "offered": "the call ringing, with its brief",
    "briefing": "that they hear the brief",
    "bridged": "that they are talking",
    "held": "that the caller is on hold",
    "left": "that they have left the call",
    "shutting_down": "that the switchboard stops",
    "ended": "that the call is over",
    "wrap_up": "the paperwork to do",
    "line_stalled": "that nothing comes from the caller",
    "worker_lost": "that the transcript pauses",
    "agent_unsteady": "once they can: that the caller was told",
}


def state_machine() -> str:
    """Return the page about the state machine."""
    lines = [
        "# The takeover state machine",
        "",
        f"Drawn from the code by {_COMMAND}; a test holds the two",
        "together. Every state answers every event; what is not listed under a state leaves it as it is.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> with_bot",
        *_arrows(),
        "    ended --> [*]",
        "```",
        "",
        "From every state with a line, the caller leaving, a dead line and the switchboard stopping lead",
        "towards the end; these arrows are left out above.",
    ]
    words = _phase_words()
    for phase in Phase:
        lines += ["", f"## {phase.value}", ""]
        about = [words.get(phase.name, ""), f"The caller hears {_hears(phase)}." if _hears(phase) else ""]
        if text := " ".join(part for part in about if part):
            lines += [text, ""]
        lines += ["| event | goes to | what is done |", "| --- | --- | --- |", *_rows(phase)]
    return "\n".join(lines) + "\n"


def faults() -> str:
    """Return the page about what goes wrong."""
    lines = [
        "# When something goes wrong",
        "",
        f"Told by the state machine itself ({_COMMAND}). Each row is a test in",
        "`tests/faults/test_every_fault.py`, which lets it happen to a whole call and compares what the",
        "caller then hears and the agent sees. A switchboard that is killed rather than stopped leaves every",
        "caller to the carrier's next verb, and takes up from the journal what it held when it starts again.",
    ]
    for fault in Fault:
        lines += ["", f"## {fault.value[0].upper()}{fault.value[1:]}", ""]
        lines += ["| state | the caller hears | the agent sees |", "| --- | --- | --- |"]
        for phase in (phase for phase, what in CELLS if what is fault):
            found = outcome(phase, INPUTS[fault])
            seen = "nothing: their desk is gone" if fault is Fault.AGENT_LOST else _seen(phase, found)
            lines.append(f"| {phase.value} | {_heard(phase, found)} | {seen} |")
    return "\n".join(lines) + "\n"


def happenings() -> str:
    """Return the page about what happens in the ordinary way."""
    lines = [
        "# What happens, and what people hear and see of it",
        "",
        f"State by event, told by the state machine itself ({_COMMAND});",
        "what goes wrong has [a page of its own](faults.md). Each row is a test in",
        "`tests/faults/test_every_event.py` on a whole call. A state that is not listed leaves the event be.",
    ]
    for kind in EVENTS:
        lines += ["", f"## {name(kind)}", "", _first_sentence(kind), ""]
        lines += ["| state | then | the caller hears | the agent sees |", "| --- | --- | --- | --- |"]
        for phase in (phase for phase, what in EVENT_CELLS if what is kind):
            found = outcome(phase, EVENTS[kind])
            then = "" if found.phase is phase else found.phase.value
            lines.append(f"| {phase.value} | {then} | {_heard(phase, found)} | {_seen(phase, found)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the pages into the folder that is named."""
    folder = Path(sys.argv[1])
    for file, text in zip(FILES, (state_machine(), faults(), happenings()), strict=True):
        (folder / file).write_text(text)


def _arrows() -> list[str]:
    labels: dict[tuple[Phase, Phase], list[str]] = defaultdict(list)
    towards_the_end = {"caller_left", "line_dead", "shutting_down"}
    for what, row in TABLE.items():
        for phase, cell in row.items():
            if cell.to is not None and name(what) not in towards_the_end:
                labels[phase, cell.to].append(name(what))
    return [f"    {before} --> {after}: {', '.join(names)}" for (before, after), names in labels.items()]


def _rows(phase: Phase) -> list[str]:
    rows = []
    for what, row in TABLE.items():
        cell = row[phase]
        if cell.to is None and cell.effect.__name__ == "nothing":
            continue
        done = "" if cell.effect.__name__ == "nothing" else _first_sentence(cell.effect)
        rows.append(f"| {name(what)} | {cell.to.value if cell.to else ''} | {done} |")
    return rows


def _first_sentence(of: object) -> str:
    return (inspect.getdoc(of) or "").split("\n\n")[0].replace("\n", " ")


def _phase_words() -> dict[str, str]:
    """Return what the source says of each phase: an enumeration's docstrings are not kept at run time."""
    words: dict[str, str] = {}
    tree = ast.parse(inspect.getsource(phases.Phase))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef)).body
    for member, after in pairwise(body):
        if isinstance(member, ast.Assign) and isinstance(after, ast.Expr):
            target = member.targets[0]
            if isinstance(target, ast.Name) and isinstance(after.value, ast.Constant):
                words[target.id] = str(after.value.value)
    return words


def _hears(phase: Phase) -> str:
    if phase in SURVEY:
        return "one question, and may answer with a key"
    return _HEARS.get(phase, "music" if phase in HOLD else "")


def _heard(phase: Phase, found: Outcome) -> str:
    sentences = [f"`{prompt}`" for prompt in found.said]
    match found.line:
        case Line.GONE:
            then = "nothing: they are gone"
        case Line.HUNG_UP:
            then = "the line go down"
        case Line.TO_CARRIER:
            then = "whom the carrier rings next, a person"
        case Line.STAYS if _hears(found.phase) == _hears(phase) and not found.queued:
            then = "what they heard before"
        case Line.STAYS:
            then = _hears(found.phase)
            if found.queued:
                then += "; they are next in line" if found.ahead else "; the next agent is rung"
    return ", then ".join([*sentences, then])


def _seen(phase: Phase, found: Outcome) -> str:
    told = [_TOLD[word] for word in (*found.told, *found.noted)]
    if found.freed:
        told.append("they are free for the next call")
    return "; ".join(told) or ("what they saw before" if phase in ENGAGED else "")


if __name__ == "__main__":
    main()
