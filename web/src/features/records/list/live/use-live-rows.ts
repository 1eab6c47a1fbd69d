import { type InfiniteData, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { hearOf } from '@/lib/live/news';
import { records } from '@/lib/records/api';
import type { AnyRecord, RecordPage, Search } from '@/lib/records/types';
import { type Asked, FIRST, isLong, listKey, type Page } from '../rows';
import { aboutThese, portions } from './ask';
import { Gathering, type Heard } from './gathering';
import type { Sight } from './sight';
import { hasGap, idsIn, patched, unseen, withFirst, withTotal } from './merge';

/** What waits above or beyond the rows in sight: so many new rows, or more than can be told. */
export interface Waiting {
  count: number;
  /** The list begins anew when it is shown. */
  anew: boolean;
}

type Loaded = InfiniteData<Page, string>;
/** Tells of a first page that waits to be shown; of none, if there is nothing new. */
type Tell = (first: RecordPage | null, count: number, anew: boolean) => void;

/** So many rows around those in sight are read again where there was too much to tell. */
const AROUND = 80;
/** So long one waits after a failure, in milliseconds. */
const AFTER_FAILURE = 5_000;
/** So long one waits for pages that are on their way. */
const WHILE_FETCHING = 300;

const isPage = (page: Page): page is RecordPage => 'items' in page;

async function rowsFor(plural: string, search: Search, signal: AbortSignal): Promise<RecordPage> {
  const found = await records.search(plural, search, signal);
  return 'items' in found ? found : { items: [], next_cursor: null, total: null };
}

/** The same rows again, as far as they still match. */
async function again(plural: string, asked: Asked, ids: readonly string[], signal: AbortSignal): Promise<AnyRecord[]> {
  const fresh: AnyRecord[] = [];
  for (const part of portions(ids)) fresh.push(...(await rowsFor(plural, aboutThese(asked, part), signal)).items);
  return fresh;
}

/** Rows around those in sight. */
function around(pages: readonly RecordPage[], { first, last }: Sight): string[] {
  const rows = pages.flatMap((page) => page.items);
  return rows.slice(Math.max(0, first - AROUND), last + AROUND).map((row) => row.id);
}

/**
 * Keeps the loaded rows of a list true while records change: a changed row is read again and stays where
 * it is, or goes if it does not match any more; of the rest, only the first page is looked at again. New
 * rows come in by themselves where one sees the top of the list, else they wait until one asks for them.
 */
export function useLiveRows(plural: string, asked: Asked, sight: Sight): { waiting: Waiting | null; show: () => void } {
  const client = useQueryClient();
  const question = JSON.stringify(asked);
  const [waiting, setWaiting] = useState<(Waiting & { question: string; first: RecordPage }) | null>(null);
  const past = Boolean(asked.as_of);

  useEffect(() => {
    if (past) return undefined;
    const list = new LiveList(client, plural, JSON.parse(question) as Asked, sight, (first, count, anew) =>
      setWaiting(first ? { question, first, count, anew } : null),
    );
    const stop = hearOf(plural, (news) => list.heard(news));
    return () => {
      stop();
      list.stop();
    };
  }, [client, past, plural, question, sight]);

  const show = useCallback(() => {
    if (!waiting) return;
    const key = listKey(plural, JSON.parse(waiting.question) as Asked);
    client.setQueryData<Loaded>(key, (data) => changed(data, (pages) => (waiting.anew ? [waiting.first] : withFirst(pages, waiting.first))));
    setWaiting(null);
    sight.toTop();
  }, [client, plural, sight, waiting]);

  return { waiting: waiting?.question === question ? waiting : null, show };
}

/** Loaded data with other pages; the same where there is nothing to change. */
function changed(data: Loaded | undefined, change: (pages: RecordPage[]) => RecordPage[]): Loaded | undefined {
  if (!data?.pages.every(isPage)) return data;
  const pages = change(data.pages);
  return { pages, pageParams: data.pageParams.slice(0, pages.length) };
}

/** The work of one list: hears, waits a moment, looks; never twice at the same time. */
class LiveList {
  readonly #client: QueryClient;
  readonly #plural: string;
  readonly #asked: Asked;
  readonly #sight: Sight;
  readonly #tell: Tell;
  readonly #news = new Gathering();
  readonly #stop = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Number.POSITIVE_INFINITY;
  #looking = false;

  constructor(client: QueryClient, plural: string, asked: Asked, sight: Sight, tell: Tell) {
    this.#client = client;
    this.#plural = plural;
    this.#asked = asked;
    this.#sight = sight;
    this.#tell = tell;
    const state = client.getQueryState(this.#key);
    // What changed while nobody looked at it; short lists are read again as a whole when they are shown.
    if (state?.isInvalidated && isLong(state.data as Loaded | undefined)) this.heard({ kind: 'reset' });
  }

  get #key() {
    return listKey(this.#plural, this.#asked);
  }

  heard(news: Parameters<Gathering['add']>[0]): void {
    this.#news.add(news);
    this.#later(this.#news.pause());
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stop.abort();
  }

  #later(pause: number): void {
    const due = Date.now() + pause;
    if (this.#looking || due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => void this.#look(), pause);
  }

  async #look(): Promise<void> {
    this.#due = Number.POSITIVE_INFINITY;
    // Pages are on their way: they may show it, or not.
    if (this.#client.isFetching({ queryKey: this.#key, exact: true }) > 0) return this.#later(WHILE_FETCHING);
    const heard = this.#news.take();
    const data = this.#client.getQueryData<Loaded>(this.#key);
    if (!heard || !data?.pages.every(isPage)) return;
    this.#looking = true;
    let pause: number | null = null;
    try {
      await this.#follow(heard, data.pages);
    } catch {
      // The list stands as it was; what was missed is looked for again as a whole.
      this.#news.add({ kind: 'reset' });
      pause = AFTER_FAILURE;
    }
    this.#looking = false;
    if (this.#stop.signal.aborted) return;
    if (pause !== null || this.#news.any()) this.#later(pause ?? this.#news.pause());
  }

  async #follow(heard: Heard, pages: readonly RecordPage[]): Promise<void> {
    const { signal } = this.#stop;
    const loaded = idsIn(pages);
    if (heard.much && !isLong({ pages: [...pages], pageParams: [] })) {
      await this.#client.refetchQueries({ queryKey: this.#key, exact: true }, { throwOnError: true });
      return this.#tell(null, 0, false);
    }
    const mine = new Set(heard.much ? around(pages, this.#sight) : [...heard.ids].filter((id) => loaded.has(id)));
    if (mine.size > 0) {
      const fresh = await again(this.#plural, this.#asked, [...mine], signal);
      this.#set((now) => patched(now, mine, fresh));
    }
    const left = mine.size > 0 && this.#size() < loaded.size;
    if (heard.much || left || heard.ids.size > mine.size) await this.#first(heard, signal);
  }

  /** Looks at the first page again, for new rows and the number of all. */
  async #first({ ids, own, much }: Heard, signal: AbortSignal): Promise<void> {
    const first = await rowsFor(this.#plural, { ...this.#asked, limit: FIRST }, signal);
    const pages = this.#pages();
    const count = unseen(pages, first);
    const anew = much || hasGap(pages, first, ids.size);
    if (this.#sight.first === 0) {
      this.#set((now) => (anew ? [first] : withFirst(now, first)));
      return this.#tell(null, 0, false);
    }
    // One's own stands there at once; the rows in sight stay where they are.
    const comes = own && !anew;
    this.#set((now) => (comes ? withFirst(now, first) : withTotal(now, first.total)));
    if (comes || (count === 0 && !anew)) this.#tell(null, 0, false);
    else this.#tell(first, count, anew);
  }

  #pages(): RecordPage[] {
    return (this.#client.getQueryData<Loaded>(this.#key)?.pages ?? []).filter(isPage);
  }

  #size(): number {
    return idsIn(this.#pages()).size;
  }

  #set(change: (pages: RecordPage[]) => RecordPage[]): void {
    if (!this.#stop.signal.aborted) this.#client.setQueryData<Loaded>(this.#key, (data) => changed(data, change));
  }
}
