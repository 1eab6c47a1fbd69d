import { type FormEvent, useState } from 'react';
import { texts } from '@/lib/i18n';
import { type Field, useChoices } from '@/lib/meta';
import { Button } from '@/ui/button';
import { Checkbox, MultiSelect, SegmentedControl, Select } from '@/ui/inputs';
import { Group, Stack } from '@/ui/layout';
import { Modal } from '@/ui/overlays';
import { draftOf, isEmpty, parse } from '../../fields/draft';
import { FieldInput } from '../../fields/editor-input';
import type { Act } from './run';

const t = texts('list');
const common = texts('common');

interface BulkDialogProps {
  title: string;
  count: number;
  /** The fields to choose from; one needs no choosing. */
  fields: readonly Field[];
  onRun: (act: Act) => void;
  onClose: () => void;
}

/** Asks what the selected records shall get. */
export function BulkDialog({ title, count, fields, onRun, onClose }: BulkDialogProps) {
  const [name, setName] = useState((fields.find((field) => field.kind === 'choice') ?? fields[0])?.name ?? '');
  const field = fields.find((each) => each.name === name);
  return (
    <Modal opened onClose={onClose} title={title}>
      <Stack gap="md">
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
        {field && (field.kind === 'choices' ? <ListForm key={name} field={field} count={count} onRun={onRun} onClose={onClose} /> : <ValueForm key={name} field={field} count={count} onRun={onRun} onClose={onClose} />)}
      </Stack>
    </Modal>
  );
}

interface FormProps extends Pick<BulkDialogProps, 'count' | 'onRun' | 'onClose'> {
  field: Field;
}

function Buttons({ count, onClose, disabled = false }: Pick<FormProps, 'count' | 'onClose'> & { disabled?: boolean }) {
  return (
    <Group justify="flex-end" gap="sm" mt={12}>
      <Button variant="default" onClick={onClose}>
        {common('cancel')}
      </Button>
      <Button type="submit" disabled={disabled}>
        {t('bulkApply', { count })}
      </Button>
    </Group>
  );
}

/** One value for all; to clear the field, one has to say so. */
function ValueForm({ field, count, onRun, onClose }: FormProps) {
  const [draft, setDraft] = useState(() => draftOf(field, null));
  const [fault, setFault] = useState<string>();
  const [clear, setClear] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (clear) return onRun({ do: 'set', field: field.name, wire: null });
    const parsed = parse(field, draft);
    if (!parsed.ok) return setFault(parsed.fault);
    if (parsed.wire !== null) onRun({ do: 'set', field: field.name, wire: parsed.wire });
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
      </Stack>
      <Buttons count={count} onClose={onClose} disabled={!clear && isEmpty(draft)} />
    </form>
  );
}

/** Values to add to what each has, or to take away from it. */
function ListForm({ field, count, onRun, onClose }: FormProps) {
  const choices = useChoices(field.list ?? '');
  const [ids, setIds] = useState<string[]>([]);
  const [how, setHow] = useState('add');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ids.length > 0) onRun({ do: how === 'take' ? 'take' : 'add', field: field.name, ids });
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
            { value: 'take', label: common('remove') },
          ]}
        />
        <MultiSelect label={field.label} data={choices.map(({ id, label }) => ({ value: id, label }))} value={ids} onChange={setIds} searchable hidePickedOptions data-autofocus />
      </Stack>
      <Buttons count={count} onClose={onClose} disabled={ids.length === 0} />
    </form>
  );
}
