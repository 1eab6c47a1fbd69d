import { z } from 'zod';

/** What the address of the recycle bin carries: which kind of record, by its place in the API. */
export const binSearch = z.object({ type: z.string().max(40).optional().catch(undefined) });
