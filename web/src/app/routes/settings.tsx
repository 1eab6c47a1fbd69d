import { createRoute } from '@tanstack/react-router';
import * as z from 'zod/mini';
import { withTexts } from '@/lib/i18n/with-texts';
import { text } from '@/lib/search-params';
import { invitationsSearch, membersSearch } from '@/features/settings/members/search';
import { lazyPage } from './lazy-page';
import { staffRoute } from './staff';

export const settingsRoute = createRoute({
  getParentRoute: () => staffRoute,
  path: '/settings',
  component: lazyPage(
    withTexts(() => import('@/features/settings/settings-layout'), () => import('@/lib/i18n/en/settings')),
    'SettingsLayout',
  ),
});

const overview = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/',
  component: lazyPage(() => import('@/features/settings/settings-overview'), 'SettingsOverview'),
});

const profile = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/profile',
  component: lazyPage(() => import('@/features/settings/account/profile-page'), 'ProfilePage'),
});

const security = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/security',
  component: lazyPage(() => import('@/features/settings/account/security-page'), 'SecurityPage'),
});

const apiKeys = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/api-keys',
  component: lazyPage(() => import('@/features/settings/account/api-keys-page'), 'ApiKeysPage'),
});

const organization = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/organization',
  component: lazyPage(() => import('@/features/settings/organization/organization-page'), 'OrganizationPage'),
});

const modules = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/modules',
  component: lazyPage(() => import('@/features/settings/organization/modules-page'), 'ModulesPage'),
});

const lists = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/lists',
  validateSearch: z.object({ list: text(40) }),
  component: lazyPage(() => import('@/features/settings/lists/lists-page'), 'ListsPage'),
});

const members = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/members',
  validateSearch: membersSearch,
  component: lazyPage(() => import('@/features/settings/members/members-page'), 'MembersPage'),
});

const member = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/members/$member',
  component: lazyPage(() => import('@/features/settings/members/member-page'), 'MemberPage'),
});

const invitations = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/invitations',
  validateSearch: invitationsSearch,
  component: lazyPage(() => import('@/features/settings/members/invitations-page'), 'InvitationsPage'),
});

const teams = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/teams',
  component: lazyPage(() => import('@/features/settings/members/teams-page'), 'TeamsPage'),
});

const roles = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/roles',
  component: lazyPage(() => import('@/features/settings/roles/roles-page'), 'RolesPage'),
});

const role = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/roles/$role',
  component: lazyPage(() => import('@/features/settings/roles/role-page'), 'RolePage'),
});

const instance = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/instance',
  component: lazyPage(() => import('@/features/settings/instance/instance-page'), 'InstancePage'),
});

export const settingsRoutes = [
  settingsRoute.addChildren([
    overview, profile, security, apiKeys, organization, modules, lists, members, member, invitations, teams, roles, role, instance,
  ]),
];
