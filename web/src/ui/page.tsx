import { Group, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { texts } from '@/lib/i18n';
import classes from './page.module.css';

const t = texts('common');

/** Names the page for the tab and the history of the browser. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · ${t('appName')}` : t('appName');
  }, [title]);
}

/** A page below the header: its heading, what can be done, its content. */
export function Page({ title, actions, children, narrow = false }: { title: string; actions?: ReactNode; children: ReactNode; narrow?: boolean }) {
  useTitle(title);
  return (
    <div className={narrow ? classes.narrow : classes.page}>
      <Group justify="space-between" className={classes.head ?? ''}>
        <Title order={1}>{title}</Title>
        <Group gap="sm">{actions}</Group>
      </Group>
      {children}
    </div>
  );
}

/** A part of a page, with a heading of its own. */
export function Section({ title, description, actions, children }: { title: string; description?: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.section} aria-label={title}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Title order={2}>{title}</Title>
          {description && <p className={classes.description}>{description}</p>}
        </div>
        {actions}
      </Group>
      {children}
    </section>
  );
}
