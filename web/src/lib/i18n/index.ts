/**
 * The texts of the interface. Each part has its own catalogue in `en/`; another language is the same
 * files again in a folder of its own, registered at the start in place of these.
 */
import type * as en from './en';

type Catalogues = typeof en;
export type Namespace = keyof Catalogues;
/** A text, or its forms by the number in `{count}`, named as `Intl.PluralRules` names them. */
export type Message = string | { readonly one?: string; readonly other: string };
export type Values = Readonly<Record<string, string | number>>;
export type MessageKey<N extends Namespace> = keyof Catalogues[N] & string;

const registered: Partial<Record<Namespace, Record<string, Message>>> = {};
let plurals = new Intl.PluralRules('en');
let numbers = new Intl.NumberFormat('en');

/** Makes texts known; each entry point registers those of the parts that it is made of. */
export function register(texts: Partial<Record<Namespace, Record<string, Message>>>, language = 'en'): void {
  Object.assign(registered, texts);
  plurals = new Intl.PluralRules(language);
  numbers = new Intl.NumberFormat(language);
}

function form(message: Message, values: Values): string {
  if (typeof message === 'string') return message;
  const count = Number(values['count'] ?? 0);
  return plurals.select(count) === 'one' ? (message.one ?? message.other) : message.other;
}

/** Puts values in the place of `{names}`; numbers as the language writes them. */
export function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? numbers.format(value) : value;
  });
}

/** The texts of one part, by key. */
export function texts<N extends Namespace>(namespace: N) {
  return (key: MessageKey<N>, values: Values = {}): string => {
    const message = registered[namespace]?.[key];
    return message === undefined ? `${namespace}.${key}` : fill(form(message, values), values);
  };
}

/** The text of a key that comes from the server, such as a code; `undefined` if there is none. */
export function textOf(namespace: Namespace, key: string, values: Values = {}): string | undefined {
  const message = registered[namespace]?.[key];
  return message === undefined ? undefined : fill(form(message, values), values);
}
