import { ago, day, moment, money, number, type Money } from '@/lib/format';
import { texts } from '@/lib/i18n';
import type { Reference } from '@/lib/meta';
import { phoneText } from '@/lib/phone';

const t = texts('common');

/** What decides how a value is shown: fields of the catalogue have it, and those that every record has. */
export interface Shown {
  name: string;
  kind: string;
  link?: string | null;
}

export function isReference(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && 'id' in value && 'label' in value;
}

export function isMoney(value: unknown): value is Money {
  return typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value;
}

/** Whether there is nothing to show: no value, no characters, no members. */
export function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** The name of a language from its tag, such as "German" from `de`; the tag itself if it is unknown. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(navigator.language, { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** A web address without what everybody can think. */
export function shortUrl(url: string): string {
  return url.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '');
}

/** The name of what is referred to; empty if it is not the reader's to see. */
const nameOf = (value: unknown): string => (isReference(value) ? value.label : '');

/** A value in words, for names of controls, toasts and places without room for more. */
export function plainValue(field: Shown, value: unknown): string {
  if (isEmpty(value)) return '';
  switch (field.kind) {
    case 'money':
      return isMoney(value) ? money(value) : '';
    case 'integer':
      return typeof value === 'number' ? number(value) : String(value);
    case 'date':
      return day(String(value));
    case 'time':
      return moment(String(value));
    case 'boolean':
      return value === true ? t('yes') : t('no');
    case 'choices':
      return Array.isArray(value) ? value.map(nameOf).filter(Boolean).join(', ') : '';
    case 'choice':
    case 'member':
    case 'link':
      return nameOf(value);
    case 'language':
      return languageName(String(value));
    case 'phone':
      return phoneText(String(value));
    case 'url':
      return shortUrl(String(value));
    default:
      return typeof value === 'object' ? '' : String(value);
  }
}

/** A moment as people read it: relative while it is near, the day when it is far. */
export function nearMoment(iso: string, now: number = Date.now()): string {
  const days = Math.abs(now - new Date(iso).getTime()) / 86_400_000;
  return days < 30 ? ago(iso, now) : day(iso.slice(0, 10));
}
