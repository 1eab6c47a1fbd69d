import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { texts } from '@/lib/i18n';
import { type Reference, useMeta } from '@/lib/meta';
import { records } from '@/lib/records/api';
import { keys } from '@/lib/records/queries';
import type { AnyRecord } from '@/lib/records/types';
import { explain } from '@/ui/feedback';
import { useDebouncedValue } from '@/ui/hooks';
import { Select } from '@/ui/inputs';
import { isReference } from './draft';
import type { InputProps } from './editor-input';
import classes from './editor.module.css';
import { named } from './editor-names';

const t = texts('record');
const common = texts('common');
/** So long one may pause between two keys, in milliseconds, before the search goes out. */
const PAUSE = 150;

interface Found extends Reference {
  /** Tells apart two of the same name. */
  hint: string;
}

const hintOf = (record: AnyRecord): string =>
  ['email', 'city', 'country'].map((name) => record[name]).filter((value) => typeof value === 'string').slice(0, 2).join(' · ');

/** The records of a type that have those words. */
function useFound(plural: string | undefined, words: string) {
  return useQuery({
    queryKey: [...keys.all(plural ?? ''), 'pick', words],
    enabled: plural !== undefined,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Found[]> => {
      const page = await records.search(plural ?? '', { ...(words ? { q: words } : {}), limit: 10 }, signal);
      return 'items' in page ? page.items.map((each) => ({ id: each.id, label: each.label, hint: hintOf(each) })) : [];
    },
  });
}

/** Another record, found by typing; the server searches. */
export function LinkInput({ field, draft, onDraft, onPick, error, autoFocus, disabled, inline, description }: InputProps) {
  const type = useMeta().record_types.find((each) => each.name === field.link);
  const chosen = isReference(draft) ? draft : null;
  const [typed, setTyped] = useState('');
  const [words] = useDebouncedValue(typed === chosen?.label ? '' : typed.trim(), PAUSE);
  const found = useFound(type?.plural, words);
  const items = found.data ?? [];
  const all: Found[] = chosen && !items.some((each) => each.id === chosen.id) ? [{ ...chosen, hint: '' }, ...items] : items;
  const choose = onPick ?? onDraft;
  return (
    <Select
      {...named(field, inline)}
      data={all.map((each) => ({ value: each.id, label: each.label || t('hidden') }))}
      renderOption={({ option }) => {
        const hint = all.find((each) => each.id === option.value)?.hint;
        return (
          <span>
            {option.label} {hint && <span className={classes.hint}>{hint}</span>}
          </span>
        );
      }}
      // The server has filtered already.
      filter={({ options }) => options}
      value={chosen?.id ?? null}
      onChange={(id) => {
        const picked = all.find((each) => each.id === id);
        choose(picked ? { id: picked.id, label: picked.label } : null);
      }}
      onSearchChange={setTyped}
      searchable
      selectFirstOptionOnChange
      clearable
      clearButtonProps={{ 'aria-label': common('clear') }}
      allowDeselect={false}
      nothingFoundMessage={found.isFetching ? common('loading') : t('noneFound')}
      defaultDropdownOpened={Boolean(inline && autoFocus)}
      maxDropdownHeight={260}
      error={error ?? (found.error ? explain(found.error) : undefined)}
      autoFocus={autoFocus}
      data-autofocus={autoFocus || undefined}
      disabled={disabled}
      description={description}
    />
  );
}
