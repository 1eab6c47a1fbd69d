import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { components } from '@/api/schema';
import { answer, api } from '@/lib/api/client';
import { ago } from '@/lib/format';
import { textOf, texts } from '@/lib/i18n';
import { EmptyState, ProblemNotice, Progress, Tag, type Tone } from '@/ui/feedback';
import { Tabs } from '@/ui/tabs';
import { RecentActions } from './actions/recent-actions';
import classes from './activity.module.css';

type Job = components['schemas']['Job'];

const t = texts('shell');
/** How often running work is looked at, in milliseconds. */
const WHILE_RUNNING = 1_000;

const running = (job: Job) => ['queued', 'running', 'cancelling'].includes(job.state);
const TONES: Record<string, Tone> = { done: 'ok', failed: 'danger', running: 'accent', cancelled: 'warn' };

/** One's recent actions and the jobs, one at a time. */
export function ActivityBody({ close }: { close: () => void }) {
  const [tab, setTab] = useState<string | null>('actions');
  return (
    <Tabs value={tab} onChange={setTab} keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="actions">{t('ownActions')}</Tabs.Tab>
        <Tabs.Tab value="jobs">{t('jobs')}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="actions">
        <RecentActions onNavigate={close} />
      </Tabs.Panel>
      <Tabs.Panel value="jobs">
        <Jobs />
      </Tabs.Panel>
    </Tabs>
  );
}

/** Long-running work: what goes on, and what came of what went before. */
function Jobs() {
  const jobs = useQuery({
    queryKey: ['jobs'],
    queryFn: () => answer(api.GET('/api/v1/jobs')),
    refetchInterval: (query) => (query.state.data?.items.some(running) ? WHILE_RUNNING : false),
  });
  return (
    <>
      {jobs.isError && <ProblemNotice error={jobs.error} retry={() => void jobs.refetch()} />}
      {jobs.data?.items.length === 0 && <EmptyState kind="nothing" title={t('noActivity')} />}
      <ul className={classes.list}>
        {jobs.data?.items.map((job) => (
          <li key={job.id}>
            <div className={classes.line}>
              <span>{textOf('shell', `job_${job.kind}`) ?? t('job_other')}</span>
              <Tag tone={TONES[job.state] ?? 'neutral'}>{textOf('shell', `jobState_${job.state}`) ?? job.state}</Tag>
            </div>
            {running(job) && <Progress value={job.total ? (100 * job.done) / job.total : 0} aria-label={t('progress')} />}
            {job.error && <p className={classes.error}>{job.error}</p>}
            <p className={classes.when}>{ago(job.created_at)}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
