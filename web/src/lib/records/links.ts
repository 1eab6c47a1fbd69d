import type { RecordType } from '@/lib/meta';

/** The field of a record type that holds values of a pick-list, with the operator that finds one. */
export function fieldWithList(type: RecordType, list: string): { field: string; op: string } | undefined {
  const field = type.fields.find((each) => each.list === list && each.filterable);
  const op = field?.operators.find((each) => each === 'eq' || each === 'in' || each === 'contains');
  return field && op ? { field: field.name, op } : undefined;
}

/** The address of the records of a type that have a value of a pick-list; none if it cannot be filtered. */
export function recordsWithValue(type: RecordType, list: string, value: string): string | undefined {
  const found = fieldWithList(type, list);
  if (!found) return undefined;
  const condition = { ...found, value: found.op === 'in' ? [value] : value };
  return `/${type.plural}?filter=${encodeURIComponent(JSON.stringify({ all: [condition] }))}`;
}
