// A form for the fields of a record, made from the catalogue that the server sends.

import { field, fill, h, select } from "./dom.js";
import * as notice from "./notice.js";

const SECTIONS = { personal: "Person", company: "Company", company_details: "Company in figures", location: "Address", company_location: "Company address", social: "On the web", working: "Working", custom: "Custom fields" };

export const section = (name) => SECTIONS[name] ?? name;

/** Fields that a plain form can edit. */
const editable = (def) => !["link", "custom", "time"].includes(def.kind);

function control(meta, def, it) {
  const name = def.name;
  switch (def.kind) {
    case "long_text":
      return h("textarea", { name, maxlength: def.max, value: it ?? "" });
    case "boolean":
      return select([["", "–"], ["true", "Yes"], ["false", "No"]], it === null || it === undefined ? "" : String(it), { name });
    case "date":
      return h("input", { type: "date", name, value: it ?? "" });
    case "integer":
      return h("input", { type: "number", step: 1, min: def.min, max: def.max, name, value: it ?? "" });
    case "choice": {
      const values = meta.picklists.find((one) => one.name === def.list).values;
      return select([["", "–"], ...values.filter((one) => !one.archived || one.id === it?.id).map((one) => [one.id, one.label])], it?.id ?? "", { name });
    }
    case "member":
      return select([["", "–"], ...meta.members.map((one) => [one.id, one.display_name])], it?.id ?? "", { name });
    case "email":
      return h("input", { type: "email", name, value: it ?? "", maxlength: 254 });
    case "phone":
      return h("input", { type: "tel", name, value: it ?? "", maxlength: 50 });
    case "url":
      return h("input", { type: "text", inputmode: "url", name, value: it ?? "", maxlength: 2000 });
    default:
      return h("input", { type: "text", name, value: it ?? "", maxlength: def.max });
  }
}

function group(meta, def, it, fault) {
  if (def.kind === "choices") {
    const values = meta.picklists.find((one) => one.name === def.list).values;
    const chosen = new Set((it ?? []).map((one) => one.id));
    const shown = values.filter((one) => !one.archived || chosen.has(one.id));
    if (!shown.length) return null;
    return h("fieldset", {}, h("legend", {}, def.label), h("div", { class: "checks" }, shown.map((one) => h("label", {}, h("input", { type: "checkbox", name: def.name, value: one.id, checked: chosen.has(one.id) }), one.label))));
  }
  if (def.kind === "money") {
    return h("div", { class: "row" },
      field(def.label, h("input", { type: "number", step: "0.01", min: 0, name: def.name, value: it ? it.amount / 100 : "" }), { fault }),
      field("Currency", h("input", { name: `${def.name}:currency`, maxlength: 3, pattern: "[A-Za-z]{3}", value: it?.currency ?? "EUR" })));
  }
  return field(def.label, control(meta, def, it), { fault });
}

/** What the form says now, in the API's terms. */
function read(form, defs) {
  const data = new FormData(form);
  const values = {};
  for (const def of defs) {
    const text = (data.get(def.name) ?? "").toString().trim();
    if (def.kind === "choices") values[def.name] = data.getAll(def.name);
    else if (text === "") values[def.name] = null;
    else if (def.kind === "boolean") values[def.name] = text === "true";
    else if (def.kind === "integer") values[def.name] = Number(text);
    else if (def.kind === "money") values[def.name] = { amount: Math.round(Number(text) * 100), currency: data.get(`${def.name}:currency`).toString().toUpperCase() };
    else values[def.name] = text;
  }
  return values;
}

/**
 * Shows a form. Only what was changed is sent. `record` is what is edited, or nothing for a new one.
 */
export function show(main, meta, type, { title, record = {}, send, saved, cancelled }) {
  const defs = type.fields.filter(editable);
  const draw = (values, faults) => {
    const sections = [...new Set(defs.map((def) => def.section))];
    const submit = h("button", { class: "main" }, "Save");
    const form = h(
      "form",
      {
        class: "card",
        onsubmit: async (event) => {
          event.preventDefault();
          const now = read(form, defs);
          const before = JSON.parse(start);
          const changed = Object.fromEntries(Object.entries(now).filter(([name, it]) => JSON.stringify(it) !== JSON.stringify(before[name])));
          submit.disabled = true;
          notice.clear();
          try {
            saved((await send(changed)).body);
          } catch (problem) {
            notice.tell(problem);
            mark(form, problem.errors ?? []);
            submit.disabled = false;
          }
        },
      },
      h("h1", {}, title),
      sections.map((name, index) => h("details", { open: index === 0 || name === "working" }, h("summary", {}, section(name)), h("div", { class: "grid" }, defs.filter((def) => def.section === name).map((def) => group(meta, def, values[def.name], faults[def.name]))))),
      h("div", { class: "row" }, submit, h("button", { type: "button", onclick: cancelled }, "Cancel")),
    );
    fill(main, form);
    const start = JSON.stringify(read(form, defs));
    form.querySelector("input")?.focus();
  };
  draw(record, {});
}

/** Puts the server's findings beside the fields that they are about. */
function mark(form, errors) {
  form.querySelectorAll(".fault").forEach((one) => one.remove());
  form.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
  let first = null;
  for (const error of errors) {
    const control = form.querySelector(`[name="${CSS.escape(error.pointer.split("/")[1] ?? "")}"]`);
    if (!control) continue;
    control.setAttribute("aria-invalid", "true");
    const id = `${control.id}-fault`;
    control.setAttribute("aria-describedby", id);
    control.after(h("p", { class: "fault", id }, error.message));
    control.closest("details").open = true;
    first ??= control;
  }
  first?.focus();
}
