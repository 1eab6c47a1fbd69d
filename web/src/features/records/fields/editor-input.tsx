import type { ReactNode } from 'react';
import type { Field } from '@/lib/meta';
import { BooleanInput, ChoiceInput, LanguageInput, MemberInput } from './editor-choice';
import { ChoicesInput } from './editor-choices';
import { LinkInput } from './editor-link';
import { MoneyInput } from './editor-money';
import { LongTextInput, PlainInput } from './editor-text';
import type { Draft } from './draft';

export interface InputProps {
  field: Field;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  /** Something was chosen that needs no further typing; `onDraft` if absent. */
  onPick?: ((draft: Draft) => void) | undefined;
  /** Something is under way that the draft waits for, such as a tag that is being made. */
  hold?: ((making: Promise<unknown>) => void) | undefined;
  error?: string | undefined;
  autoFocus?: boolean;
  disabled?: boolean;
  /** In the place of the value: named by the field, with nothing beside it. Else with label. */
  inline?: boolean;
  description?: ReactNode;
}

/** The input for a field of any kind but `custom`. */
export function FieldInput(props: InputProps) {
  switch (props.field.kind) {
    case 'long_text':
    case 'texts':
      return <LongTextInput {...props} />;
    case 'money':
      return <MoneyInput {...props} />;
    case 'boolean':
      return <BooleanInput {...props} />;
    case 'choice':
      return <ChoiceInput {...props} />;
    case 'choices':
      return <ChoicesInput {...props} />;
    case 'member':
      return <MemberInput {...props} />;
    case 'link':
      return <LinkInput {...props} />;
    case 'language':
      return <LanguageInput {...props} />;
    default:
      return <PlainInput {...props} />;
  }
}
