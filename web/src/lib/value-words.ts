import { moment, money, type Money } from './format';
import { texts } from './i18n';

const t = texts('common');
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** A value of any field in words, where no catalogue tells what the field is: it goes by what the value is. */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined || value === '') return t('nothing');
  if (typeof value === 'boolean') return value ? t('yes') : t('no');
  if (typeof value === 'string') return MOMENT.test(value) ? moment(value) : value;
  if (Array.isArray(value)) return value.length > 0 ? value.map(valueWords).join(', ') : t('nothing');
  if (typeof value !== 'object') return String(value);
  if ('label' in value) return String(value.label);
  if ('amount' in value && 'currency' in value) return money(value as Money);
  return Object.entries(value).map(([name, each]) => `${name}: ${valueWords(each)}`).join(', ');
}
