// The small forms above the buttons: keys, a colleague, passing on, back to the bot, a promise.

import { byId, element } from "./elements.js";
import * as session from "./session.js";
import * as words from "./words.js";

const KEYS = "123456789*0#";

function field(label, control) {
  return element("label", { class: "field" }, element("span", {}, label), control);
}

function textField(label, name, attributes = {}) {
  return field(label, element("input", { name, autocomplete: "off", maxlength: "500", ...attributes }));
}

export class Panels {
  /** `ask(type, fields)` sends what is asked for and returns whether it went out. */
  constructor(ask) {
    this.ask = ask;
    this.name = null;
    this.node = byId("panel");
    this.node.addEventListener("submit", (event) => this.#submitted(event));
  }

  /** Open the form of that name, or close it where it is open. */
  async toggle(name) {
    if (this.name === name) {
      this.close();
      return;
    }
    this.name = name;
    const form = await this[name]();
    if (this.name !== name) return; // closed meanwhile
    this.node.replaceChildren(form);
    this.node.hidden = false;
    form.querySelector(":scope > :not(.panel-head) :is(input, select, button)")?.focus();
  }

  close() {
    this.name = null;
    this.node.hidden = true;
    this.node.replaceChildren();
  }

  #form(title, type, ...content) {
    const cancel = element("button", { type: "button", class: "quiet" }, "Close ", element("kbd", {}, "Esc"));
    cancel.addEventListener("click", () => this.close());
    const head = element("div", { class: "panel-head" }, element("h2", {}, title), cancel);
    return element("form", { "data-type": type, autocomplete: "off" }, head, ...content);
  }

  #submitted(event) {
    event.preventDefault();
    const form = event.target;
    const fields = Object.fromEntries(new FormData(form, event.submitter));
    if ("verified" in fields) fields.verified = true;
    if (fields.promise) this.ask("promise", { text: fields.promise });
    delete fields.promise;
    if (this.ask(form.dataset.type, fields)) this.close();
  }

  keys() {
    const pad = [...KEYS].map((key) => {
      const button = element("button", { type: "button", class: "plain" }, key);
      button.addEventListener("click", () => this.ask("send_keys", { digits: key }));
      return button;
    });
    return this.#form("Send keys", "send_keys", element("div", { class: "pad" }, ...pad));
  }

  async colleague() {
    const buttons = (await colleagues()).map(({ name, free, doing }) =>
      element(
        "button",
        { type: "submit", class: "plain", name: "agent", value: name, disabled: !free },
        name,
        " ",
        element("small", { class: "soft" }, free ? "free" : words.doing(doing)),
      ),
    );
    const list = buttons.length ? buttons : [element("p", { class: "soft" }, "Nobody else is here.")];
    return this.#form("Bring in a colleague", "invite", element("div", { class: "choices" }, ...list));
  }

  async passOn() {
    const names = (await colleagues()).map(({ name }) => element("option", { value: name }, name));
    const whom = element("select", { name: "agent" }, element("option", { value: "" }, "Whoever is free"), ...names);
    return this.#form(
      "Pass the call on",
      "hand_on",
      field("To", whom),
      textField("Skill", "skill", { placeholder: "any", maxlength: "60" }),
      textField("What they should know", "note"),
      element("button", { type: "submit", class: "primary" }, "Pass on"),
    );
  }

  bot() {
    return this.#form(
      "Back to the bot",
      "give_back",
      textField("What it should do", "instruction", { placeholder: "Take the new address, then close" }),
      textField("What you have promised", "promise", { placeholder: "nothing more than is noted" }),
      element(
        "label",
        { class: "check" },
        element("input", { type: "checkbox", name: "verified" }),
        "I have made sure who the caller is",
      ),
      element("button", { type: "submit", class: "primary" }, "Give to the bot"),
    );
  }

  promise() {
    return this.#form(
      "Note a promise",
      "promise",
      textField("You have promised", "text", { required: true }),
      element("button", { type: "submit", class: "primary" }, "Note it"),
    );
  }
}

async function colleagues() {
  try {
    return (await session.floor()).colleagues;
  } catch {
    return [];
  }
}
