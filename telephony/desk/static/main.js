// The desk: joins connection, sound, state and page.

import { DeskAudio, MicrophoneError } from "./audio.js";
import { closed, EMPTY, ringingBack, supervised, take, withEntry } from "./call.js";
import { CallbackList } from "./callbacks.js";
import { Connection } from "./connection.js";
import { byId } from "./elements.js";
import { Panels } from "./panels.js";
import { Ring } from "./ring.js";
import * as session from "./session.js";
import { Supervising } from "./supervising.js";
import { View } from "./view.js";
import * as words from "./words.js";

const SIGNED_OUT = 4401;
const REPLACED = 4409;
const TALK = new Set(["bridged", "held"]);
const TICK = 200; // ms

const view = new View((notice) => update({ ...desk, notice }));
const ring = new Ring();
const now = () => performance.now() / 1000;

let desk = EMPTY;
let agent = null;
let available = false; // what the agent wants; told again after each reconnection
let elsewhere = false;
let supervisor = false;

const panels = new Panels((type, fields) => tell(type, fields));
const supervising = new Supervising(listen);
const callbackList = new CallbackList(ringBack, ({ call }) => connection.send("drop_callback", { call }));

const audio = new DeskAudio({
  onFrame: (frame) => connection.sendAudio(frame),
  onLevel: (mine, theirs) => view.levels(mine, theirs),
  onLost: () => setAvailable(false, words.MICROPHONE_LOST),
});

const connection = new Connection({
  onMessage(message) {
    if (message.type === "welcome") supervisor = Boolean(message.supervisor);
    if (message.type === "welcome" && available) connection.send("available", { available });
    if (message.type === "clear") audio.clear();
    update(take(desk, message, now()));
  },
  onAudio: (frame) => audio.play(frame),
  onState(status) {
    view.link(status);
    if (status.state === "lost" && desk.call) {
      audio.clear();
      update({ ...desk, notice: words.LINE_DOWN });
    }
    if (status.state !== "ended") return;
    available = false;
    elsewhere = status.code === REPLACED;
    if (status.code === SIGNED_OUT) agent = null;
    update(closed(desk, now()));
  },
});

function update(next) {
  const before = desk.call;
  desk = next;
  const { call } = desk;
  if (call?.phase === "ringing" && before?.id !== call.id) ring.start(audio.context, call.caller);
  if (before?.phase === "ringing" && call?.phase !== "ringing") ring.stop();
  if (call?.phase !== before?.phase) {
    audio.talking = TALK.has(call?.phase);
    if (!TALK.has(call?.phase) || !TALK.has(before?.phase)) panels.close(); // a form survives hold and resuming
    if (call?.phase === "ringing" || !call) audio.muted = false;
    if (call?.phase === "wrap_up" || !call) audio.clear();
    if (call?.phase === "wrap_up") draftSummary(call.id);
    if (!panels.name) focusFor(call?.phase);
  }
  if (call?.unseen && before?.id !== call.id) fetchHistory(call.id);
  draw();
}

function draw() {
  view.draw({ desk, agent, available, muted: audio.muted, microphone: Boolean(audio.capture), elsewhere });
  view.tick(desk, now());
  callbackList.show({ callbacks: desk.callbacks, ringing: desk.ringingBack }, new Date());
  supervising.watch(Boolean(agent) && supervisor && !desk.call);
}

/** Keyboard and screen reader are put where the next thing is to be done. */
function focusFor(phase) {
  const id = { ringing: "accept", briefing: "skip-brief", bridged: "mute" }[phase];
  requestAnimationFrame(() => (phase === "wrap_up" ? byId("dispositions").firstElementChild : byId(id))?.focus());
}

async function fetchHistory(id) {
  try {
    const entries = await session.journal(id);
    if (desk.call?.id === id) update({ ...desk, call: entries.reduce(withEntry, { ...desk.call, unseen: false }) });
  } catch {
    // A call that has no journal yet is told entry by entry anyway.
  }
}

async function draftSummary(id) {
  byId("summary").value = "";
  try {
    const text = await session.summary(id);
    if (desk.call?.id === id && !byId("summary").value) byId("summary").value = text;
  } catch {
    // Without a draft there is an empty page to write on.
  }
}

/** Whether there is sound both ways; if not, the page says why. */
async function soundOn() {
  try {
    await audio.start();
  } catch (error) {
    if (!(error instanceof MicrophoneError)) throw error;
    view.problem(error.message);
    return false;
  }
  return true;
}

/** Join a call as a supervisor. */
async function listen(call) {
  if (await soundOn()) supervise(call, "listen");
}

async function ringBack({ call }) {
  if ((await soundOn()) && connection.send("ring_back", { call })) update(ringingBack(desk, call));
}

function supervise(call, role) {
  if (!connection.send("supervise", { call: call.call ?? call.id, role })) return;
  update(supervised(desk, { call: call.call ?? call.id, caller: call.caller, line: call.line }, role, now()));
}

