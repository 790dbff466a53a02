"""What a desk's messages ask of the switchboard."""

from telephony.desk import protocol
from telephony.legs.leg import AgentEvents
from telephony.legs.requests import Request


def report(events: AgentEvents, agent: str, message: protocol.FromDeskMessage) -> None:
    """Tell `events` what the agent does."""
    match message:
        case protocol.Pong():
            pass
        case protocol.Available(available=available):
            events.agent_available(agent, available)
        case protocol.Accept(call=call):
            events.agent_accepted(agent, call)
        case protocol.Decline(call=call, reason=why):
            events.agent_declined(agent, call, why)
        case protocol.SkipBrief(call=call):
            events.agent_skipped_brief(agent, call)
        case protocol.HangUp(call=call):
            events.agent_hung_up(agent, call)
        case protocol.WrapUp(call=call, disposition=disposition, summary=summary):
            events.agent_wrapped_up(agent, call, disposition, summary)
        case Request():
            events.agent_asked(agent, message)
