import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { texts } from '@/lib/i18n';
import type { Field } from '@/lib/meta';
import { Button, IconButton } from '@/ui/button';
import { toast } from '@/ui/toast';
import { useScene } from './context';
import { CustomAdder } from './custom-adder';
import { FieldRow } from './field-row';
import { FieldSection } from './sections';
import { fieldAt } from './shown-value';
import { customKey, customOf, customPath, type Path } from './values';

const t = texts('record');

/** The editor that fits a custom value, which has no catalogue. */
function kindFor(value: unknown): string {
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return Array.isArray(value) ? 'texts' : 'text';
}

/** The values that the organization keeps beside the fields: listed, edited, added, removed by key. */
export function CustomValues({ field, title }: { field: Field; title: string }) {
  const { type, record, readOnly, saving, differing } = useScene();
  const [adding, setAdding] = useState(false);
  const values = customOf(record[field.name]);
  const elsewhere = [...Object.keys(saving.slots), ...differing.keys()].flatMap((path) => customKey(path) ?? []);
  const keys = [...new Set([...Object.keys(values), ...elsewhere])].sort((one, other) => one.localeCompare(other));
  const locked = readOnly !== null || field.read_only;

  const set = (path: Path, label: string, base: unknown, mine: unknown, version = record.version) =>
    saving.save({ edits: [{ path, label, base, mine }], version });

  const remove = async (key: string) => {
    const [path, was] = [customPath(key), values[key] ?? null];
    const since = await set(path, key, was, null);
    if (since) toast.undoable(t('removedToast', { name: key }), () => void set(path, key, null, was, since.version));
  };

  if (keys.length === 0 && locked) return null;
  return (
    <FieldSection
      title={title}
      below={
        !locked &&
        (adding ? (
          <CustomAdder
            taken={Object.keys(values)}
            onAdd={(key, value) => {
              setAdding(false);
              void set(customPath(key), key, null, value);
            }}
            onCancel={() => setAdding(false)}
          />
        ) : (
          <Button variant="subtle" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            {t('addCustom')}
          </Button>
        ))
      }
    >
      {keys.map((key) => {
        const path = customPath(key);
        const slot = saving.slots[path];
        const value = values[key] ?? slot?.mine ?? null;
        const shownField = { ...fieldAt(type, path, key, value), kind: kindFor(value), read_only: field.read_only };
        return (
          <FieldRow
            key={key}
            path={path}
            field={shownField}
            actions={
              !locked &&
              key in values && (
                <IconButton label={t('removeCustom', { name: key })} onClick={() => void remove(key)}>
                  <IconTrash size={14} aria-hidden />
                </IconButton>
              )
            }
          />
        );
      })}
    </FieldSection>
  );
}
