import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { texts } from '@/lib/i18n';
import { useAsOf } from '@/lib/as-of';
import { useMediaQuery } from '@/ui/hooks';
import { Tabs } from '@/ui/tabs';
import { useScene } from './context';
import classes from './record.module.css';
import { FieldSections } from './sections';
import { Timeline } from './timeline';
import { VersionSlider } from './version-slider';

const t = texts('record');

/** The fields and the history: side by side where there is room, else one at a time. */
export function RecordBody({ layout }: { layout: 'page' | 'panel' }) {
  const wide = useMediaQuery('(min-width: 1000px)', true, { getInitialValueInEffect: false });
  const { record } = useScene();
  const asOf = useAsOf();
  const slider = layout === 'page' && !asOf ? <VersionSlider key={record.id} /> : null;
  if (layout === 'page' && wide) {
    return (
      <div className={classes.columns}>
        <div className={classes.fields}>
          <FieldSections />
        </div>
        <aside className={classes.aside} aria-label={t('history')}>
          <h2 className={classes.asideTitle}>{t('history')}</h2>
          {slider}
          <Timeline />
        </aside>
      </div>
    );
  }
  return (
    <OneAtATime>
      <h2 className="visually-hidden">{t('history')}</h2>
      {slider}
      <Timeline />
    </OneAtATime>
  );
}

function OneAtATime({ children }: { children: ReactNode }) {
  const tab = useSearch({ strict: false, select: (search: { tab?: 'details' | 'history' }) => search.tab }) ?? 'details';
  const navigate = useNavigate();
  const show = (next: string | null) =>
    void navigate({
      to: '.',
      replace: true,
      search: (before: Record<string, unknown>) => ({ ...before, tab: next === 'history' ? ('history' as const) : undefined }),
    });
  return (
    <Tabs value={tab} onChange={show} keepMounted={false} className={classes.tabs ?? ''}>
      <Tabs.List>
        <Tabs.Tab value="details">{t('details')}</Tabs.Tab>
        <Tabs.Tab value="history">{t('history')}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="details">
        <FieldSections />
      </Tabs.Panel>
      <Tabs.Panel value="history">{children}</Tabs.Panel>
    </Tabs>
  );
}
