import type { HTMLInputTypeAttribute } from 'react';
import { Textarea, TextInput } from '@/ui/inputs';
import type { InputProps } from './editor-input';
import { named } from './editor-names';

const TYPES: Record<string, HTMLInputTypeAttribute> = { date: 'date', time: 'datetime-local' };
const MODES: Record<string, 'email' | 'tel' | 'url' | 'numeric' | 'decimal'> = { email: 'email', phone: 'tel', url: 'url', integer: 'numeric', number: 'decimal' };

/** A line of text, an address, a number, a date. The server judges them; the browser only helps. */
export function PlainInput({ field, draft, onDraft, error, autoFocus, disabled, inline, description }: InputProps) {
  const mode = MODES[field.kind];
  return (
    <TextInput
      {...named(field, inline)}
      type={TYPES[field.kind] ?? 'text'}
      {...(mode ? { inputMode: mode } : {})}
      {...(field.max ? { maxLength: field.max } : {})}
      value={typeof draft === 'string' ? draft : ''}
      onChange={(event) => onDraft(event.currentTarget.value)}
      error={error}
      autoFocus={autoFocus}
      data-autofocus={autoFocus || undefined}
      disabled={disabled}
      description={description}
      autoComplete="off"
    />
  );
}

/** Text of several lines, which grows with what is typed. */
export function LongTextInput({ field, draft, onDraft, error, autoFocus, disabled, inline, description }: InputProps) {
  return (
    <Textarea
      {...named(field, inline)}
      autosize
      minRows={3}
      maxRows={16}
      {...(field.max ? { maxLength: field.max } : {})}
      value={typeof draft === 'string' ? draft : ''}
      onChange={(event) => onDraft(event.currentTarget.value)}
      error={error}
      autoFocus={autoFocus}
      data-autofocus={autoFocus || undefined}
      disabled={disabled}
      description={description}
    />
  );
}
