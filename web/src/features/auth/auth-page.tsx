import type { ReactNode } from 'react';
import { texts } from '@/lib/i18n';
import { useTitle } from '@/ui/page';
import { Title } from '@/ui/text';
import classes from './auth-page.module.css';

const common = texts('common');

/** A page with one small form in the middle, for those who are not in yet. */
export function AuthPage({ title, children }: { title: string; children: ReactNode }) {
  useTitle(title);
  return (
    <main className={classes.main}>
      <div className={classes.card}>
        <p className={classes.brand}>{common('appName')}</p>
        <Title order={1}>{title}</Title>
        <div className={classes.content}>{children}</div>
      </div>
    </main>
  );
}
