import { useQuery } from '@tanstack/react-query';
import { register, texts } from '@/lib/i18n';
import { clients } from '@/lib/i18n/en/clients';
import type { PartProps } from '@/lib/records/parts';
import { ProblemNotice, Skeleton } from '@/ui/feedback';
import { accountQuery } from './account-api';
import { AccountState } from './account-state';
import classes from './portal-account.module.css';

register({ clients });
const t = texts('clients');

/** Whether a contact may enter the client portal, and what can be done about it. */
export function PortalAccount(props: PartProps) {
  const account = useQuery(accountQuery(props.record));
  return (
    <section aria-label={t('title')}>
      <h2 className={classes.title}>{t('title')}</h2>
      {account.data === undefined && (account.error ? <ProblemNotice error={account.error} retry={() => void account.refetch()} /> : <Skeleton height={72} />)}
      {account.data !== undefined && <AccountState {...props} account={account.data} />}
    </section>
  );
}
