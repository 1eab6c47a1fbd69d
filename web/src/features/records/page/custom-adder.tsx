import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { SegmentedControl, TextInput } from '@/ui/inputs';
import { Group } from '@/ui/layout';
import { parse } from '../fields/draft';
import { FieldInput } from '../fields/editor-input';
import classes from './record.module.css';
import { fieldAt } from './shown-value';
import { useScene } from './context';
import { customPath } from './values';

const t = texts('record');
const common = texts('common');

interface CustomAdderProps {
  taken: readonly string[];
  onAdd: (key: string, value: unknown) => void;
  onCancel: () => void;
}

/** Adds a custom value: its name, what it is, the value. */
export function CustomAdder({ taken, onAdd, onCancel }: CustomAdderProps) {
  const { type, setDirty } = useScene();
  const [key, setKey] = useState('');
  const [kind, setKind] = useState('text');
  const [draft, setDraft] = useState('');
  const [faults, setFaults] = useState<{ key?: string; value?: string }>({});
  const field = { ...fieldAt(type, customPath(key), t('customValue'), ''), kind };

  const touch = (typed: string) => setDirty('custom', typed !== '');

  const leave = () => {
    setDirty('custom', false);
    onCancel();
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const name = key.trim();
    const parsed = parse(field, draft);
    const nameFault = name === '' ? t('nameMissing') : taken.includes(name) || name.includes('/') ? t(name.includes('/') ? 'nameSlash' : 'nameTaken') : undefined;
    const valueFault = !parsed.ok ? parsed.fault : parsed.wire === null ? t('valueMissing') : undefined;
    setFaults({ ...(nameFault ? { key: nameFault } : {}), ...(valueFault ? { value: valueFault } : {}) });
    if (nameFault || valueFault || !parsed.ok) return;
    setDirty('custom', false);
    onAdd(name, parsed.wire);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    leave();
  };

  return (
    <form className={classes.adder} onSubmit={submit} onKeyDown={onKeyDown} aria-label={t('addCustom')}>
      <TextInput
        label={t('customName')}
        value={key}
        maxLength={100}
        error={faults.key}
        autoFocus
        onChange={(event) => {
          setKey(event.currentTarget.value);
          touch(event.currentTarget.value);
        }}
      />
      <div>
        <SegmentedControl
          aria-label={t('customKind')}
          value={kind}
          onChange={(next) => {
            setKind(next);
            setDraft('');
          }}
          data={[
            { value: 'text', label: t('kindText') },
            { value: 'number', label: t('kindNumber') },
            { value: 'boolean', label: t('kindBoolean') },
          ]}
        />
      </div>
      <FieldInput field={field} draft={draft} onDraft={(next) => setDraft(typeof next === 'string' ? next : '')} error={faults.value} />
      <Group gap="sm">
        <Button type="submit">{common('add')}</Button>
        <Button variant="default" onClick={leave}>
          {common('cancel')}
        </Button>
      </Group>
    </form>
  );
}
