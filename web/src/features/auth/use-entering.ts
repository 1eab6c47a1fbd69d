import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { meQuery } from '@/lib/meta';
import { destination } from './destination';

/** Leads whoever has just got in to where they belong: clients to the portal, which is a page of its own. */
export function useEntering(next?: string): () => void {
  const client = useQueryClient();
  const navigate = useNavigate();
  const lead = async () => {
    // What was loaded may be somebody else's; what the link of this page is about is not.
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'link' });
    const to = destination(await client.fetchQuery(meQuery), next);
    if (to.kind === 'portal') window.location.assign('/portal');
    else if (to.kind === 'barred') await navigate({ to: '/barred', replace: true });
    else await navigate({ href: to.path, replace: true });
  };
  return () => {
    // If one cannot be told who one is, the page that one is led to says so, with a way to try again.
    lead().catch(() => navigate({ href: next ?? '/home', replace: true }));
  };
}
