// What the desk knows of its call. Pure: a state and a message in, the next state out, the time handed in.

import * as words from "./words.js";

const PHASES = { offered: "ringing", briefing: "briefing", bridged: "bridged", held: "held", wrap_up: "wrap_up" };
const RECENT = 12;
const HELP = 3;

/** Why a call is not this desk's any more without any paperwork. */
const OUT = new Set(["handed_on", "given_back", "call_over", "left", "lost"]);

/** The desk before anything has happened. `call` is null between calls; `notice` is the last thing to know. */
export const EMPTY = { call: null, notice: "", recent: [], callbacks: [], ringingBack: null };

function newCall(id, now) {
  return {
    id,
    caller: "",
    line: "",
    phase: "ringing",
    since: now,
    ringsUntil: null,
    ringSeconds: null,
    bridgedAt: null,
    over: null, // why the caller is gone
    brief: null,
    triggers: [],
    feelings: [],
    role: "agent", // or "colleague", or what a supervisor does: "listen", "coach", "barge"
    askedBy: "",
    held: false,
    help: [], // suggestions, the newest first
    entries: [], // in the journal's order
    unseen: true, // its history has not come with an offer
  };
}

function withTriggers(call, triggers) {
  const known = new Set(call.triggers.map((one) => `${one.kind} ${one.t}`));
  const fresh = triggers.filter((one) => !known.has(`${one.kind} ${one.t}`));
  return fresh.length ? { ...call, triggers: [...call.triggers, ...fresh] } : call;
}

function withEvent(call, { event, seq }) {
  switch (event.kind) {
    case "call_started":
      return { ...call, caller: event.caller, line: event.line };
    case "briefed":
      return { ...call, brief: event.brief };
    case "triggered":
      return withTriggers(call, [event.trigger]);
    case "takeover_requested":
      return withTriggers(call, event.triggers);
    case "felt":
      return { ...call, feelings: [...call.feelings, { seq, ...event }] };
    case "suggested":
      return { ...call, help: [{ seq, ...event }, ...call.help].slice(0, HELP) };
    case "call_ended":
      return { ...call, over: call.over ?? event.by };
    default:
      return call;
  }
}

/** The call with one more journal entry; entries known already change nothing. */
export function withEntry(call, entry) {
  const { entries } = call;
  let place = entries.length;
  while (place > 0 && entries[place - 1].seq > entry.seq) place -= 1;
  if (place > 0 && entries[place - 1].seq === entry.seq) return call;
  const next = { ...call, entries: [...entries.slice(0, place), entry, ...entries.slice(place)] };
  return withEvent(next, entry);
}

function offered(desk, offer, now) {
  const known = desk.call?.id === offer.call ? desk.call : newCall(offer.call, now);
  const call = {
    ...known,
    caller: offer.caller,
    line: offer.line,
    role: offer.role ?? "agent",
    askedBy: offer.asked_by ?? "",
    brief: offer.brief ?? known.brief,
    unseen: false,
    ringSeconds: known.ringSeconds ?? offer.ring_seconds,
    ringsUntil: known.ringsUntil ?? now + offer.ring_seconds,
  };
  return { ...desk, notice: "", call: (offer.history ?? []).reduce(withEntry, call) };
}

/** The desk with its call put among the recent ones and, where it is told, how it was closed. */
export function closed(desk, now, disposition = "", notice = "") {
  const { call } = desk;
  if (!call) return { ...desk, notice };
  const seconds = call.bridgedAt === null ? 0 : (call.talkedUntil ?? now) - call.bridgedAt;
  const taken = { id: call.id, caller: call.caller, line: call.line, seconds, disposition, at: new Date() };
  const recent = call.bridgedAt === null ? desk.recent : [taken, ...desk.recent].slice(0, RECENT);
  return { ...desk, call: null, notice, recent };
}

function stands(desk, { call: id, state }, now) {
  const mine = desk.call?.id === id;
  if (state === "ended") return mine ? closed(desk, now, "", desk.notice) : desk;
  const phase = PHASES[state];
  if (!phase) return mine ? { ...desk, call: null, notice: words.BACK_IN_QUEUE } : desk;
  if (!mine && phase === "ringing") return desk; // told late: it was declined here already
  const call = mine ? desk.call : newCall(id, now);
  if (call.phase === phase && mine) return desk;
  const bridgedAt = phase === "bridged" ? (call.bridgedAt ?? now) : call.bridgedAt;
  const talkedUntil = phase === "wrap_up" ? now : null;
  const notice = mine ? desk.notice : "";
  return { ...desk, notice, call: { ...call, phase, since: now, bridgedAt, talkedUntil } };
}

function withdrawn(desk, { call: id, reason }) {
  const { call } = desk;
  if (call?.id !== id) return desk;
  const notice = words.withdrawn(reason);
  if (call.phase === "ringing") return { ...desk, call: null, notice };
  if (OUT.has(reason)) return { ...desk, call: null, notice };
  return { ...desk, notice, call: { ...call, over: call.over ?? reason } };
}

/** The desk of a supervisor who has asked to join a call in a role, or to change what they do there. */
export function supervised(desk, { call: id, caller, line }, role, now) {
  const call = desk.call?.id === id ? desk.call : { ...newCall(id, now), caller, line, phase: "joining" };
  return { ...desk, notice: "", call: { ...call, role } };
}

/** The desk of an agent who rings back the caller of `id`. */
export const ringingBack = (desk, id) => ({ ...desk, notice: "", ringingBack: id });

const stillListed = (id, callbacks) => (callbacks.some(({ call }) => call === id) ? id : null);

/** The desk after a message from the switchboard at `now`, in seconds. */
export function take(desk, message, now) {
  switch (message.type) {
    case "welcome":
      return { ...desk, agent: message.agent, ...(desk.call && { call: null, notice: words.LOST_CALL }) };
    case "offer":
      return offered(desk, message, now);
    case "withdrawn":
      return withdrawn(desk, message);
    case "state":
      return stands(desk, message, now);
    case "entry": {
      if (desk.call?.id !== message.entry.call) return desk;
      const call = withEntry(desk.call, message.entry);
      const { kind, agent } = message.entry.event;
      // A guest to whom the call is left, or whose colleague was lost, has it from then on.
      const role = kind === "bridged" && agent === desk.agent ? "agent" : call.role;
      return { ...desk, call: { ...call, role } };
    }
    case "callbacks":
      return { ...desk, callbacks: message.callbacks, ringingBack: stillListed(desk.ringingBack, message.callbacks) };
    case "error":
      return { ...desk, ringingBack: null, notice: message.message, call: desk.call?.phase === "joining" ? null : desk.call };
    default:
      return desk;
  }
}
