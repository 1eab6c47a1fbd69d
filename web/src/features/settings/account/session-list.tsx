import { useSuspenseQuery } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import { session } from '@/lib/api/session';
import { ago, moment } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { Tag } from '@/ui/feedback';
import classes from '../settings.module.css';
import { sessionsQuery } from '../shared/queries';
import { useAct } from '../shared/use-act';
import { deviceOf } from './device';

const t = texts('settings');

/** Where one is logged in, and the way out of each or all. */
export function SessionList() {
  const { data: sessions } = useSuspenseQuery(sessionsQuery);
  const act = useAct();
  const end = (id: string) =>
    void act.run({
      call: () => answer(api.DELETE('/api/v1/sessions/{id}', { params: { path: { id } } })),
      done: t('sessionEnded'),
      refresh: [['settings', 'sessions']],
    });
  const endAll = () =>
    void act.run({
      call: () => answer(api.POST('/api/v1/auth/logout_all')),
      refresh: [],
      // A fresh page keeps nothing of what was loaded.
      after: () => {
        session.closed();
        location.assign('/login');
      },
    });
  return (
    <>
      <ul className={classes.list}>
        {sessions.items.map((each) => (
          <li key={each.id} className={classes.row}>
            <div className={classes.what}>
              <div className={classes.name}>
                {deviceOf(each.user_agent) ?? t('deviceUnknown')}
                {each.current && <Tag tone="accent">{t('sessionThis')}</Tag>}
              </div>
              <div className={classes.small}>
                {t('sessionSeen', { when: ago(each.last_seen_at), since: moment(each.created_at), address: each.ip ?? '–' })}
              </div>
            </div>
            {!each.current && (
              <Button variant="default" onClick={() => end(each.id)} aria-label={t('sessionEndLabel', { device: deviceOf(each.user_agent) ?? t('deviceUnknown'), since: moment(each.created_at) })}>
                {t('sessionEnd')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Button variant="default" mt="sm" loading={act.busy} onClick={endAll}>
        {t('logOutEverywhere')}
      </Button>
    </>
  );
}
