"""What a key, a word or a hook means in the light of the call: inputs as the table has them. Pure."""

from telephony.takeover import callback
from telephony.takeover import inputs as on
from telephony.takeover.callback import CallbackTalk, Step
from telephony.takeover.phases import IN_LINE, SURVEY, TALK, Call

SCORES = "12345"
_AS_KEY = {"callback": callback.BEGIN, "yes": callback.AGREE, "no": callback.REFUSE}


def meant(call: Call, what: on.Input) -> on.Input:
    """Return the input as the machine's table has it."""
    match what:
        case on.AgentHungUp(agent=agent) if call.phase in TALK and call.survey:
            return on.SurveyDue(agent)
        case on.ZeroPressed() | on.KeyPressed() if call.phase in SURVEY:
            return _in_survey(what)
        case on.ZeroPressed() | on.KeyPressed() | on.Wished() if call.phase in IN_LINE:
            return what if call.callback is None else _in_line(call.callback, what)
        case _:
            return what


def _in_survey(what: on.ZeroPressed | on.KeyPressed) -> on.Input:
    """Any other key than a score or 0 says that the caller does not wish to be asked."""
    if isinstance(what, on.ZeroPressed):
        return what
    return on.Rated(int(what.digit)) if what.digit in SCORES else on.SurveyTimedOut()


def _in_line(talk: CallbackTalk, what: on.ZeroPressed | on.KeyPressed | on.Wished) -> on.Input:
    match what:
        case on.ZeroPressed():
            return on.CallbackTalked("0") if talk.step is Step.WHICH_NUMBER else what
        case on.Wished(wish=wish):
            begun = talk.step is not Step.NOTHING
            key = _AS_KEY[wish] if begun is (wish != "callback") else None
        case on.KeyPressed(digit=digit):
            key = digit
    if key is None:
        return what
    settled = callback.settles(talk, key)
    return (
        on.CallbackTalked(key) if settled is None else on.CallbackSettled(key, settled.number, settled.window)
    )
