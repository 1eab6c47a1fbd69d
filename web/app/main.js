// Starts the page: finds out who is here, then shows what the address names.

import * as api from "./api.js";
import { fill, h } from "./dom.js";
import * as header from "./header.js";
import * as list from "./list.js";
import * as notice from "./notice.js";
import * as record from "./record.js";
import * as session from "./session.js";
import { where } from "./state.js";

const main = document.getElementById("main");
let meta = null;
let current = null;

async function start() {
  try {
    if (session.link(main)) return;
    if (await api.refresh()) await entered();
    else outside();
  } catch (problem) {
    fill(main, h("p", {}, "Hindsight cannot be shown at the moment."));
    notice.tell(problem);
  }
}

function outside() {
  meta = null;
  current?.abort();
  main.inert = false;
  header.hide();
  notice.clear();
  document.title = "Hindsight";
  session.show(main, () => entered().catch(notice.tell));
}

async function entered() {
  const [about, me] = await Promise.all([api.request("GET", "/meta"), api.request("GET", "/users/me")]);
  meta = { ...about.body, me: me.body };
  await show();
}

/** Shows what the address names. What was under way before is stopped. */
async function show() {
  if (!meta) return;
  current?.abort();
  current = new AbortController();
  const { plural, id } = where();
  const type = meta.record_types.find((one) => one.plural === plural) ?? meta.record_types[0];
  header.show(meta, type, outside);
  document.title = `${type.label_plural} – Hindsight`;
  // What is still there belongs to the address before; nothing of it may be pressed any more.
  const mine = current.signal;
  main.inert = true;
  try {
    if (id) await record.show(main, meta, type, id, current.signal);
    else await list.show(main, meta, type, current.signal);
  } catch (problem) {
    if (problem.name === "AbortError") return;
    if (problem.status === 404) fill(main, h("div", { class: "card" }, h("h1", {}, "Not there"), h("p", {}, "This record does not exist at this moment, or it is not yours to see."), h("a", { class: "button", href: `#/${type.plural}` }, "Back to the list")));
    else fill(main, h("div", { class: "card" }, h("p", {}, "This cannot be shown."), h("button", { type: "button", onclick: show }, "Try again")));
    if (problem.status !== 404) notice.tell(problem);
  } finally {
    if (!mine.aborted) main.inert = false;
  }
}

api.whenSessionEnds(outside);
addEventListener("hashchange", () => {
  notice.clear();
  scrollTo(0, 0);
  show().then(() => main.focus({ preventScroll: true }));
});
start();
