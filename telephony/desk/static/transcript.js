// The conversation as it happens: who said what, how it sounded, what the bot decided and what was promised.

import { element } from "./elements.js";
import * as words from "./words.js";

const NEAR_END = 80; // pixels: reading this close to the end, one wants to see what comes

function speech(who, text, entry, extra = {}) {
  return { kind: "speech", who, text, at: entry.event.start ?? entry.t, ...extra };
}

const note = (text, tone, entry) => ({ kind: "note", text, tone, at: entry.t });

const facts = (pairs) =>
  Object.entries(pairs ?? {})
    .map(([name, value]) => `${words.plain(name)} ${value}`)
    .join(", ");

const LINES = {
  heard: (event, entry) => speech(event.who, event.text, entry, { partial: event.final === false }),
  said: (event, entry) =>
    speech(event.by, event.text, entry, { heard: event.heard ?? 1, fixed: Boolean(event.prompt) }),
  understood: (event, entry) =>
    event.request
      ? note(`Understood: ${words.plain(event.request)} (${Math.round(event.confidence * 100)} %)`, "bot", entry)
      : note("Not understood", "warn", entry),
  decided: (event, entry) => note(`Decided to ${words.plain(event.action)}: ${event.why}`, "bot", entry),
  looked_up: (event, entry) =>
    event.ok
      ? note(`Looked up ${words.plain(event.request)}: ${facts(event.facts)}`, "bot", entry)
      : note(`Could not look up ${words.plain(event.request)}: ${event.error}`, "warn", entry),
  promised: (event, entry) => note(`Promised: ${event.text} (${event.agent || event.clause})`, "promise", entry),
  given_back: (event, entry) =>
    note(`${event.agent} gave the call back to the bot${event.instruction && `: ${event.instruction}`}`, "state", entry),
  handed_on: (event, entry) => {
    const to = event.to_agent || event.to_skill;
    return note(`${event.agent} passed the call on${to && ` to ${to}`}${event.note && `: ${event.note}`}`, "state", entry);
  },
  guest_joined: (event, entry) => note(words.joined(event), "state", entry),
  guest_left: (event, entry) => note(words.parted(event), "state", entry),
  keys_sent: (event, entry) => note(`${event.agent} sent ${event.digits}`, "bot", entry),
  suggested: (event, entry) => note(`Help: ${event.text} (${event.source})`, "bot", entry),
  barged_in: (_event, entry) => note("The caller spoke over the bot", "bot", entry),
  went_on: (event, entry) => note(`The caller went on: ${event.text}`, "bot", entry),
  triggered: ({ trigger }, entry) =>
    note(words.because(trigger).filter(Boolean).join(": "), "alarm", entry),
  pressed: (event, entry) => note(`Pressed ${event.digit}`, "bot", entry),
  wait_told: (event, entry) => note(`Told while waiting: ${words.wait(event)}`, "bot", entry),
  line_stalled: (_event, entry) => note("Nothing comes from the caller's line", "warn", entry),
  line_back: (_event, entry) => note("The caller's line is back", "bot", entry),
  agent_unsteady: (event, entry) =>
    note(`The line of ${event.agent} is unsteady; the caller was asked for a moment`, "warn", entry),
  agent_steady: (event, entry) => note(`The line of ${event.agent} is back`, "bot", entry),
  worker_lost: (_event, entry) => note("The bot was lost; the line was not", "warn", entry),
  worker_joined: (event, entry) => (event.resumed ? note("The bot is back", "bot", entry) : null),
  accepted: (event, entry) => note(`${event.agent} takes the call`, "state", entry),
  bridged: (_event, entry) => note("Caller and agent are connected", "state", entry),
  agent_left: (event, entry) =>
    event.reason === "lost" ? note(`The line of ${event.agent} dropped`, "warn", entry) : null,
  call_ended: (_event, entry) => note("The call has ended", "state", entry),
};

function lineOf(entry) {
  return LINES[entry.event.kind]?.(entry.event, entry) ?? null;
}

/** A journal entry in one line of text; null where it has none. */
export function worded(entry) {
  return lineOf(entry)?.text ?? null;
}

