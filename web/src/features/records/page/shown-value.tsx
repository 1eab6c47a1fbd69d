import { texts } from '@/lib/i18n';
import type { Field, RecordType } from '@/lib/meta';
import { isMoney, isReference } from '../fields/draft';
import { FieldValue } from '../fields/value';
import classes from './record.module.css';
import { customKey, isBlank, type Path } from './values';

const t = texts('record');

function kindOf(value: unknown): string {
  if (isReference(value)) return 'member';
  if (isMoney(value)) return 'money';
  if (Array.isArray(value) && value.some(isReference)) return 'choices';
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'number' ? 'integer' : 'text';
}

/** The field at a path; custom values, and fields that are no more, go by what they hold. */
export function fieldAt(type: RecordType, path: Path, label: string, value: unknown): Field {
  const known = customKey(path) === null ? type.fields.find((field) => field.name === path) : undefined;
  return (
    known ?? {
      name: path, label, kind: kindOf(value), section: 'custom', read_only: false, personal: true, sortable: false,
      filterable: false, searchable: false, importable: false, custom: true, operators: [],
    }
  );
}

/** A list of texts on a line. */
const asLine = (value: unknown): unknown =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string') ? value.join(', ') : value;

interface ShownValueProps {
  type: RecordType;
  path: Path;
  label: string;
  value: unknown;
  /** A dash will do where there is nothing; it is read as the word. */
  dash?: boolean;
}

/** A value as people read it, wherever it stands; a word where there is none. */
export function ShownValue({ type, path, label, value, dash = false }: ShownValueProps) {
  if (isBlank(value)) {
    return (
      <span className={classes.nothing}>
        {dash && <span aria-hidden>–</span>}
        <span className={dash ? 'visually-hidden' : undefined}>{t('empty')}</span>
      </span>
    );
  }
  return <FieldValue field={fieldAt(type, path, label, value)} value={asLine(value)} />;
}