async function setAvailable(wanted, problem = "") {
  view.problem(problem);
  if (wanted) {
    try {
      await audio.start();
    } catch (error) {
      if (!(error instanceof MicrophoneError)) throw error;
      view.problem(error.message);
      return;
    }
    if (elsewhere) connection.open();
    elsewhere = false;
  }
  available = wanted;
  connection.send("available", { available });
  draw();
}

function tell(type, fields = {}) {
  if (!connection.send(type, { call: desk.call.id, ...fields })) {
    update({ ...desk, notice: words.NOT_SENT });
    return false;
  }
  return true;
}

const actions = {
  accept: () => tell("accept"),
  decline: () => tell("decline") && update({ ...desk, call: null }),
  "skip-brief": () => tell("skip_brief"),
  "give-back": () => tell("hang_up") && update({ ...desk, call: null, notice: words.GIVEN_BACK }),
  "hang-up": () => tell("hang_up"),
  mute() {
    audio.muted = !audio.muted;
    tell("mute", { muted: audio.muted });
    draw();
  },
  hold: () => tell(desk.call.phase === "held" ? "resume" : "hold"),
  keys: () => panels.toggle("keys"),
  colleague: () => panels.toggle("colleague"),
  "pass-on": () => panels.toggle("passOn"),
  "to-bot": () => panels.toggle("bot"),
  promise: () => panels.toggle("promise"),
  leave: () => tell("leave"),
  "role-listen": () => supervise(desk.call, "listen"),
  "role-coach": () => supervise(desk.call, "coach"),
  "role-barge": () => supervise(desk.call, "barge"),
};

function wrapUp(disposition) {
  if (tell("wrap_up", { disposition, summary: byId("summary").value })) update(closed(desk, now(), disposition));
}

const KEYS = {
  ringing: { a: "accept", d: "decline" },
  briefing: { s: "skip-brief", H: "give-back" },
  bridged: { m: "mute", h: "hold", k: "keys", c: "colleague", p: "pass-on", b: "to-bot", n: "promise", l: "leave", H: "hang-up" },
};
KEYS.held = KEYS.bridged;

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !agent) return;
  if (event.key === "Escape") panels.close();
  if (event.target.closest("input, textarea, select")) return;
  const { call } = desk;
  if (!call) {
    if (event.key === "v") setAvailable(!available);
    return;
  }
  if (call.phase === "wrap_up") {
    const choice = words.DISPOSITIONS[Number(event.key) - 1];
    if (choice) wrapUp(choice[0]);
    return;
  }
  const action = KEYS[call.phase]?.[event.key];
  if (action && !byId(action).hidden) {
    event.preventDefault();
    actions[action]();
  }
}

function begin(name) {
  agent = name;
  desk = EMPTY;
  connection.open();
  draw();
}

async function onSignIn(event) {
  event.preventDefault();
  const form = event.target;
  view.signInProblem("");
  try {
    const name = await session.signIn(Object.fromEntries(new FormData(form)));
    form.reset();
    begin(name);
  } catch (error) {
    view.signInProblem(error.message);
    byId("password").select();
  }
}

async function onSignOut() {
  available = false;
  try {
    await session.signOut();
  } catch (error) {
    update({ ...desk, notice: error.message });
    return;
  }
  connection.close();
  view.link({ state: "idle" });
  agent = null;
  update(EMPTY);
}

/** The token of a one-time link, which is taken out of the address at once. */
function takeLink() {
  const link = new URLSearchParams(window.location.hash.slice(1)).get("link");
  if (link) window.history.replaceState(null, "", window.location.pathname);
  return link;
}

async function start() {
  const link = takeLink();
  try {
    const name = link ? await session.signIn({ link }) : await session.signedIn();
    if (name) begin(name);
  } catch (error) {
    view.signInProblem(error.message);
  }
  draw();
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("theme", theme);
}

function switchTheme() {
  const { theme } = document.documentElement.dataset;
  const dark = theme ? theme === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  setTheme(dark ? "light" : "dark");
}

for (const [id, action] of Object.entries(actions)) byId(id).addEventListener("click", action);
byId("sign-in").addEventListener("submit", onSignIn);
byId("sign-out").addEventListener("click", onSignOut);
byId("available").addEventListener("click", () => setAvailable(!available));
byId("by-phone").addEventListener("click", () => session.byPhone(true).catch((error) => view.problem(error.message)));
byId("theme").addEventListener("click", switchTheme);
byId("notice").addEventListener("click", () => update({ ...desk, notice: "" }));
document.addEventListener("keydown", onKey);
window.addEventListener("beforeunload", (event) => desk.call && event.preventDefault());
view.dispositions(wrapUp);
if (localStorage.getItem("theme")) setTheme(localStorage.getItem("theme"));
setInterval(() => view.tick(desk, now()), TICK);
start();
