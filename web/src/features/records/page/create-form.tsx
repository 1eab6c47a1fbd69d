import { type FormEvent, useRef, useState } from 'react';
import { attempt } from '@/lib/api/client';
import { Problem } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import type { Field, RecordType } from '@/lib/meta';
import { useCreateRecord } from '@/lib/records/queries';
import type { AnyRecord } from '@/lib/records/types';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/feedback';
import { Group, Stack } from '@/ui/layout';
import { toast } from '@/ui/toast';
import type { Draft } from '../fields/draft';
import { FieldInput } from '../fields/editor-input';
import { useActs } from './acts';
import classes from './create.module.css';
import { draftFor, type Drafts, keepDrafts, keptDrafts, readDrafts, usualFirst } from './create-draft';

const t = texts('record');
const common = texts('common');

interface CreateFormProps {
  type: RecordType;
  /** What was typed before stands in it again. */
  resumed: boolean;
  onStartOver: () => void;
  onCancel: () => void;
  onCreated: (record: AnyRecord) => void;
}

/** The faults of a refusal, by field; those of none stand above the form. */
function faultsOf(error: unknown, fields: readonly Field[]): Record<string, string> {
  if (!(error instanceof Problem)) return {};
  return Object.fromEntries(fields.flatMap((field) => {
    const message = error.faultOf(field.name);
    return message ? [[field.name, message]] : [];
  }));
}

export function CreateForm({ type, resumed, onStartOver, onCancel, onCreated }: CreateFormProps) {
  const fields = type.fields.filter((field) => field.kind !== 'custom' && !field.read_only);
  const { usual, others } = usualFirst(fields);
  const [drafts, setDrafts] = useState<Drafts>(() => keptDrafts(type.plural));
  const [all, setAll] = useState(() => others.some((field) => field.name in drafts));
  const [faults, setFaults] = useState<Record<string, string>>({});
  const create = useCreateRecord(type.plural);
  const acts = useActs(type.plural);
  /** Names what is in the form: sent twice, it is created once. */
  const as = useRef<ReturnType<typeof attempt>>(null);
  const making = useRef<Promise<unknown>>(Promise.resolve());
  const form = useRef<HTMLFormElement>(null);
  const latest = useRef(drafts);

  const change = (field: Field, draft: Draft) => {
    as.current = null;
    latest.current = { ...latest.current, [field.name]: draft };
    setDrafts(latest.current);
    keepDrafts(type.plural, latest.current);
    setFaults((before) => Object.fromEntries(Object.entries(before).filter(([name]) => name !== field.name)));
  };

  /** Shows what is wrong, and goes to the first of it. */
  const complain = (found: Record<string, string>) => {
    setFaults(found);
    if (others.some((field) => field.name in found)) setAll(true);
    setTimeout(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };

  const send = async () => {
    // A tag that is being made belongs to the record.
    await making.current;
    const read = readDrafts(fields, latest.current);
    const unfinished = [...(form.current?.querySelectorAll('input') ?? [])].find((input) => input.validity.badInput);
    if (unfinished) return unfinished.focus();
    if (Object.keys(read.faults).length > 0) return complain(read.faults);
    as.current ??= attempt();
    create.mutate(
      { values: read.values, as: as.current },
      {
        onSuccess: (record) => {
          onCreated(record);
          toast.undoable(t('createdToast', { name: record.label }), () => acts.remove(record));
        },
        // A fault of a field that nobody has seen yet stands above the form.
        onError: (error) => complain(faultsOf(error, fields.filter((field) => usual.includes(field) || field.name in latest.current))),
      },
    );
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!create.isPending) void send();
  };

  const placed = create.error instanceof Problem && create.error.faults.length > 0 && create.error.faults.every((fault) => (fault.pointer.split('/')[1] ?? '') in faults);
  const input = (field: Field, first: boolean) => (
    <div key={field.name} className={field.kind === 'long_text' ? classes.whole : undefined}>
      <FieldInput
        field={field}
        draft={draftFor(drafts, field)}
        onDraft={(draft) => change(field, draft)}
        hold={(work) => {
          making.current = Promise.allSettled([making.current, work]);
        }}
        error={faults[field.name]}
        autoFocus={first}
      />
    </div>
  );

  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="md">
        {resumed && (
          <Group justify="space-between" className={classes.resumed ?? ''}>
            <span>{t('resumed')}</span>
            <Button variant="subtle" onClick={onStartOver}>
              {t('startOver')}
            </Button>
          </Group>
        )}
        {create.error && !placed && <ProblemNotice error={create.error} />}
        <div className={classes.grid}>{usual.map((field, at) => input(field, at === 0))}</div>
        {all && <div className={classes.grid}>{others.map((field) => input(field, false))}</div>}
        {others.length > 0 && (
          <div>
            <Button variant="subtle" aria-expanded={all} onClick={() => setAll(!all)}>
              {all ? t('fewerFields') : t('allFields', { count: others.length })}
            </Button>
          </div>
        )}
        <Group justify="flex-end" gap="sm" className={classes.foot ?? ''}>
          <Button variant="default" onClick={onCancel}>
            {common('cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {common('create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
