/**
 * Calls that every record type answers alike. Which types there are, `/meta` says at run time, so that
 * their paths cannot be known to the compiler: here, and only here, the paths of contacts stand for
 * those of all.
 */
import { answer, api, attempt, receipt, type Receipt } from '@/lib/api/client';
import type { AnyRecord, BulkBody, BulkPreview, Changes, HistoryEntry, Job, Provenance, RecordPage, Search, Total } from './types';

/** Paths of one type, in the type of the contacts'. */
function at<P extends string>(plural: string, path: P): P {
  return path.replace('/contacts', `/${plural}`) as P;
}

const asRecord = (value: unknown): AnyRecord => value as AnyRecord;

function headers(version: number | undefined, reason: string | undefined): Record<string, string> {
  return {
    ...attempt(),
    ...(version === undefined ? {} : { 'If-Match': `"${version}"` }),
    ...(reason ? { 'Hindsight-Reason': encodeURIComponent(reason) } : {}),
  };
}

export interface CommandOptions {
  /** The version that the caller saw; the command is refused if there is another by now. */
  version?: number;
  reason?: string;
}

export const records = {
  /** A page; or the job that puts the moment asked for together. */
  async search(plural: string, body: Search, signal?: AbortSignal): Promise<RecordPage | { job: Job }> {
    const call = api.POST(at(plural, '/api/v1/contacts/search'), { body, ...(signal ? { signal } : {}) });
    return (await answer(call)) as unknown as RecordPage | { job: Job };
  },

  async total(plural: string, query: { q?: string; filter?: string; as_of?: string }): Promise<Total> {
    return (await answer(api.GET(at(plural, '/api/v1/contacts/total'), { params: { query } }))) as Total;
  },

  async read(plural: string, id: string, query: { as_of?: string; version?: number } = {}): Promise<AnyRecord> {
    return asRecord(await answer(api.GET(at(plural, '/api/v1/contacts/{id}'), { params: { path: { id }, query } })));
  },

  /** `as` names the attempt: the same one with the same body creates once, however often it is sent. */
  async create(plural: string, body: Changes, as = attempt()): Promise<Receipt<AnyRecord>> {
    const made = await receipt(api.POST(at(plural, '/api/v1/contacts'), { body: body as never, headers: as }));
    return { ...made, body: asRecord(made.body) };
  },

  async change(plural: string, id: string, body: Changes, options: CommandOptions = {}): Promise<AnyRecord> {
    const call = api.PATCH(at(plural, '/api/v1/contacts/{id}'), {
      params: { path: { id } },
      body: body as never,
      headers: headers(options.version, options.reason),
    });
    return asRecord(await answer(call));
  },

  async remove(plural: string, id: string, options: CommandOptions = {}): Promise<AnyRecord> {
    const call = api.DELETE(at(plural, '/api/v1/contacts/{id}'), {
      params: { path: { id } },
      headers: headers(options.version, options.reason),
    });
    return asRecord(await answer(call));
  },

  async restore(plural: string, id: string, options: CommandOptions = {}): Promise<AnyRecord> {
    const call = api.POST(at(plural, '/api/v1/contacts/{id}/restore'), {
      params: { path: { id } },
      headers: headers(options.version, options.reason),
    });
    return asRecord(await answer(call));
  },

  async revert(plural: string, id: string, toVersion: number, fields?: string[], options: CommandOptions = {}): Promise<AnyRecord> {
    const call = api.POST(at(plural, '/api/v1/contacts/{id}/revert'), {
      params: { path: { id } },
      body: { to_version: toVersion, ...(fields ? { fields } : {}) },
      headers: headers(options.version, options.reason),
    });
    return asRecord(await answer(call));
  },

  /** What an act on many would be about, in exact numbers. */
  async previewBulk(plural: string, body: BulkBody, signal?: AbortSignal): Promise<BulkPreview> {
    const call = api.POST(at(plural, '/api/v1/contacts/bulk'), { params: { query: { preview: true } }, body, ...(signal ? { signal } : {}) });
    return (await answer(call)) as BulkPreview;
  },

  /** Does the same to many records, by a job. */
  async bulk(plural: string, body: BulkBody): Promise<{ job: Job }> {
    const call = api.POST(at(plural, '/api/v1/contacts/bulk'), { params: { header: attempt() }, body });
    return (await answer(call)) as { job: Job };
  },

  async history(plural: string, id: string, query: { cursor?: string; as_of?: string; limit?: number } = {}): Promise<{ items: HistoryEntry[]; next_cursor?: string | null }> {
    return answer(api.GET(at(plural, '/api/v1/contacts/{id}/history'), { params: { path: { id }, query } }));
  },

  async provenance(plural: string, id: string): Promise<Provenance> {
    return answer(api.GET(at(plural, '/api/v1/contacts/{id}/provenance'), { params: { path: { id } } }));
  },
};
