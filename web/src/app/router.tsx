import { createRouter } from '@tanstack/react-router';
import { Failure } from './failure';
import { publicRoutes } from './routes/public';
import { rootRoute } from './routes/root';
import { settingsRoutes } from './routes/settings';
import { staffRoute, staffRoutes } from './routes/staff';

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    ...publicRoutes,
    staffRoute.addChildren([...staffRoutes, ...settingsRoutes]),
  ]),
  defaultPreload: 'intent',
  // A page that fails leaves the rest of the screen.
  defaultErrorComponent: Failure,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
