import { IconX } from '@tabler/icons-react';
import { texts } from '@/lib/i18n';
import { useMeta } from '@/lib/meta';
import { Button } from '@/ui/button';
import { NativeSelect, Select, TextInput } from '@/ui/inputs';
import classes from './audit.module.css';
import type { AuditSearch } from './search';
import { eventName, eventsOf, OTHER_THINGS, thingName } from './sentence';

const t = texts('audit');

interface Props {
  search: AuditSearch;
  set: (changes: Partial<AuditSearch>) => void;
}

/** What of the trail is shown. All of it stands in the address. */
export function Filters({ search, set }: Props) {
  const { members, record_types: types } = useMeta();
  const things = [...types.map((type) => type.name), ...OTHER_THINGS];
  const things_ = search.thing && !things.includes(search.thing) ? [...things, search.thing] : things;
  const known = search.thing ? eventsOf(search.thing, types) : [];
  const events = search.event && !known.includes(search.event) ? [...known, search.event] : known;
  const allEvents = events.length > 0 ? t('eventAll') : search.thing ? t('eventNone') : t('eventAfterThing', { thing: t('thing') });
  const any = Object.entries(search).some(([name, value]) => name !== 'open' && name !== 'as_of' && value !== undefined);
  const clear = () => set({ actor: undefined, thing: undefined, record: undefined, event: undefined, action: undefined, from: undefined, to: undefined });
  return (
    <>
      <div className={classes.filters} role="search" aria-label={t('title')}>
        <Select
          className={classes.filter ?? ''}
          label={t('actor')}
          placeholder={t('actorAll')}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('removeFilter', { name: t('actor') }) }}
          data={members.map((member) => ({ value: member.id, label: member.display_name || t('somebody') }))}
          value={search.actor ?? null}
          onChange={(actor) => set({ actor: actor ?? undefined })}
        />
        <NativeSelect
          className={classes.filter ?? ''}
          label={t('thing')}
          data={[{ value: '', label: t('thingAll') }, ...things_.map((thing) => ({ value: thing, label: thingName(thing, types) }))]}
          value={search.thing ?? ''}
          onChange={(event) => set({ thing: event.currentTarget.value || undefined, event: undefined })}
        />
        <NativeSelect
          className={classes.filter ?? ''}
          label={t('event')}
          disabled={events.length === 0}
          data={[{ value: '', label: allEvents }, ...events.map((event) => ({ value: event, label: eventName(event, types) }))]}
          value={search.event ?? ''}
          onChange={(event) => set({ event: event.currentTarget.value || undefined })}
        />
        <TextInput className={classes.filter ?? ''} label={t('from')} type="date" value={search.from ?? ''} onChange={(event) => set({ from: event.currentTarget.value || undefined })} />
        <TextInput className={classes.filter ?? ''} label={t('to')} type="date" value={search.to ?? ''} onChange={(event) => set({ to: event.currentTarget.value || undefined })} />
        {any && (
          <Button variant="subtle" onClick={clear}>
            {t('clear')}
          </Button>
        )}
      </div>
      {(search.record ?? search.action) && (
        <div className={classes.chips}>
          {search.record && <Chip name={t('oneRecord')} remove={() => set({ record: undefined })} />}
          {search.action && <Chip name={t('oneAction')} remove={() => set({ action: undefined })} />}
        </div>
      )}
    </>
  );
}

/** A filter that one comes to by a link, and leaves here. */
function Chip({ name, remove }: { name: string; remove: () => void }) {
  return (
    <Button variant="default" rightSection={<IconX size={14} aria-hidden />} onClick={remove} aria-label={t('removeFilter', { name })}>
      {name}
    </Button>
  );
}
