"""The fixed sentences of a playbook, and which of them are the switchboard's."""

from collections.abc import Iterator

from voice.dialogue.texts import Part, Texts


class Sentences(Part):
    """The fixed sentences; those of `SWITCHBOARD_PROMPTS` are spoken even when no bot is alive."""

    one_moment: Texts
    connecting: Texts
    all_busy: Texts
    still_waiting: Texts
    agent_unsteady: Texts
    agent_lost: Texts
    goodbye: Texts
    nobody: Texts
    bot_back: Texts
    key_brief: Texts
    anything_else: Texts
    what_else: Texts
    not_understood: Texts
    still_there: Texts
    say_again: Texts
    nothing_to_repeat: Texts
    hello: Texts
    rang_before: Texts
    left_open: Texts
    promised_before: Texts
    promised_something: Texts
    as_promised: Texts
    cut_off: Texts
    cut_off_about: Texts
    go_on: Texts
    colleague_confirms: Texts
    no_account: Texts
    closing: Texts
    not_caught: Texts
    did_you_say: Texts
    which_part: Texts
    nothing_changed: Texts
    colleague_promised: Texts
    noted: Texts | None = None
    """Takes note of a bare "yes" or "no" at once, while more may follow: "Right."; else nothing does."""
    survey: Texts | None = None
    """The one question a caller is asked at the end, answered by a key from 1 to 5; without it, none is."""
    survey_thanks: Texts | None = None
    phone_offer: Texts | None = None
    """What an agent hears who is rung by telephone: which key takes the call."""

    def texts(self) -> Iterator[tuple[str, Texts]]:
        """Give every sentence that is written, by name."""
        for name in type(self).model_fields:
            if (text := getattr(self, name)) is not None:
                yield name, text


PLACEHOLDERS = {
    "rang_before": ("when", "about"),
    "left_open": ("when", "about"),
    "promised_before": ("when", "about", "promise"),
    "promised_something": ("when", "about"),
    "as_promised": ("when", "about", "promise"),
    "cut_off_about": ("about",),
    "did_you_say": ("value",),
    "which_part": ("parts",),
    "colleague_promised": ("promise",),
}
"""What a sentence may hold; those that are not here hold nothing."""
OF_PROMISES = frozenset(("promised_before", "promised_something", "as_promised", "colleague_promised"))
"""Sentences that speak of what was promised before, and has passed the guardrails then."""
SWITCHBOARD_PROMPTS = (
    "one_moment", "connecting", "still_waiting", "agent_unsteady", "agent_lost", "goodbye", "nobody",
    "bot_back", "key_brief", "all_busy", "survey", "survey_thanks", "phone_offer",
)  # fmt: skip
