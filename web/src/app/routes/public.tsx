import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { z } from 'zod';
import { session } from '@/lib/api/session';
import { rootRoute } from './root';

/** Where to go after logging in: a path of this site, nothing else. */
const next = z.object({ next: z.string().regex(/^\/(?![/\\])/).optional().catch(undefined) });

const front = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: async () => {
    if (await session.resume()) throw redirect({ to: '/home' });
  },
  component: lazyRouteComponent(() => import('@/features/auth/front-page'), 'FrontPage'),
});

const logIn = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: next,
  beforeLoad: async ({ search }) => {
    if (await session.resume()) throw redirect({ to: search.next ?? '/home' });
  },
  component: lazyRouteComponent(() => import('@/features/auth/log-in-page'), 'LogInPage'),
});

export const publicRoutes = [front, logIn];
