import { useNavigate, useSearch } from '@tanstack/react-router';

/** The moment (RFC 3339) that the whole page shows, or `undefined` for now. It stands in the URL. */
export function useAsOf(): string | undefined {
  return useSearch({ strict: false, select: (search: { as_of?: string }) => search.as_of });
}

/** What an address elsewhere keeps of this one: the moment. */
export const sameMoment = (before: { as_of?: string | undefined }): { as_of?: string } => (before.as_of ? { as_of: before.as_of } : {});

/** Shows another moment, or now. */
export function useSetAsOf(): (moment: string | undefined) => void {
  const navigate = useNavigate();
  return (moment) =>
    void navigate({
      to: '.',
      search: (before: Record<string, unknown>) => ({ ...before, as_of: moment }),
    });
}
