import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { textOf, texts } from '@/lib/i18n';
import { type Field, type Reference, useMeta } from '@/lib/meta';
import { recordQuery } from '@/lib/records/queries';
import { MultiSelect, NumberInput, TagsInput, TextInput } from '@/ui/inputs';
import { draftOf, parse } from '../../fields/draft';
import { FieldInput } from '../../fields/editor-input';
import { shapeOf } from '../model/filter';
import classes from './filter.module.css';

const t = texts('list');
/** Texts are compared as they are typed: half an address is a good question. */
const TEXT = new Set(['text', 'long_text', 'email', 'phone', 'url']);

interface ValueProps {
  field: Field;
  value: unknown;
  onValue: (value: unknown) => void;
}

/** What a condition compares with, by the kind of its field and its operator. */
export function ValueInput({ field, op, value, onValue }: ValueProps & { op: string }) {
  switch (shapeOf(op, field.kind)) {
    case 'days':
      return <DaysInput value={value} onValue={onValue} />;
    case 'many':
      return TEXT.has(field.kind) || field.kind === 'language' ? (
        <TextsInput field={field} value={value} onValue={onValue} />
      ) : (
        <ManyInput field={field} value={value} onValue={onValue} />
      );
    case 'range':
      return <RangeInput field={field} value={value} onValue={onValue} />;
    case 'one':
      return <OneInput field={field} value={value} onValue={onValue} />;
  }
}

function DaysInput({ value, onValue }: Pick<ValueProps, 'value' | 'onValue'>) {
  return (
    <NumberInput
      aria-label={t('days')}
      className={classes.days ?? ''}
      min={1}
      max={366_000}
      allowDecimal={false}
      suffix={` ${t('days').toLowerCase()}`}
      value={typeof value === 'number' ? value : ''}
      onChange={(days) => onValue(typeof days === 'number' ? days : undefined)}
    />
  );
}

function TextsInput({ value, onValue }: ValueProps) {
  return <TagsInput aria-label={t('value')} className={classes.value ?? ''} value={Array.isArray(value) ? value.map(String) : []} onChange={onValue} acceptValueOnBlur />;
}

/** The values that a field can have, if they are few enough to be all here. */
function useOptions(field: Field): Reference[] {
  const meta = useMeta();
  if (field.kind === 'member') return meta.members.map(({ id, display_name: label }) => ({ id, label }));
  return meta.picklists.find((list) => list.name === field.list)?.values.map(({ id, label }) => ({ id, label })) ?? [];
}

function ManyInput({ field, value, onValue }: ValueProps) {
  const options = useOptions(field);
  return (
    <MultiSelect
      aria-label={t('value')}
      className={classes.value ?? ''}
      data={options.map(({ id, label }) => ({ value: id, label }))}
      value={Array.isArray(value) ? value.map(String) : []}
      onChange={onValue}
      searchable
      hidePickedOptions
      nothingFoundMessage={textOf('common', 'none') ?? ''}
    />
  );
}

function RangeInput({ field, value, onValue }: ValueProps) {
  const [from, to]: unknown[] = Array.isArray(value) ? value : [];
  return (
    <div className={classes.range} role="group" aria-label={t('value')}>
      <OneInput field={{ ...field, label: t('from') }} value={from} onValue={(next) => onValue([next ?? '', to ?? ''])} />
      <span aria-hidden>–</span>
      <OneInput field={{ ...field, label: t('to') }} value={to} onValue={(next) => onValue([from ?? '', next ?? ''])} />
    </div>
  );
}

function OneInput(props: ValueProps) {
  const { field, value, onValue } = props;
  const options = useOptions(field);
  if (TEXT.has(field.kind)) {
    return (
      <TextInput aria-label={t('value')} className={classes.value ?? ''} maxLength={300} value={typeof value === 'string' ? value : ''} onChange={(event) => onValue(event.currentTarget.value)} />
    );
  }
  if (field.kind === 'link') return <LinkValue {...props} />;
  const one = field.kind === 'choices' ? { ...field, kind: 'choice' } : field;
  const shown = one.kind === 'choice' || one.kind === 'member' ? (options.find((option) => option.id === value) ?? null) : value;
  return <Drafted field={one} shown={shown} onValue={onValue} />;
}

/** A value that is typed before it can be read: what is typed stays, read or not. */
function Drafted({ field, shown, onValue }: { field: Field; shown: unknown; onValue: ValueProps['onValue'] }) {
  const [draft, setDraft] = useState(() => draftOf(field, shown));
  const read = parse(field, draft);
  return (
    <div className={classes.value}>
      <FieldInput
        field={field}
        draft={draft}
        onDraft={(next) => {
          setDraft(next);
          const parsed = parse(field, next);
          onValue(parsed.ok ? (parsed.wire ?? undefined) : undefined);
        }}
        error={read.ok ? undefined : read.fault}
        inline
      />
    </div>
  );
}

/** Another record; the address has only its id, so its name is read. */
function LinkValue({ field, value, onValue }: ValueProps) {
  const plural = useMeta().record_types.find((type) => type.name === field.link)?.plural;
  const id = typeof value === 'string' && value ? value : null;
  const found = useQuery({ ...recordQuery(plural ?? '', id ?? ''), enabled: plural !== undefined && id !== null });
  const [picked, setPicked] = useState<Reference | null>(null);
  const shown = picked && picked.id === id ? picked : id && found.data ? { id, label: found.data.label } : null;
  return (
    <div className={classes.value}>
      <FieldInput
        field={field}
        draft={shown}
        onDraft={(next) => {
          const reference = next && typeof next === 'object' && 'id' in next ? next : null;
          setPicked(reference);
          onValue(reference?.id);
        }}
        inline
      />
    </div>
  );
}
