// The one place where the page tells what happened.

import { fill, h } from "./dom.js";

const place = () => document.getElementById("notice");

export function clear() {
  fill(place());
}

/** Says something, perhaps with a way to take it back. */
export function say(text, action) {
  fill(place(), h("div", { class: "notice" }, h("p", {}, text), action && h("button", { type: "button", onclick: action.run }, action.label)));
}

/** Tells of a refusal or a failure, with the request's name for whoever looks into it. */
export function tell(problem) {
  const details = problem.errors?.map((error) => error.message) ?? [];
  fill(
    place(),
    h(
      "div",
      { class: "notice bad" },
      h("div", {}, h("p", {}, problem.message), details.map((detail) => h("p", { class: "small" }, detail)), problem.requestId && h("p", { class: "small" }, `Request ${problem.requestId}`)),
      h("button", { type: "button", onclick: clear }, "Close"),
    ),
  );
}
