/** What came of an act on many records, as its job tells it. */
import type { Job } from './types';

export interface BulkCounts {
  selected: number;
  changed: number;
  unchanged: number;
  not_permitted: number;
  not_found: number;
  refused: number;
  reasons: { code: string; field: string | null; message: string; records: number; examples: string[] }[];
}

const NOTHING: BulkCounts = { selected: 0, changed: 0, unchanged: 0, not_permitted: 0, not_found: 0, refused: 0, reasons: [] };

/** Of one that was stopped, what came of it so far. */
export const countsOf = (job: Job): BulkCounts => ({ ...NOTHING, ...(job.counts as Partial<BulkCounts> | null) });
