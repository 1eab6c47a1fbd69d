// One record: its fields, its history, and what may be done with it.

import * as api from "./api.js";
import { fill, h } from "./dom.js";
import * as form from "./form.js";
import { time, value } from "./format.js";
import * as notice from "./notice.js";
import { moment, to } from "./state.js";

export async function show(main, meta, type, id, signal) {
  const past = moment();
  const query = past ? `?as_of=${encodeURIComponent(past)}` : "";
  const [record, history] = await Promise.all([
    api.request("GET", `/${type.plural}/${id}${query}`, { signal }),
    api.request("GET", `/${type.plural}/${id}/history?limit=50${past ? `&as_of=${encodeURIComponent(past)}` : ""}`, { signal }),
  ]);
  draw(main, meta, type, record.body, history.body, Boolean(past));
}

function draw(main, meta, type, record, history, past) {
  const again = () => dispatchEvent(new HashChangeEvent("hashchange"));
  const act = (verb, path, said) => async () => {
    try {
      await api.request(verb, `/${type.plural}/${record.id}${path}`, { body: verb === "POST" ? {} : undefined, headers: { "If-Match": `"${record.version}"` } });
      await show(main, meta, type, record.id);
      notice.say(said.text, said.undo && { label: "Undo", run: () => api.request("POST", `/${type.plural}/${record.id}/restore`, { body: {} }).then(() => show(main, meta, type, record.id)).then(notice.clear).catch(notice.tell) });
    } catch (problem) {
      notice.tell(problem);
    }
  };
  const edit = () => {
    notice.clear();
    form.show(main, meta, type, {
      title: `Edit ${record.label}`,
      record,
      send: (values) => api.request("PATCH", `/${type.plural}/${record.id}`, { body: values, headers: { "If-Match": `"${record.version}"` } }),
      saved: () => show(main, meta, type, record.id).then(() => notice.say("Saved.")),
      cancelled: again,
    });
  };

  const sections = [...new Set(type.fields.map((def) => def.section))]
    .map((name) => [name, type.fields.filter((def) => def.section === name && value(def.kind, record[def.name]) !== "")])
    .filter(([, defs]) => defs.length);

  fill(
    main,
    h("p", {}, h("a", { href: to(type.plural) }, `← ${type.label_plural}`)),
    h(
      "div",
      { class: "row between" },
      h("div", { class: "row" }, h("h1", {}, record.label), record.deleted && h("span", { class: "pill gone" }, "Deleted"), record.status && h("span", { class: "pill" }, record.status.label)),
      !past && h(
        "div",
        { class: "row" },
        record.allowed.edit && h("button", { type: "button", class: "main", onclick: edit }, "Edit"),
        record.allowed.delete && h("button", { type: "button", onclick: act("DELETE", "", { text: `${record.label} is deleted.`, undo: true }) }, "Delete"),
        record.allowed.restore && h("button", { type: "button", onclick: act("POST", "/restore", { text: `${record.label} is restored.` }) }, "Restore"),
      ),
    ),
    h(
      "div",
      { class: "two" },
      h("div", {}, sections.map(([name, defs]) => h("section", { class: "card" }, h("h2", {}, form.section(name)), h("dl", {}, defs.map((def) => h("div", {}, h("dt", {}, def.label), h("dd", {}, value(def.kind, record[def.name])))))))),
      h("section", { class: "card" }, h("h2", {}, "History"), h("ol", { class: "history" }, history.items.map((entry) => line(type, entry))), history.next_cursor && h("p", { class: "quiet small" }, "Older entries are not shown here.")),
    ),
  );
  document.title = `${record.label} – Hindsight`;
}

/** Beyond so many changed values, they are folded away. */
const MANY = 6;

/** One entry of the history, in words. */
function line(type, entry) {
  const kind = (name) => type.fields.find((def) => def.name === name)?.kind ?? "text";
  const changes = () => h(
    "ul",
    { class: "small" },
    entry.changes.map((change) => {
      const from = value(kind(change.field), change.from);
      const to = value(kind(change.field), change.to);
      return h("li", {}, `${change.label}: `, from && [h("del", {}, from), " → "], to ? h("ins", {}, to) : h("span", { class: "quiet" }, "empty"));
    }),
  );
  const source = entry.source ? ` from ${entry.source.file_name ?? "a file"}, row ${entry.source.row}` : "";
  return h(
    "li",
    {},
    h("p", {}, h("strong", {}, entry.summary), source),
    h("p", { class: "quiet small" }, `${entry.actor.name || "Hindsight"}, `, h("time", { datetime: entry.recorded_at }, time(entry.recorded_at))),
    entry.reason && h("p", { class: "small" }, `“${entry.reason}”`),
    entry.note && h("p", { class: "small" }, `“${entry.note}”`),
    entry.changes.length > MANY ? h("details", {}, h("summary", { class: "small" }, `${entry.changes.length} values`), changes()) : entry.changes.length > 0 && changes(),
  );
}
