// Making elements. Text only ever becomes text nodes, so nothing that people typed is markup.

/** An element with attributes (`on…` are listeners) and children. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Replaces what is inside an element. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(2).filter(Boolean));
}

let ids = 0;

/** A labelled control; the label and the fault are tied to it. */
export function field(label, control, { fault = "", wide = false, hint = "" } = {}) {
  control.id ||= `f${++ids}`;
  const notes = [];
  if (hint) notes.push(h("p", { class: "quiet small", id: `${control.id}-hint` }, hint));
  if (fault) {
    control.setAttribute("aria-invalid", "true");
    notes.push(h("p", { class: "fault", id: `${control.id}-fault` }, fault));
  }
  if (notes.length) control.setAttribute("aria-describedby", notes.map((note) => note.id).join(" "));
  return h("div", { class: wide ? "field wide" : "field" }, h("label", { for: control.id }, label), control, notes);
}

/** A drop-down list; options are `[value, label]`. */
export function select(options, chosen, attributes = {}) {
  return h("select", attributes, options.map(([value, label]) => h("option", { value, selected: value === chosen }, label)));
}
