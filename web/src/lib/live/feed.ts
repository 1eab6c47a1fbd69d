/**
 * What changes, as it happens. One stream per browser and profile: the tab that holds a lock reads it
 * and tells the others, since a browser opens only six connections to a server that speaks HTTP/1.1.
 */
import { position } from '@/lib/api/position';
import { session } from '@/lib/api/session';
import { EventParser, type SentEvent } from './parse';

/** One record that is otherwise now. `gone`: no longer the caller's to see. */
export interface Change {
  record_type: string;
  id: string;
  version: number;
  position: number;
  change: 'created' | 'changed' | 'deleted' | 'restored' | 'gone';
}

/** What happened, up to a position. `reset`: more than is told, or it is not known what. */
export type LiveEvent = { kind: 'change'; position: number; change: Change } | { kind: 'reset'; position: number };
/** What tabs tell each other: one that has just come asks how far the others are; the one that reads knows. */
type Message = LiveEvent | { kind: 'hello' } | { kind: 'reached'; position: number };

/** How long to wait before connecting again: twice as long each time, up to the greatest. */
const FIRST_WAIT = 1_000;
const GREATEST_WAIT = 30_000;

/** Tells `heard` of everything that has changed since the page was loaded, until the signal. */
export function follow(heard: (event: LiveEvent) => void, signal: AbortSignal): void {
  const name = `hindsight-live ${session.member() ?? ''}`;
  const channel = new BroadcastChannel(name);
  const told = new Told(heard);
  let reads = false;
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'hello') {
      if (reads) channel.postMessage({ kind: 'reached', position: told.upTo } satisfies Message);
    } else if (data.kind === 'reached') told.missed(data.position);
    else told.hear(data);
  };
  signal.addEventListener('abort', () => channel.close());
  channel.postMessage({ kind: 'hello' } satisfies Message);
  const tell = (event: LiveEvent) => {
    told.hear(event);
    channel.postMessage(event satisfies Message);
  };
  const begin = async () => {
    reads = true;
    await read(tell, told, signal);
    reads = false;
  };
  const listen = async () => {
    for (;;) {
      await navigator.locks.request(name, { signal }, begin);
      // Another tab, where one has logged in again before, may listen meanwhile.
      if (session.state() !== 'expired') return;
      await session.untilOpenedAgain();
    }
  };
  listen().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/** How far this tab knows what happened: at first as far as everything on its page shows it. */
class Told {
  upTo = position.first();
  readonly #heard: (event: LiveEvent) => void;

  constructor(heard: (event: LiveEvent) => void) {
    this.#heard = heard;
  }

  hear(event: LiveEvent): void {
    this.upTo = Math.max(this.upTo, event.position);
    this.#heard(event);
  }

  /** Others have been told up to a position. */
  missed(reached: number): void {
    if (reached > this.upTo) this.hear({ kind: 'reset', position: reached });
  }
}

/** Reads the stream, again and again, until the session is over. */
async function read(tell: (event: LiveEvent) => void, told: Told, signal: AbortSignal): Promise<void> {
  let wait = FIRST_WAIT;
  while (!signal.aborted && session.state() === 'open') {
    try {
      const began = performance.now();
      await stream(tell, told, signal);
      if (performance.now() - began > GREATEST_WAIT) wait = FIRST_WAIT;
    } catch {
      // Not reached, or cut off: what was missed is told by the position when it is back.
      if (signal.aborted) return;
    }
    if (session.state() === 'open') await pause(wait);
    wait = Math.min(wait * 2, GREATEST_WAIT);
  }
}

/** Waits so many milliseconds, but no longer than until the browser is back on the net. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      window.removeEventListener('online', over);
      resolve();
    };
    const timer = setTimeout(over, milliseconds);
    window.addEventListener('online', over);
  });
}

async function stream(tell: (event: LiveEvent) => void, told: Told, signal: AbortSignal): Promise<void> {
  const response = await fetch('/api/v1/live', {
    signal,
    headers: {
      Authorization: `Bearer ${session.token() ?? ''}`,
      // Without it, what happened before the server listens would be missed.
      'Last-Event-ID': String(told.upTo),
    },
  });
  // One learns that the session is over before one has typed any more.
  if (response.status === 401 && !(await session.renew())) session.over();
  if (!response.ok || !response.body) return;
  const parser = new EventParser();
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    for (const sent of parser.push(decoder.decode(value, { stream: true }))) {
      const event = understood(sent, told.upTo);
      if (event) tell(event);
    }
  }
}

function understood(sent: SentEvent, upTo: number): LiveEvent | null {
  if (sent.event === 'reset') return { kind: 'reset', position: sent.id === null ? upTo : Number(sent.id) };
  if (sent.event !== 'change') return null;
  const change = JSON.parse(sent.data) as Change;
  return { kind: 'change', position: change.position, change };
}
