import { Button, Group, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { texts } from '@/lib/i18n';

const t = texts('common');

/** A text to take elsewhere. Where the browser lets no script copy, it is selected for doing so by hand. */
export function CopyField({ label, description, value }: { label: string; description?: string; value: string }) {
  const [copied, setCopied] = useState(false);
  const [field, setField] = useState<HTMLInputElement | null>(null);
  const copy = async () => {
    field?.select();
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  return (
    <Group gap="sm" align="flex-end" wrap="nowrap">
      <TextInput ref={setField} label={label} description={description} value={value} readOnly onFocus={(event) => event.currentTarget.select()} style={{ flex: 1, minWidth: 0 }} />
      <Button variant="default" leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />} onClick={() => void copy()}>
        <span aria-live="polite">{copied ? t('copied') : t('copy')}</span>
      </Button>
    </Group>
  );
}
