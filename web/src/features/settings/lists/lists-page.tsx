import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { sameMoment } from '@/lib/as-of';
import { textOf, texts } from '@/lib/i18n';
import { useMay } from '@/lib/meta';
import { ExplainedButton } from '@/ui/button';
import { EmptyState } from '@/ui/feedback';
import { Page, Section } from '@/ui/page';
import { Tabs } from '@/ui/tabs';
import classes from '../settings.module.css';
import { OneField } from '../shared/one-field';
import { picklistsQuery } from '../shared/queries';
import { addValue, archiveValue, LISTS_SHOWN_IN, type Picklist, type PicklistValue } from './list-api';
import { ValueRow } from './value-row';

const t = texts('settings');
const common = texts('common');

const nameOf = (list: string) => textOf('settings', `list_${list}`) ?? list;

/** The values that records choose from: tags and the other pick-lists. */
export function ListsPage() {
  const { data: lists } = useSuspenseQuery(picklistsQuery);
  const { list: wanted } = useSearch({ from: '/staff/settings/lists' });
  const navigate = useNavigate();
  const open = lists.items.find((list) => list.name === wanted) ?? lists.items.find((list) => list.name === 'tag') ?? lists.items[0];
  if (!open) return null;
  return (
    <Page title={t('lists')} narrow>
      <Tabs value={open.name} onChange={(name) => name && void navigate({ to: '/settings/lists', search: (before) => ({ ...sameMoment(before), list: name }), replace: true })}>
        <Tabs.List>
          {lists.items.map((list) => (
            <Tabs.Tab key={list.name} value={list.name}>
              {nameOf(list.name)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {lists.items.map((list) => (
          <Tabs.Panel key={list.name} value={list.name} pt="md">
            {list.name === open.name && <Values list={list} />}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}

function useListRights(list: string): { create: boolean; rename: boolean; archive: boolean } {
  const change = useMay('picklists:update');
  const create = useMay('tags:create');
  const rename = useMay('tags:update');
  const archive = useMay('tags:delete');
  return list === 'tag' ? { create, rename, archive } : { create: change, rename: change, archive: change };
}

function Values({ list }: { list: Picklist }) {
  const [adding, setAdding] = useState(false);
  const may = useListRights(list.name);
  const offered = list.values.filter((value) => !value.archived);
  const archived = list.values.filter((value) => value.archived);
  return (
    <>
      {adding ? (
        <div className={classes.panel}>
          <OneField
            label={t('valueNew')}
            value=""
            member="label"
            submit={common('add')}
            cancel={() => setAdding(false)}
            act={(label) => ({
              call: () => addValue(list.name, label),
              done: t('valueAdded', { label }),
              undo: (added: PicklistValue) => archiveValue(list.name, added.id),
              refresh: LISTS_SHOWN_IN,
              after: () => setAdding(false),
            })}
          />
        </div>
      ) : (
        <ExplainedButton why={may.create ? undefined : t('notYourRole')} onClick={() => setAdding(true)}>
          {t('valueAdd')}
        </ExplainedButton>
      )}
      {offered.length === 0 && (
        <EmptyState kind="nothing" title={t('valuesNone')}>
          {t('valuesNoneAdvice')}
        </EmptyState>
      )}
      <ul className={classes.list}>
        {offered.map((value) => (
          <ValueRow key={value.id} list={list.name} value={value} may={may} />
        ))}
      </ul>
      {archived.length > 0 && (
        <Section title={t('valuesArchived')} description={t('valuesArchivedAbout')}>
          <ul className={classes.list}>
            {archived.map((value) => (
              <ValueRow key={value.id} list={list.name} value={value} may={may} />
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}
