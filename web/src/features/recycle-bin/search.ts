import * as z from 'zod/mini';
import { text } from '@/lib/search-params';

/** What the address of the recycle bin carries: which kind of record, by its place in the API. */
export const binSearch = z.object({ type: text(40) });
