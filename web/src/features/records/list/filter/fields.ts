import { textOf, texts } from '@/lib/i18n';
import type { Field, RecordType } from '@/lib/meta';
import { systemLabel } from '../model/columns';

const t = texts('list');

/** Kinds of the fields that every record has. */
const SYSTEM_KINDS: Record<string, string> = { created_at: 'time', updated_at: 'time', created_by: 'member', updated_by: 'member' };

const PLAIN = { section: '', read_only: true, personal: false, sortable: false, filterable: true, searchable: false, importable: false, custom: false };

/** The fields that a list of the type can be filtered by. */
export function filterFields(type: RecordType): Field[] {
  const own = type.fields.filter((field) => field.operators.length > 0);
  const system = type.system_fields.flatMap((field): Field[] => {
    const kind = SYSTEM_KINDS[field.name];
    return kind && field.operators.length > 0 ? [{ ...PLAIN, name: field.name, label: systemLabel(field.name), kind, operators: field.operators }] : [];
  });
  return [...own, ...system];
}

/** Operators that no sensible question of that kind needs: nobody asks for one microsecond. */
const SENSELESS: Record<string, readonly string[]> = {
  time: ['eq', 'ne', 'in'],
  date: ['in'],
  integer: ['in'],
  money: ['in'],
  link: ['in'],
};

/** The operators to offer, with the one that is there. */
export function operatorsFor(field: Field, present: string): string[] {
  const senseless = SENSELESS[field.kind] ?? [];
  return field.operators.filter((op) => op === present || !senseless.includes(op));
}

/** The operator that a new condition begins with: the one that people mean most. */
export function firstOperator(field: Field): string {
  const liked = { text: 'contains', email: 'contains', url: 'contains', phone: 'contains', choices: 'in', choice: 'in', time: 'within_last', date: 'within_last', integer: 'gte', money: 'gte' }[field.kind];
  return liked && field.operators.includes(liked) ? liked : (field.operators[0] ?? 'eq');
}

/** An operator in words, which depend on what it compares. */
export function operatorLabel(op: string, kind: string): string {
  const group = kind === 'date' || kind === 'time' ? 'moment' : kind === 'choices' ? 'set' : null;
  return (group && textOf('list', `op_${group}_${op}`)) ?? textOf('list', `op_${op}`) ?? t('operator');
}
