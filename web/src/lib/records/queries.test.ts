import { QueryClient } from '@tanstack/react-query';
import { afterEach, expect, it, vi } from 'vitest';
import { records } from './api';
import { keep, recordQuery } from './queries';
import type { AnyRecord } from './types';

afterEach(() => vi.restoreAllMocks());

const record = (version: number) => ({ id: 'a', version, city: `city ${version}` }) as unknown as AnyRecord;

it('never goes back to an older version because a read was slower than a command', async () => {
  const client = new QueryClient();
  let answer: (read: AnyRecord) => void = () => undefined;
  vi.spyOn(records, 'read').mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
  const reading = client.fetchQuery(recordQuery('contacts', 'a'));
  keep(client, 'contacts', record(3));
  answer(record(2));
  expect((await reading).version).toBe(3);

  vi.spyOn(records, 'read').mockResolvedValueOnce(record(4));
  await client.refetchQueries();
  expect((await client.fetchQuery({ ...recordQuery('contacts', 'a'), staleTime: Infinity })).version).toBe(4);
});
