import { lazyRouteComponent } from '@tanstack/react-router';
import { Problem } from '@/lib/api/problem';

/**
 * A page that is loaded when somebody goes there. The router loads the whole document anew where that
 * fails, in case there is a newer build; without a connection it would lose everything for nothing.
 */
export const lazyPage: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(async () => {
    try {
      return await load();
    } catch (error) {
      throw navigator.onLine ? error : Problem.offline();
    }
  }, name);
