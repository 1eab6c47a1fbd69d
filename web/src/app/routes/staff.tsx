import { createRoute, redirect } from '@tanstack/react-router';
import * as z from 'zod/mini';
import { Problem } from '@/lib/api/problem';
import { session } from '@/lib/api/session';
import { withTexts } from '@/lib/i18n/with-texts';
import { meQuery, metaQuery } from '@/lib/meta';
import { queryClient } from '@/lib/query';
import { auditSearch, rightsSearch } from '@/features/audit/search';
import { destination } from '@/features/auth/destination';
import { listSearch } from '@/features/records/list/search';
import { panelSearch, recordSearch } from '@/features/records/page/search';
import { binSearch } from '@/features/recycle-bin/search';
import '../record-parts';
import { Shell } from '../shell/shell';
import { lazyPage } from './lazy-page';
import { rootRoute } from './root';

/** Everything that needs a log-in stands in the shell. */
export const staffRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'staff',
  beforeLoad: async ({ location }) => {
    if (!(await session.resume())) throw redirect({ to: '/login', search: { next: location.href } });
  },
  loader: async () => {
    const me = queryClient.ensureQueryData(meQuery);
    try {
      return await Promise.all([queryClient.ensureQueryData(metaQuery), me]);
    } catch (error) {
      // Clients and whoever may not enter get nothing here.
      const { kind } = destination(await me);
      if (kind === 'portal') throw redirect({ href: '/portal', reloadDocument: true });
      if (kind === 'barred') throw redirect({ to: '/barred' });
      throw error;
    }
  },
  component: Shell,
});

/** Whoever may not see a page at all is told so in its place. The server decides anyway. */
const demand = (permission: string) => async () => {
  const me = await queryClient.ensureQueryData(meQuery);
  if (!(permission in me.permissions)) throw new Problem({ code: 'not_permitted' }, 403);
};

const home = createRoute({
  getParentRoute: () => staffRoute,
  path: '/home',
  beforeLoad: async () => {
    const meta = await queryClient.ensureQueryData(metaQuery);
    const first = meta.record_types.find((type) => type.may['read']);
    throw first ? redirect({ to: '/$plural', params: { plural: first.plural } }) : redirect({ to: '/settings' });
  },
});

/** A list shows records beside it, and edits their values. */
const listTexts = async () => ({ ...(await import('@/lib/i18n/en/list')), ...(await import('@/lib/i18n/en/record')) });

const list = createRoute({
  getParentRoute: () => staffRoute,
  path: '/$plural',
  validateSearch: z.extend(listSearch, panelSearch.shape),
  component: lazyPage(withTexts(() => import('@/features/records/list/list-page'), listTexts), 'ListPage'),
});

const record = createRoute({
  getParentRoute: () => staffRoute,
  path: '/$plural/$id',
  validateSearch: recordSearch,
  component: lazyPage(withTexts(() => import('@/features/records/page/record-page'), () => import('@/lib/i18n/en/record')), 'RecordPage'),
});

const audit = createRoute({
  getParentRoute: () => staffRoute,
  path: '/audit',
  beforeLoad: demand('audit:read'),
  validateSearch: auditSearch,
  component: lazyPage(withTexts(() => import('@/features/audit/audit-page'), () => import('@/lib/i18n/en/audit')), 'AuditPage'),
});

const rights = createRoute({
  getParentRoute: () => staffRoute,
  path: '/audit/rights',
  beforeLoad: demand('audit:read'),
  validateSearch: rightsSearch,
  component: lazyPage(withTexts(() => import('@/features/audit/rights-page'), () => import('@/lib/i18n/en/audit')), 'RightsPage'),
});

const bin = createRoute({
  getParentRoute: () => staffRoute,
  path: '/recycle-bin',
  validateSearch: binSearch,
  component: lazyPage(withTexts(() => import('@/features/recycle-bin/recycle-bin-page'), () => import('@/lib/i18n/en/audit')), 'RecycleBinPage'),
});

export const staffRoutes = [home, list, record, audit, rights, bin];