function drawSpeech(line) {
  const meta = element("span", { class: "who" }, words.PARTIES[line.who] ?? line.who);
  const time = element("time", {}, words.clock(line.at));
  const cut = line.heard < 1 && element("small", {}, ` heard ${Math.round(line.heard * 100)} %`);
  const says = element("p", {}, line.text, cut);
  return element("div", { class: `turn ${line.who}${line.partial ? " partial" : ""}` }, meta, says, time);
}

export class Transcript {
  /** Draws into `container`, which scrolls; `excerpts` plays what was felt. */
  constructor(container, excerpts) {
    this.container = container;
    this.excerpts = excerpts;
    this.following = true;
    container.addEventListener("scroll", () => {
      this.following = container.scrollHeight - container.scrollTop - container.clientHeight < NEAR_END;
    });
    new ResizeObserver(() => this.#follow()).observe(container);
    this.reset(null);
  }

  /** Begin anew, for the call of that id. */
  reset(call) {
    this.excerpts.stop();
    this.call = call;
    this.drawn = new Map(); // seq to {node, at}
    this.order = [];
    this.following = true;
    this.container.replaceChildren();
  }

  /** Bring the page up to the call's entries. */
  show(call) {
    if (call.id !== this.call) this.reset(call.id);
    for (const entry of call.entries) {
      if (!this.drawn.has(entry.seq)) this.#add(entry);
    }
    this.#follow();
  }

  /** Bring entries into sight and make them stand out for a moment. */
  point(seqs) {
    const nodes = seqs.map((seq) => this.drawn.get(seq)?.node).filter(Boolean);
    nodes[0]?.scrollIntoView({ block: "center", behavior: "smooth" });
    for (const node of nodes) {
      node.classList.remove("pointed");
      requestAnimationFrame(() => node.classList.add("pointed"));
    }
  }

  #follow() {
    if (this.following) this.container.scrollTop = this.container.scrollHeight;
  }

  #add(entry) {
    const { event } = entry;
    if (event.kind === "felt") {
      this.drawn.set(entry.seq, { node: this.#feel(event) });
      return;
    }
    const line = lineOf(entry);
    if (line === null) {
      this.drawn.set(entry.seq, { node: null });
      return;
    }
    const node = line.kind === "speech" ? drawSpeech(line) : element("p", { class: `note ${line.tone}` }, line.text);
    if (event.kind === "heard") this.#dropPartial(event, node);
    this.drawn.set(entry.seq, { node });
    this.#place({ node, at: line.at, event });
  }

  /** Words are known after they were said; they stand where they were said. */
  #place(item) {
    let place = this.order.length;
    while (place > 0 && this.order[place - 1].at > item.at) place -= 1;
    this.container.insertBefore(item.node, this.order[place]?.node ?? null);
    this.order.splice(place, 0, item);
  }

  /** Words that have come again, surer or longer, replace those before; who points at these finds the new ones. */
  #dropPartial(event, node) {
    const same = ({ event: old }) =>
      old.kind === "heard" && old.final === false && old.who === event.who && old.start === event.start;
    for (const old of this.order.filter(same)) {
      old.node.remove();
      for (const drawn of this.drawn.values()) if (drawn.node === old.node) drawn.node = node;
    }
    this.order = this.order.filter((item) => !same(item));
  }

  #feel(felt) {
    const turn = this.order.findLast(
      ({ event }) =>
        event.kind === "heard" && event.who === "caller" && event.start < felt.end && event.end > felt.start,
    );
    if (!turn) return null;
    const why = felt.why?.join(", ") ?? "";
    const said = `${words.anger(felt.anger)} ${felt.anger.toFixed(2)}`;
    const label = `Hear it. Anger: ${said}. ${why}`;
    const chip = this.excerpts.button(this.call, felt, { class: "feeling", title: why, "aria-label": label }, said);
    chip.style.setProperty("--anger", felt.anger.toFixed(3));
    turn.node.querySelector(".feeling")?.remove();
    turn.node.querySelector("time").before(chip);
    return turn.node;
  }
}
