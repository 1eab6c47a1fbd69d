import type { ReactNode } from 'react';
import { texts } from '@/lib/i18n';
import { useScene } from './context';
import type { Turn } from './sentences';
import { ShownValue } from './shown-value';
import classes from './timeline.module.css';

const t = texts('record');

/** How one value changed, after the name of who changed it or in a list of its own. */
export function TurnText({ turn, inSentence = false }: { turn: Turn; inSentence?: boolean }) {
  const { type } = useScene();
  const { path, label } = turn;
  const name = <span className={classes.label}>{label}</span>;
  const shown = (value: unknown) => <ShownValue type={type} path={path} label={label} value={value} />;
  const verb = (key: 'set' | 'cleared' | 'changed', rest: ReactNode) => (
    <>
      {inSentence && `${t(key)} `}
      {name}: {rest}
    </>
  );
  switch (turn.kind) {
    case 'set':
      return verb('set', shown(turn.to));
    case 'cleared':
      return verb('cleared', <Old>{shown(turn.from)}</Old>);
    case 'replaced':
      return verb(
        'changed',
        <>
          <Old>{shown(turn.from)}</Old> <span aria-hidden>→</span> {shown(turn.to)}
        </>,
      );
    case 'listed':
      return verb(
        'changed',
        <>
          {turn.added.length > 0 && (
            <>
              {t('added')} {shown(turn.added)}
            </>
          )}
          {turn.added.length > 0 && turn.removed.length > 0 && ', '}
          {turn.removed.length > 0 && (
            <>
              {t('removed')} <Old>{shown(turn.removed)}</Old>
            </>
          )}
        </>,
      );
  }
}

/** What is no longer so: struck through for eyes, said for ears. */
function Old({ children }: { children: ReactNode }) {
  return (
    <del className={classes.old}>
      <span className="visually-hidden">{t('formerly')} </span>
      {children}
    </del>
  );
}
