/** What somebody types into an editor, before it is a value: kinds of fields in, values out. */
import { minorDigits, minorUnits, type Money } from '@/lib/format';
import { texts } from '@/lib/i18n';
import type { Field, Reference } from '@/lib/meta';

const t = texts('record');

/** An amount as it is typed. */
export interface MoneyDraft {
  typed: string;
  currency: string;
}

/** Text for what is typed; references for what is chosen; `null` for nothing chosen. */
export type Draft = string | null | Reference | readonly Reference[] | MoneyDraft;

/** A value to send (`wire`), the same as records carry it (`shown`); or what is wrong with the draft. */
export type Parsed = { ok: true; wire: unknown; shown: unknown } | { ok: false; fault: string };

export const isReference = (value: unknown): value is Reference =>
  typeof value === 'object' && value !== null && 'id' in value && 'label' in value;

export const isMoney = (value: unknown): value is Money =>
  typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value;

/** The currency for an amount where there was none: the last one that was used. */
let usualCurrency = 'EUR';

/** An amount of minor units as one would type it. */
export function amountText({ amount, currency }: Money): string {
  const digits = minorDigits(currency);
  const text = String(Math.abs(amount)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${amount < 0 ? '-' : ''}${whole}${digits > 0 ? `.${text.slice(-digits)}` : ''}`;
}

/** A moment as `datetime-local` wants it: in the time zone of the browser, to the minute. */
export function localMinute(iso: string): string {
  const at = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The draft that an editor begins with. */
export function draftOf(field: Field, value: unknown): Draft {
  switch (field.kind) {
    case 'choice':
    case 'member':
    case 'link':
      return isReference(value) ? value : null;
    case 'choices':
      return Array.isArray(value) ? value.filter(isReference) : [];
    case 'money':
      return isMoney(value) ? { typed: amountText(value), currency: value.currency } : { typed: '', currency: usualCurrency };
    case 'boolean':
      return typeof value === 'boolean' ? (value ? 'yes' : 'no') : '';
    case 'time':
      return typeof value === 'string' ? localMinute(value) : '';
    case 'texts':
      return Array.isArray(value) ? value.join('\n') : '';
    default:
      return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  }
}

/** Whether a draft says nothing. */
export function isEmpty(draft: Draft): boolean {
  if (draft === null) return true;
  if (typeof draft === 'string') return draft.trim() === '';
  if (Array.isArray(draft)) return draft.length === 0;
  return 'typed' in draft && draft.typed.trim() === '';
}

const same = (value: unknown): Parsed => ({ ok: true, wire: value, shown: value });

function parseInteger(field: Field, typed: string): Parsed {
  const match = /^[-−]?(\d{1,3}(?:[ '’.,\u00a0\u202f]\d{3})+|\d+)$/.exec(typed.trim());
  if (!match) return { ok: false, fault: t('notWholeNumber') };
  const value = Number(typed.replace('−', '-').replace(/[^\d-]/g, ''));
  const [least, most] = field.range ?? [];
  if (!Number.isSafeInteger(value) || (least !== undefined && value < least) || (most !== undefined && value > most)) {
    return { ok: false, fault: least === undefined || most === undefined ? t('outOfRange') : t('between', { least, most }) };
  }
  return same(value);
}

/** A number that may have a fraction, of a custom value. */
function parseNumber(typed: string): Parsed {
  const value = Number(typed.trim().replace(/[ '’\u00a0\u202f]/g, '').replace(',', '.').replace('−', '-'));
  return Number.isFinite(value) ? same(value) : { ok: false, fault: t('notNumber') };
}

function parseMoney({ typed, currency }: MoneyDraft): Parsed {
  const amount = minorUnits(typed, currency);
  if (amount === null) return { ok: false, fault: t('notAnAmount', { currency }) };
  usualCurrency = currency;
  return same({ amount, currency });
}

/** The value that a draft stands for. The server has the last word on it. */
export function parse(field: Field, draft: Draft): Parsed {
  if (isEmpty(draft)) return same(null);
  if (draft === null) return same(null);
  if (typeof draft !== 'string') {
    if (Array.isArray(draft)) return { ok: true, wire: draft.map((each: Reference) => each.id), shown: draft };
    if ('typed' in draft) return parseMoney(draft);
    return { ok: true, wire: (draft as Reference).id, shown: draft };
  }
  switch (field.kind) {
    case 'integer':
      return parseInteger(field, draft);
    case 'number':
      return parseNumber(draft);
    case 'texts':
      return same(draft.split('\n').map((line) => line.trim()).filter(Boolean));
    case 'boolean':
      return same(draft === 'yes');
    case 'time': {
      const at = new Date(draft);
      return Number.isNaN(at.getTime()) ? { ok: false, fault: t('wholeDate') } : same(at.toISOString());
    }
    case 'long_text':
      return same(draft.replace(/\s+$/, ''));
    default:
      return same(draft.trim());
  }
}

/** A value of a record in the form in which commands take it: references by their ids. */
export function toWire(value: unknown): unknown {
  if (isReference(value)) return value.id;
  if (Array.isArray(value)) return value.map(toWire);
  return value ?? null;
}

/** Whether two drafts say the same. */
export function sameDraft(one: Draft, other: Draft): boolean {
  return JSON.stringify(bare(one)) === JSON.stringify(bare(other));
}

function bare(draft: Draft): unknown {
  if (isReference(draft)) return draft.id;
  if (Array.isArray(draft)) return draft.map((each: Reference) => each.id).sort();
  // An amount that is not there has no currency either.
  if (draft !== null && typeof draft === 'object' && 'typed' in draft && draft.typed.trim() === '') return '';
  return draft;
}
