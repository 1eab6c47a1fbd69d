import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { staffRoute } from './staff';

export const settingsRoute = createRoute({
  getParentRoute: () => staffRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('@/features/settings/settings-page'), 'SettingsPage'),
});

export const settingsRoutes = [settingsRoute];
