import { createRootRoute, Outlet } from '@tanstack/react-router';
import * as z from 'zod/mini';
import { moment } from '@/lib/search-params';
import { NotFound } from '../not-found';
import { Failure } from '../failure';

/** What the address of every page may carry: the moment that it shows. */
const search = z.object({ as_of: moment });

export const rootRoute = createRootRoute({
  validateSearch: search,
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: Failure,
});
