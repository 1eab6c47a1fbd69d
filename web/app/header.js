// The top of the page: where one is, who one is, and which moment one looks at.

import * as api from "./api.js";
import { fill, h } from "./dom.js";
import * as notice from "./notice.js";
import { day } from "./format.js";
import { go, isoDay, to, where } from "./state.js";

const header = document.getElementById("header");
const banner = document.getElementById("banner");

export function hide() {
  header.hidden = true;
  fill(banner);
  document.body.classList.remove("past");
}

function look(date) {
  const { plural, id, params } = where();
  go(to(plural, id, { ...Object.fromEntries(params), as_of: date }));
}

function presets() {
  const now = new Date();
  return [
    ["Yesterday", new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)],
    ["Start of the month", new Date(now.getFullYear(), now.getMonth(), 1)],
    ["Start of the quarter", new Date(now.getFullYear(), now.getMonth() - (now.getMonth() % 3), 1)],
  ].map(([label, date]) => [isoDay(date), label]);
}

export function show(meta, type, left) {
  const asOf = where().params.get("as_of") ?? "";
  const picker = h("input", {
    type: "date", id: "as-of", value: asOf, max: isoDay(new Date()),
    onchange: (event) => look(event.target.value),
  });
  const preset = h(
    "select",
    { "aria-label": "Days to look back to", onchange: (event) => event.target.value && look(event.target.value) },
    h("option", { value: "" }, "Look back…"),
    presets().map(([value, label]) => h("option", { value }, label)),
  );
  header.hidden = false;
  fill(
    header,
    h(
      "div",
      { class: "top-inner" },
      h("a", { class: "brand", href: to("contacts") }, h("img", { src: "/app/icon.svg", alt: "" }), meta.organization.name || "Hindsight"),
      h("nav", { "aria-label": "Records" }, meta.record_types.map((one) => h("a", { href: to(one.plural), "aria-current": one.plural === type.plural && "page" }, one.label_plural))),
      h(
        "div",
        { class: "push" },
        h("div", { class: "when" }, h("label", { for: "as-of" }, "As of"), picker, preset),
        h("div", { class: "row who" }, h("span", { class: "quiet small" }, meta.me.display_name), h("button", { type: "button", onclick: () => api.leave().then(left, notice.tell) }, "Log out")),
      ),
    ),
  );
  document.body.classList.toggle("past", Boolean(asOf));
  fill(
    banner,
    asOf && h("div", {}, h("span", {}, `You see everything as it stood at the end of ${day(asOf)}. Nothing can be changed here.`), h("button", { type: "button", onclick: () => look("") }, "Back to now")),
  );
}
