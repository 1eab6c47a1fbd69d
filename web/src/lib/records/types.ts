import type { components } from '@/api/schema';

type Schemas = components['schemas'];

/**
 * A record of any type. What beside these members it has, its type's catalogue in `/meta` says: the
 * members are the fields by name.
 */
export interface AnyRecord {
  id: string;
  label: string;
  version: number;
  deleted: boolean;
  allowed?: Schemas['Allowed'];
  [field: string]: unknown;
}

export interface RecordPage {
  items: AnyRecord[];
  next_cursor: string | null;
  total: Schemas['Total'] | null;
}

export type Search = Schemas['Search'];
export type HistoryEntry = Schemas['HistoryEntry'];
export type FieldChange = Schemas['FieldChange'];
export type Job = Schemas['Job'];
export type Total = Schemas['Total'];
export type Provenance = Schemas['Provenance'];
/** What to do to which records, as contacts name their fields. */
export type BulkBody = Schemas['BulkContact'];
export type BulkPreview = Schemas['BulkPreview'];
/** Fields to set, by name; `null` clears one. */
export type Changes = Record<string, unknown>;
