import { QueryClient } from '@tanstack/react-query';
import { Problem } from './api/problem';

/** Refusals stay what they are; only what was not reached or not ready is worth another try. Maintenance takes longer. */
function worthAnotherTry(failures: number, error: unknown): boolean {
  if (!(error instanceof Problem) || error.code.endsWith('_maintenance')) return false;
  return failures < 2 && (error.status === 0 || error.status === 503);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    // Whether the server can be reached, trying tells; waiting in silence for the browser to say so is no answer.
    queries: { networkMode: 'always', retry: worthAnotherTry, staleTime: 10_000, refetchOnWindowFocus: true, refetchOnReconnect: true },
    mutations: { networkMode: 'always', retry: false },
  },
});
