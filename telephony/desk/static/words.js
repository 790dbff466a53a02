// What the desk says, in one place.

export const BACK_IN_QUEUE = "The call went back to the queue.";
export const GIVEN_BACK = "You gave the call back. A colleague is being rung.";
export const LINE_DOWN = "Your connection dropped. The caller is not left alone: you or a colleague will have them back.";
export const LOST_CALL = "Your line was down, and the call went to a colleague.";
export const MICROPHONE_LOST = "The microphone was unplugged. Plug it in and go available again.";
export const NOT_SENT = "That could not be sent: the connection is down.";

const WITHDRAWN = {
  callback: "The caller will be rung back instead.",
  caller_left: "The caller hung up.",
  no_answer: "The call rang out and went to the next colleague.",
  taken: "A colleague was faster.",
  over: "The call was over already.",
  handed_on: "You passed the call on.",
  given_back: "The bot has the call again.",
  call_over: "The call is over.",
  left: "You left the call.",
  lost: "Your line was down.",
  shutting_down: "The switchboard is closing; the caller was passed on.",
};

export const withdrawn = (reason) => WITHDRAWN[reason] ?? `The call was taken back: ${reason}.`;

export const PHASES = {
  ringing: "Incoming call",
  briefing: "Your briefing – only you hear this",
  bridged: "You are talking",
  held: "On hold – the caller hears music",
  wrap_up: "Wrap-up",
};

export const DISPOSITIONS = [
  ["resolved", "Resolved"],
  ["follow_up", "Needs follow-up"],
  ["passed_on", "Passed on"],
  ["not_resolved", "Not resolved"],
  ["nobody_there", "Nobody there"],
];

export const ROLES = {
  colleague: "You joined a colleague",
  listen: "You are listening – nobody hears you",
  coach: "You are coaching – only the agent hears you",
  barge: "You have barged in – everybody hears you",
};

const DOING = { free: "not available", ringing: "being rung", on_call: "on a call", wrap_up: "in wrap-up" };

/** What keeps a colleague from being rung. */
export const doing = (engagement) => DOING[engagement] ?? engagement;

const STATES = {
  with_bot: "with the bot",
  waiting: "waiting",
  offered: "ringing",
  briefing: "briefing",
  bridged: "talking",
  held: "on hold",
  wrap_up: "wrap-up",
  ended: "over",
};

/** Where a call stands, to a supervisor. */
export const states = (state) => STATES[state] ?? state;

export const TRIGGERS = {
  asked: "Asked for a person",
  key: "Pressed 0",
  anger: "Growing angry",
  not_understood: "Not understood",
  repeated: "Asked the same again",
  human_only: "For people only",
  bot_failed: "The bot failed",
  dead_air: "Silence on the line",
  worker_lost: "The bot was lost",
  silent_caller: "The caller is silent",
  not_verified: "Not verified",
  several_matters: "Several matters at once",
  amount: "A large amount",
  recent_call: "Rang about it before",
  long_call: "A long call",
};

const JOINED = {
  colleague: "joins you",
  listen: "listens in – nobody hears them",
  coach: "coaches – only the agent hears them",
  barge: "has barged in – everybody hears them",
};

const PARTED = {
  declined: "does not join",
  no_answer: "did not answer",
  lost: "was cut off",
};

/** Who is on the line besides, and who hears them. */
export const joined = ({ agent, role }) => `${agent} ${JOINED[role] ?? "is on the line"}`;

/** Who is not on the line any more, or never came. */
export const parted = ({ agent, reason }) => `${agent} ${PARTED[reason] ?? "has left"}`;

/** A reason to hand over: its name, and its evidence where that adds to it. */
export function because({ kind, evidence }) {
  const name = TRIGGERS[kind] ?? plain(kind);
  if (kind === "key") return [name, ""];
  const named = evidence.toLowerCase().startsWith(`${name.toLowerCase()}:`);
  return [name, named ? evidence.slice(name.length + 1).trim() : evidence];
}

export const PARTIES = { caller: "Caller", bot: "Bot", agent: "You", switchboard: "System" };

const ANGER = [
  [0.25, "Calm"],
  [0.5, "Uneasy"],
  [0.7, "Irritated"],
  [Infinity, "Angry"],
];

/** The word for a score of anger, 0 to 1. */
export const anger = (score) => ANGER.find(([below]) => score < below)[1];

/** An identifier as words: `refund_status` is "refund status". */
export const plain = (name) => (name ?? "").replaceAll("_", " ");

const hour = (date) => date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

/** When a caller wants to be rung back, and how pressing it is: due, late or neither. All are Dates. */
export function due(earliest, latest, now) {
  if (now > latest) return [`overdue since ${hour(latest)}`, "bad"];
  if (now >= earliest) return [`now, until ${hour(latest)}`, "good"];
  const day = earliest.toDateString() === now.toDateString() ? "" : `${earliest.toLocaleDateString([], { weekday: "short" })} `;
  return [`${day}${hour(earliest)} – ${hour(latest)}`, ""];
}

/** How often a caller was rung in vain. */
export const tries = (count) => (count === 1 ? "tried once" : `tried ${count} times`);

/** Seconds as minutes and seconds: 75 is "1:15". */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

const minutes = (seconds) => Number((seconds / 60).toFixed(1));

/** What a waiting caller was told: their place in line, and how long it takes. */
export function wait({ place, low, high }) {
  const line = `number ${place} in line`;
  if (low == null) return line;
  if (high == null) return `${line}, more than ${minutes(low)} min`;
  return low > 0 ? `${line}, ${minutes(low)} to ${minutes(high)} min` : `${line}, less than ${minutes(high)} min`;
}

const LINKS = {
  idle: ["Signed out", "idle"],
  connecting: ["Connecting …", "waiting"],
  open: ["Connected", "on"],
};
const ENDED = {
  4400: "Disconnected: this page sent too much. Reload it.",
  4401: "Signed out",
  4409: "In use at another desk",
};

/** The sentence and the light (on, waiting, off) for how the connection stands. */
export function link(status) {
  if (status.state === "lost") return [`Connection lost – trying again in ${Math.ceil(status.again)} s`, "off"];
  if (status.state === "ended") return [ENDED[status.code] ?? "Disconnected", "off"];
  return LINKS[status.state];
}
