import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { number } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { type Field, type RecordType, useChoices } from '@/lib/meta';
import { records } from '@/lib/records/api';
import { keys } from '@/lib/records/queries';
import type { BulkBody, BulkPreview } from '@/lib/records/types';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/feedback';
import { Checkbox, MultiSelect, SegmentedControl, Select } from '@/ui/inputs';
import { Group, Stack } from '@/ui/layout';
import { Modal } from '@/ui/overlays';
import { draftOf, isEmpty, parse } from '../../fields/draft';
import { FieldInput } from '../../fields/editor-input';
import { type Act, doOf } from './act';
import classes from './bulk.module.css';

const t = texts('list');
const common = texts('common');

/** What is being asked for. */
export type Asking = 'set' | 'assign' | 'tags' | 'delete';

interface BulkDialogProps {
  asking: Asking;
  type: RecordType;
  select: BulkBody['select'];
  /** The fields to choose from; one needs no choosing. */
  fields: readonly Field[];
  onRun: (act: Act) => void;
  onClose: () => void;
}

type Preview = UseQueryResult<BulkPreview>;

/** How many it would be, exactly, which no value makes more or fewer. */
function usePreview(plural: string, select: BulkBody['select'], act: Act): Preview {
  const body = { select, do: doOf(act) };
  return useQuery({
    queryKey: [...keys.all(plural), 'bulk', body],
    queryFn: ({ signal }) => records.previewBulk(plural, body, signal),
    staleTime: 0,
    gcTime: 0,
  });
}

/** The act that stands for all that could be chosen, to count by. */
function standIn(asking: Asking, field: Field | undefined): Act {
  if (asking === 'delete' || !field) return { do: 'delete' };
  if (asking === 'assign') return { do: 'assign', to: null };
  // That a record has no such value is no fault: nothing is taken away from it.
  if (field.kind === 'choices') return { do: 'remove', field: field.name, ids: ['00000000-0000-0000-0000-000000000000'] };
  return { do: 'set', field: field.name, wire: null };
}

/** Asks what the selected records shall get, and shows first how many that is about. */
export function BulkDialog({ asking, type, select, fields, onRun, onClose }: BulkDialogProps) {
  const [name, setName] = useState((fields.find((field) => field.kind === 'choice') ?? fields[0])?.name ?? '');
  const field = fields.find((each) => each.name === name);
  const preview = usePreview(type.plural, select, standIn(asking, field));
  const title = { set: t('bulkSet'), assign: t('bulkAssign'), tags: t('bulkTags'), delete: t('bulkDelete', { type: type.label_plural.toLowerCase() }) };
  const form = { preview, onRun, onClose };
  return (
    <Modal opened onClose={onClose} title={title[asking]}>
      <Stack gap="md">
        {asking === 'delete' ? (
          <DeleteForm {...form} />
        ) : (
          <>
            {fields.length > 1 && (
              <Select
                label={t('field')}
                data={fields.map((each) => ({ value: each.name, label: each.label }))}
                value={name}
                onChange={(next) => next && setName(next)}
                searchable
                allowDeselect={false}
                onFocus={(event) => event.currentTarget.select()}
              />
            )}
            {field && (field.kind === 'choices' ? <ListForm key={name} field={field} {...form} /> : <ValueForm key={name} field={field} {...form} />)}
          </>
        )}
      </Stack>
    </Modal>
  );
}

interface FormProps extends Pick<BulkDialogProps, 'onRun' | 'onClose'> {
  preview: Preview;
}

/** What it is about, in exact numbers. */
function About({ preview, deletes = false }: { preview: Preview; deletes?: boolean }) {
  if (preview.isError) return <ProblemNotice error={preview.error} retry={() => void preview.refetch()} />;
  if (!preview.data) return <p className={classes.about}>{t('bulkCounting')}</p>;
  const { permitted, not_permitted, not_found } = preview.data;
  return (
    <div className={classes.about} role="status">
      <p>{t(deletes ? 'bulkAboutDeleted' : 'bulkAbout', { count: permitted })}</p>
      {not_permitted > 0 && <p>{t('bulkAboutNot', { count: not_permitted })}</p>}
      {not_found > 0 && <p>{t('bulkAboutGone', { count: not_found })}</p>}
    </div>
  );
}

function Buttons({ preview, onClose, disabled = false, label }: Omit<FormProps, 'onRun'> & { disabled?: boolean; label?: string }) {
  const permitted = preview.data?.permitted ?? 0;
  const apply = preview.data ? t('bulkApply', { count: permitted }) : t('bulkApplyAll');
  return (
    <Group justify="flex-end" gap="sm" mt={12}>
      <Button variant="default" onClick={onClose}>
        {common('cancel')}
      </Button>
      <Button type="submit" disabled={disabled || permitted === 0}>
        {label ?? apply}
      </Button>
    </Group>
  );
}

/** They go into the recycle bin, from where they can be taken back; so many of them. */
function DeleteForm({ preview, onRun, onClose }: FormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onRun({ do: 'delete' });
  };
  const count = preview.data?.permitted;
  return (
    <form onSubmit={submit}>
      <About preview={preview} deletes />
      <p className={classes.about}>{t('bulkDeleteAdvice')}</p>
      <Buttons preview={preview} onClose={onClose} label={count === undefined ? common('delete') : t('bulkDeleteSo', { count: number(count) })} />
    </form>
  );
}

/** One value for all; to clear the field, one has to say so. */
function ValueForm({ field, preview, onRun, onClose }: FormProps & { field: Field }) {
  const [draft, setDraft] = useState(() => draftOf(field, null));
  const [fault, setFault] = useState<string>();
  const [clear, setClear] = useState(false);
  const give = (wire: unknown) => onRun(field.name === 'assigned_to' ? { do: 'assign', to: wire as string | null } : { do: 'set', field: field.name, wire });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (clear) return give(null);
    const parsed = parse(field, draft);
    if (!parsed.ok) return setFault(parsed.fault);
    if (parsed.wire !== null) give(parsed.wire);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <FieldInput
          field={field}
          draft={draft}
          onDraft={(next) => {
            setDraft(next);
            setFault(undefined);
          }}
          error={fault}
          disabled={clear}
          autoFocus
        />
        <Checkbox label={t('bulkClear')} checked={clear} onChange={(event) => setClear(event.currentTarget.checked)} />
        <About preview={preview} />
      </Stack>
      <Buttons preview={preview} onClose={onClose} disabled={!clear && isEmpty(draft)} />
    </form>
  );
}

/** Values to add to what each has, or to take away from it. */
function ListForm({ field, preview, onRun, onClose }: FormProps & { field: Field }) {
  const choices = useChoices(field.list ?? '');
  const [ids, setIds] = useState<string[]>([]);
  const [how, setHow] = useState('add');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ids.length > 0) onRun({ do: how === 'remove' ? 'remove' : 'add', field: field.name, ids });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <SegmentedControl
          aria-label={field.label}
          value={how}
          onChange={setHow}
          data={[
            { value: 'add', label: common('add') },
            { value: 'remove', label: common('remove') },
          ]}
        />
        <MultiSelect label={field.label} data={choices.map(({ id, label }) => ({ value: id, label }))} value={ids} onChange={setIds} searchable hidePickedOptions data-autofocus />
        <About preview={preview} />
      </Stack>
      <Buttons preview={preview} onClose={onClose} disabled={ids.length === 0} />
    </form>
  );
}
