import type { ReactNode } from 'react';
import { texts } from '@/lib/i18n';
import { useTitle } from '@/ui/page';
import { Title } from '@/ui/text';
import classes from './auth-page.module.css';

const common = texts('common');

interface Props {
  title: string;
  /** Ways to other pages, below the form. */
  footer?: ReactNode;
  children: ReactNode;
}

/** A page with one small form in the middle, for those who are not in yet. */
export function AuthPage({ title, footer, children }: Props) {
  useTitle(title);
  return (
    <main className={classes.main}>
      <div className={classes.card}>
        <p className={classes.brand}>
          <a href="/">{common('appName')}</a>
        </p>
        <Title order={1}>{title}</Title>
        <div className={classes.content}>{children}</div>
        {footer && <div className={classes.footer}>{footer}</div>}
      </div>
    </main>
  );
}
