import { createRootRoute, Outlet } from '@tanstack/react-router';
import { z } from 'zod';
import { NotFound } from '../not-found';
import { Failure } from '../failure';

/** What the address of every page may carry: the moment that it shows. */
const search = z.object({ as_of: z.iso.datetime({ offset: true }).optional().catch(undefined) });

export const rootRoute = createRootRoute({
  validateSearch: search,
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: Failure,
});
