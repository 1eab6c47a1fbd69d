import { useMemo } from 'react';
import { texts } from '@/lib/i18n';
import { type Reference, useChoices, useMeta } from '@/lib/meta';
import { Select } from '@/ui/inputs';
import { isReference } from './draft';
import type { InputProps } from './editor-input';
import { named } from './editor-names';

const t = texts('record');
const common = texts('common');

interface PickerProps extends InputProps {
  options: readonly { value: string; label: string }[];
  chosen: string | null;
  pick: (value: string | null) => void;
}

/** One of a list that is all here; typing narrows it down. */
function Picker({ field, options, chosen, pick, error, autoFocus, disabled, inline, description }: PickerProps) {
  return (
    <Select
      {...named(field, inline)}
      data={options.map(({ value, label }) => ({ value, label }))}
      value={chosen}
      onChange={pick}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': common('clear') }}
      selectFirstOptionOnChange
      allowDeselect={false}
      nothingFoundMessage={t('noneFound')}
      defaultDropdownOpened={Boolean(inline && autoFocus)}
      maxDropdownHeight={260}
      error={error}
      autoFocus={autoFocus}
      data-autofocus={autoFocus || undefined}
      disabled={disabled}
      description={description}
    />
  );
}

/** One of several references; the present one stays to be seen, though it is not offered any more. */
function ReferencePicker({ offered, ...props }: InputProps & { offered: readonly Reference[] }) {
  const { draft } = props;
  const chosen = isReference(draft) ? draft : null;
  const all = chosen && !offered.some((each) => each.id === chosen.id) ? [chosen, ...offered] : offered;
  const choose = props.onPick ?? props.onDraft;
  return (
    <Picker
      {...props}
      options={all.map((each) => ({ value: each.id, label: each.label }))}
      chosen={chosen?.id ?? null}
      pick={(id) => choose(all.find((each) => each.id === id) ?? null)}
    />
  );
}

/** A value of a pick-list. */
export function ChoiceInput(props: InputProps) {
  const values = useChoices(props.field.list ?? '');
  return <ReferencePicker {...props} offered={values.map(({ id, label }) => ({ id, label }))} />;
}

/** A member of the organization. */
export function MemberInput(props: InputProps) {
  const { members } = useMeta();
  return <ReferencePicker {...props} offered={members.map((member) => ({ id: member.id, label: member.display_name }))} />;
}

/** Yes, no, or not known. */
export function BooleanInput(props: InputProps) {
  const choose = props.onPick ?? props.onDraft;
  return (
    <Picker
      {...props}
      options={[
        { value: 'yes', label: common('yes') },
        { value: 'no', label: common('no') },
      ]}
      chosen={typeof props.draft === 'string' && props.draft ? props.draft : null}
      pick={(value) => choose(value ?? '')}
    />
  );
}

/** The languages that have a two-letter code and a name, by name. */
function knownLanguages(): { value: string; label: string }[] {
  const names = new Intl.DisplayNames([navigator.language], { type: 'language', fallback: 'none' });
  const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
  const found = letters.flatMap((first) =>
    letters.flatMap((second) => {
      const label = names.of(first + second);
      return label ? [{ value: first + second, label }] : [];
    }),
  );
  // Old codes have the names of those that replaced them.
  const byName = new Map(found.map((language) => [language.label, language]));
  return [...byName.values()].sort((one, other) => one.label.localeCompare(other.label));
}

/** A language by its name; one with a region stays to be seen. */
export function LanguageInput(props: InputProps) {
  const languages = useMemo(() => knownLanguages(), []);
  const chosen = typeof props.draft === 'string' && props.draft ? props.draft : null;
  const all = chosen && !languages.some((each) => each.value === chosen) ? [{ value: chosen, label: chosen }, ...languages] : languages;
  const choose = props.onPick ?? props.onDraft;
  return <Picker {...props} options={all} chosen={chosen} pick={(value) => choose(value ?? '')} />;
}
