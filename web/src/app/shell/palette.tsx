import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useDeferredValue, useId, useState } from 'react';
import { answer, api } from '@/lib/api/client';
import { useAsOf } from '@/lib/as-of';
import { type Shortcut, spoken, useAllShortcuts } from '@/lib/hotkeys';
import { texts } from '@/lib/i18n';
import { useMe, useMeta } from '@/lib/meta';
import { type Recent, recents } from '@/lib/recents';
import { typeAhead } from '@/lib/type-ahead';
import { ProblemNotice } from '@/ui/feedback';
import { TextInput } from '@/ui/inputs';
import { Modal } from '@/ui/overlays';
import { Kbd } from '@/ui/text';
import classes from './palette.module.css';

const t = texts('shell');

interface Entry {
  id: string;
  group: string;
  label: string;
  detail?: string;
  keys?: string;
  run: () => void;
}

/** Everything by a few letters: what was open lately, what can be done, what there is. */
export function Palette({ close }: { close: () => void }) {
  return (
    <Modal opened onClose={close} withCloseButton={false} padding={0} size="lg" yOffset="12dvh" centered={false} transitionProps={{ duration: 0 }} attributes={{ content: { 'aria-label': t('openPalette') } }}>
      <Content close={close} />
    </Modal>
  );
}

function Content({ close }: { close: () => void }) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const { entries, error } = useEntries(typed.trim());
  const current = Math.min(at, entries.length - 1);
  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    close();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && entries.length > 0) {
      event.preventDefault();
      setAt((current + step + entries.length) % entries.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(entries[current]);
    }
  };
  return (
    <div>
      <TextInput
        data-autofocus
        size="md"
        variant="unstyled"
        className={classes.input}
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={entries[current] ? `${list}-${current}` : undefined}
        aria-label={t('paletteInput')}
        placeholder={t('paletteInput')}
        value={typed}
        onFocus={() => setTyped((before) => before + typeAhead.take())}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      {error !== null && <ProblemNotice error={error} />}
      <div role="listbox" id={list} aria-label={t('paletteResults')} className={classes.list}>
        {entries.map((entry, index) => (
          <div key={entry.id}>
            {entry.group !== entries[index - 1]?.group && (
              <div role="presentation" className={classes.group}>
                {entry.group}
              </div>
            )}
            <Option entry={entry} id={`${list}-${index}`} selected={index === current} choose={() => choose(entry)} hover={() => setAt(index)} />
          </div>
        ))}
        {entries.length === 0 && <p className={classes.none}>{t('paletteNothing')}</p>}
      </div>
    </div>
  );
}

function Option({ entry, id, selected, choose, hover }: { entry: Entry; id: string; selected: boolean; choose: () => void; hover: () => void }) {
  return (
    <div
      role="option"
      id={id}
      aria-selected={selected}
      tabIndex={-1}
      className={classes.option}
      onClick={choose}
      onKeyDown={(event) => event.key === 'Enter' && choose()}
      onMouseMove={hover}
      ref={(element) => {
        if (selected) element?.scrollIntoView({ block: 'nearest' });
      }}
    >
      <span className={classes.label}>{entry.label}</span>
      {entry.detail && <span className={classes.detail}>{entry.detail}</span>}
      {entry.keys && <Kbd>{spoken(entry.keys)}</Kbd>}
    </div>
  );
}

/** Recent records, commands and found records that fit what is typed. */
function useEntries(typed: string): { entries: Entry[]; error: unknown } {
  const navigate = useNavigate();
  const asOf = useAsOf();
  const q = useDeferredValue(typed);
  const found = useQuery({
    queryKey: ['search', q, asOf],
    queryFn: ({ signal }) => answer(api.POST('/api/v1/search', { body: { q, limit: 8, ...(asOf ? { as_of: asOf } : {}) }, signal })),
    enabled: q !== '',
    placeholderData: (before) => before,
  });
  const { member } = useMe();
  const { record_types: types } = useMeta();
  const past = asOf ? { as_of: asOf } : {};
  const open = (plural: string, id: string) => () => void navigate({ to: '/$plural/$id', params: { plural, id }, search: past });
  const back = ({ kind, plural, id }: Recent) =>
    kind === 'record' ? open(plural, id) : () => void navigate({ to: '/$plural', params: { plural }, search: { ...past, ...(id ? { view: id } : {}) } });
  const nameOf = ({ kind, plural }: Recent) => {
    const type = types.find((each) => each.plural === plural);
    return (kind === 'record' ? type?.label : type?.label_plural) ?? '';
  };
  const fits = (label: string) => label.toLocaleLowerCase().includes(typed.toLocaleLowerCase());
  const records: Entry[] = q !== '' && found.data && 'groups' in found.data
    ? found.data.groups.flatMap((group) => group.items.map((hit) => ({ id: hit.id, group: group.label, label: hit.label, detail: hit.detail, run: open(group.plural, hit.id) })))
    : [];
  const here = useLocation({ select: ({ pathname }) => pathname });
  const lately: Entry[] = recents.of(member)
    // Where one is already is no place to go.
    .filter((recent) => !(recent.kind === 'record' ? here === `/${recent.plural}/${recent.id}` : here === `/${recent.plural}` && !recent.id))
    .filter((recent) => typed === '' || (fits(recent.label) && !records.some((record) => record.id === recent.id)))
    .map((recent) => ({ id: `recent ${recent.kind} ${recent.plural} ${recent.id}`, group: t('paletteRecent'), label: recent.label || t('nameless'), detail: nameOf(recent), run: back(recent) }));
  const shortcuts = [...new Map(useAllShortcuts().map((shortcut) => [shortcut.keys, shortcut])).values()].filter((shortcut) => shortcut.keys !== 'mod+K' && fits(shortcut.label));
  const commands = (about: Shortcut['about'], group: string): Entry[] =>
    shortcuts.filter((shortcut) => shortcut.about === about).map((shortcut) => ({ id: shortcut.keys, group, label: shortcut.label, keys: shortcut.keys, run: shortcut.run }));
  const entries = [
    ...lately,
    ...commands('selection', t('paletteSelection')),
    ...commands('record', t('paletteRecord')),
    ...(typed === '' ? [] : records),
    ...commands(undefined, t('paletteCommands')),
  ];
  return { entries, error: found.error };
}
