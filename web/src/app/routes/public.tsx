import { createRoute, redirect } from '@tanstack/react-router';
import { session } from '@/lib/api/session';
import { meQuery } from '@/lib/meta';
import { queryClient } from '@/lib/query';
import { nextSearch } from '@/features/auth/destination';
import { watchForTokens } from '@/features/auth/link-token';
import { lazyPage } from './lazy-page';
import { rootRoute } from './root';

// Before the router, or anything that fails and tells of it, looks at the address.
watchForTokens();

/** Whoever is in has no use for these pages. */
const strangersOnly = async () => {
  if (await session.resume()) throw redirect({ to: '/home' });
};

const front = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: strangersOnly,
  component: lazyPage(() => import('@/features/auth/front-page'), 'FrontPage'),
});

const logIn = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: nextSearch,
  beforeLoad: async ({ search }) => {
    if (await session.resume()) throw redirect({ to: search.next ?? '/home' });
  },
  component: lazyPage(() => import('@/features/auth/log-in-page'), 'LogInPage'),
});

const signUp = createRoute({
  getParentRoute: () => rootRoute,
  path: '/signup',
  beforeLoad: strangersOnly,
  component: lazyPage(() => import('@/features/auth/sign-up-page'), 'SignUpPage'),
});

const forgot = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgot-password',
  component: lazyPage(() => import('@/features/auth/forgot-page'), 'ForgotPage'),
});

const verifyEmail = createRoute({
  getParentRoute: () => rootRoute,
  path: '/verify-email',
  component: lazyPage(() => import('@/features/auth/verify-email-page'), 'VerifyEmailPage'),
});

const reset = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset-password',
  component: lazyPage(() => import('@/features/auth/reset-page'), 'ResetPage'),
});

const setPassword = createRoute({
  getParentRoute: () => rootRoute,
  path: '/set-password',
  component: lazyPage(() => import('@/features/auth/set-password-page'), 'SetPasswordPage'),
});

const invitation = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation',
  // Whoever is in accepts with the account that they have.
  beforeLoad: async () => void (await session.resume()),
  component: lazyPage(() => import('@/features/auth/invitation-page'), 'InvitationPage'),
});

const register = createRoute({
  getParentRoute: () => rootRoute,
  path: '/register/$key',
  component: lazyPage(() => import('@/features/auth/register-page'), 'RegisterPage'),
});

const confirmRegistration = createRoute({
  getParentRoute: () => rootRoute,
  path: '/confirm-registration',
  component: lazyPage(() => import('@/features/auth/confirm-registration-page'), 'ConfirmRegistrationPage'),
});

const clientAccount = createRoute({
  getParentRoute: () => rootRoute,
  path: '/client-account',
  component: lazyPage(() => import('@/features/auth/client-account-page'), 'ClientAccountPage'),
});

const barred = createRoute({
  getParentRoute: () => rootRoute,
  path: '/barred',
  beforeLoad: async () => {
    if (!(await session.resume())) throw redirect({ to: '/login' });
    const me = await queryClient.fetchQuery(meQuery);
    if (!me.barred) throw redirect({ to: '/home' });
  },
  component: lazyPage(() => import('@/features/auth/barred-page'), 'BarredPage'),
});

export const publicRoutes = [front, logIn, signUp, forgot, verifyEmail, reset, setPassword, invitation, register, confirmRegistration, clientAccount, barred];
