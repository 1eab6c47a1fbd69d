import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { answer, api, attempt } from '@/lib/api/client';
import { texts } from '@/lib/i18n';
import { metaQuery, type Reference, useChoices, useMay } from '@/lib/meta';
import { explain } from '@/ui/feedback';
import { MultiSelect, TagsInput } from '@/ui/inputs';
import { isReference } from './draft';
import type { InputProps } from './editor-input';
import { named } from './editor-names';

const t = texts('record');

const chosenOf = (draft: InputProps['draft']): readonly Reference[] => (Array.isArray(draft) ? draft.filter(isReference) : []);

/** Several values of a pick-list; tags may be made by typing them, by whoever may. */
export function ChoicesInput(props: InputProps) {
  const mayCreate = useMay('tags:create');
  return props.field.list === 'tag' && mayCreate ? <NewTagsInput {...props} /> : <KnownInput {...props} />;
}

/** The values that can be chosen, and those that are though they are not offered any more. */
function useOffered(list: string, chosen: readonly Reference[]): Reference[] {
  const values = useChoices(list);
  const offered = values.map(({ id, label }) => ({ id, label }));
  return [...chosen.filter((each) => !offered.some((value) => value.id === each.id)), ...offered];
}

function KnownInput({ field, draft, onDraft, error, autoFocus, disabled, inline, description }: InputProps) {
  const chosen = chosenOf(draft);
  const offered = useOffered(field.list ?? '', chosen);
  return (
    <MultiSelect
      {...named(field, inline)}
      data={offered.map(({ id, label }) => ({ value: id, label }))}
      value={chosen.map((each) => each.id)}
      onChange={(ids) => onDraft(ids.flatMap((id) => offered.filter((each) => each.id === id)))}
      searchable
      selectFirstOptionOnChange
      hidePickedOptions
      nothingFoundMessage={t('noneFound')}
      error={error}
      autoFocus={autoFocus}
      data-autofocus={autoFocus || undefined}
      disabled={disabled}
      description={description}
    />
  );
}

function useNewTag() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (label: string): Promise<Reference> => {
      const made = await answer(api.POST('/api/v1/tags', { body: { label }, headers: attempt() }));
      return { id: made.id, label: made.label };
    },
    onSuccess: () => void client.invalidateQueries({ queryKey: metaQuery.queryKey }),
  });
}

function NewTagsInput({ field, draft, onDraft, hold, error, autoFocus, disabled, inline, description }: InputProps) {
  const chosen = chosenOf(draft);
  const latest = useRef(chosen);
  useEffect(() => {
    latest.current = chosen;
  });
  const offered = useOffered('tag', chosen);
  const newTag = useNewTag();
  const [making, setMaking] = useState<readonly string[]>([]);
  const labels = [...chosen.map((each) => each.label), ...making];

  const set = (next: readonly Reference[]) => {
    latest.current = next;
    onDraft(next);
  };

  const make = async (label: string) => {
    setMaking((before) => [...before, label]);
    try {
      const made = await newTag.mutateAsync(label);
      if (!latest.current.some((each) => each.id === made.id)) set([...latest.current, made]);
    } finally {
      setMaking((before) => before.filter((each) => each !== label));
    }
  };

  const change = (next: readonly string[]) => {
    const known = next.flatMap((label) => offered.filter((each) => each.label.toLowerCase() === label.toLowerCase()));
    if (known.length !== chosen.length || known.some((each, at) => each.id !== chosen[at]?.id)) set(known);
    for (const label of next) {
      const there = making.includes(label) || offered.some((each) => each.label.toLowerCase() === label.toLowerCase());
      if (there) continue;
      const work = make(label).catch(() => undefined);
      hold?.(work);
    }
  };

  return (
    <TagsInput
      {...named(field, inline)}
      data={offered.map((each) => each.label)}
      value={labels}
      onChange={change}
      acceptValueOnBlur
      error={error ?? (newTag.error ? explain(newTag.error) : undefined)}
      autoFocus={autoFocus}
      data-autofocus={autoFocus || undefined}
      disabled={disabled}
      description={description ?? (inline ? t('tagsHint') : undefined)}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      maxDropdownHeight={240}
    />
  );
}
