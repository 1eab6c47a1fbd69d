import { lazyRouteComponent } from '@tanstack/react-router';
import { loadPart } from '@/lib/load';

/**
 * A page that is loaded when somebody goes there. The router loads the whole document anew where that
 * fails, in case there is a newer build; without a connection it would lose everything for nothing.
 */
export const lazyPage: typeof lazyRouteComponent = (load, name) => lazyRouteComponent(() => loadPart(load), name);
