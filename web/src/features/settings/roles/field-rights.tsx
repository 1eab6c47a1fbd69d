import { useState } from 'react';
import { texts } from '@/lib/i18n';
import { useMeta, type RecordType } from '@/lib/meta';
import type { FieldAccess, Restrictions } from '@/lib/rights/types';
import { NativeSelect, Select } from '@/ui/inputs';
import { Title } from '@/ui/text';
import classes from './matrix.module.css';
import { accessWord } from './words';

const t = texts('settings');
const ACCESSES: FieldAccess[] = ['full', 'read_only', 'hidden'];

interface Props {
  fields: Restrictions;
  readOnly: boolean;
  set: (recordType: string, field: string, access: FieldAccess) => void;
}

/** The fields that a role restricts, by record type. */
export function FieldRights({ fields, readOnly, set }: Props) {
  const { record_types: types } = useMeta();
  return (
    <div className={classes.fields}>
      {types.map((type) => (
        <TypeFields key={type.name} type={type} restricted={fields[type.name] ?? {}} readOnly={readOnly} set={(field, access) => set(type.name, field, access)} />
      ))}
    </div>
  );
}

interface TypeProps {
  type: RecordType;
  restricted: Readonly<Record<string, FieldAccess>>;
  readOnly: boolean;
  set: (field: string, access: FieldAccess) => void;
}

function TypeFields({ type, restricted, readOnly, set }: TypeProps) {
  // A field that is free again stays on the page until it is saved, where it was.
  const [touched, setTouched] = useState<string[]>([]);
  const labelOf = (name: string) => type.fields.find((field) => field.name === name)?.label ?? name;
  const shown = [...new Set([...Object.keys(restricted), ...touched])].sort((a, b) => labelOf(a).localeCompare(labelOf(b)));
  const choose = (field: string, access: FieldAccess) => {
    setTouched((before) => [...before, field]);
    set(field, access);
  };
  const free = type.fields.filter((field) => !shown.includes(field.name)).map((field) => ({ value: field.name, label: field.label }));
  return (
    <section aria-label={type.label_plural}>
      <Title order={3}>{type.label_plural}</Title>
      {shown.length === 0 && <p>{t('fieldsAllFree')}</p>}
      {shown.map((field) => (
        <div key={field} className={classes.field}>
          <span>{labelOf(field)}</span>
          <NativeSelect aria-label={`${type.label}: ${labelOf(field)}`} disabled={readOnly} value={restricted[field] ?? 'full'} onChange={(event) => choose(field, event.currentTarget.value as FieldAccess)} data={ACCESSES.map((access) => ({ value: access, label: accessWord(access) }))} />
        </div>
      ))}
      {!readOnly && (
        <Select key={shown.join()} label={t('fieldRestrict')} aria-label={t('fieldRestrictOf', { type: type.label_plural })} placeholder={t('fieldChoose')} searchable maw={260} data={free} value={null} onChange={(field) => field && choose(field, 'read_only')} />
      )}
    </section>
  );
}
