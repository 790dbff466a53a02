"""What the takeover state machine does while a caller waits; see `telephony.takeover.effects`."""

from dataclasses import replace

from telephony.takeover import actions as do
from telephony.takeover import callback
from telephony.takeover import inputs as on
from telephony.takeover.actions import Action, Journal, Timer
from telephony.takeover.callback import WINDOW_SECONDS, CallbackTalk, Step
from telephony.takeover.effects import Outcome
from telephony.takeover.phases import Call, Phase
from voice.journal import events

OFFER_EVERY = 3
"""A call back is offered with the first update and every third after it."""


def note_key(call: Call, what: on.KeyPressed | on.Rated, t: float) -> Outcome:
    """Write the key down."""
    digit = str(what.score) if isinstance(what, on.Rated) else what.digit
    return call, (Journal(events.Pressed(digit=digit)),)


def reminder(call: Call, what: on.ReminderDue, t: float) -> Outcome:
    """Tell the caller their place in line and how long it takes, and how to be rung back instead."""
    if call.callback is not None and call.callback.step is not Step.NOTHING:
        talk, prompts = callback.dropped(call.callback)
        return replace(call, callback=talk), (*_spell(prompts), _remind_later(call))
    offer = call.callback is not None and call.updates % OFFER_EVERY == 0
    told = do.TellPlace("callback_offer" if offer else None)
    return replace(call, updates=call.updates + 1), (told, _remind_later(call))


def reminder_on_hold(call: Call, what: on.ReminderDue, t: float) -> Outcome:
    """Tell the caller whom an agent has put on hold that nobody forgot them."""
    return call, (do.Say("still_waiting"), _remind_later(call))


def callback_talked(call: Call, what: on.CallbackTalked, t: float) -> Outcome:
    """Take the caller a step further towards being rung back, their number read back."""
    if call.callback is None:
        return call, (Journal(events.Pressed(digit=what.key)),)
    talk, prompts = callback.take(call.callback, what.key)
    later = (do.StopTimer(Timer.REMINDER), _remind_later(call)) if prompts else ()
    return replace(call, callback=talk), (
        Journal(events.Pressed(digit=what.key)),
        *_spell(prompts),
        *later,
    )


def callback_settled(call: Call, what: on.CallbackSettled, t: float) -> Outcome:
    """Promise to ring the caller back, and put it on the list."""
    asked = events.CallbackAsked(number=what.number, after=what.window, before=what.window + WINDOW_SECONDS)
    rung: tuple[Action, ...] = ()
    if call.phase is Phase.OFFERED and call.agent is not None:
        declined = events.Declined(agent=call.agent, reason="caller_left")
        rung = (Journal(declined), do.Withdraw(call.agent, "callback"))
    return replace(call, callback=CallbackTalk()), (
        Journal(events.Pressed(digit=what.key)),
        Journal(asked),
        *rung,
        do.Say("callback_promised"),
        do.Drain(),
    )


def told_of_callback(call: Call, what: on.Drained, t: float) -> Outcome:
    """End the call: the caller will be rung back."""
    return call, (do.HangUpCaller("switchboard", "The caller will be rung back."),)


def look_for_staff(call: Call, what: on.StaffDue, t: float) -> Outcome:
    """See whether anybody takes calls at all."""
    return call, (do.LookForStaff(), do.StartTimer(Timer.STAFF, call.limits[Timer.STAFF]))


def nobody_came(call: Call, what: on.Input, t: float) -> Outcome:
    """Tell the caller where they go now."""
    return call, (do.Say("nobody"), do.Drain())


def told_nobody(call: Call, what: on.Drained, t: float) -> Outcome:
    """Give the caller to the carrier's next verb, a person."""
    return call, (do.LeaveToCarrier("No agent could be reached."),)


def _remind_later(call: Call) -> Action:
    return do.StartTimer(Timer.REMINDER, call.limits[Timer.REMINDER])


def _spell(prompts: tuple[str, ...]) -> tuple[Action, ...]:
    return (do.Spell(prompts),) if prompts else ()
