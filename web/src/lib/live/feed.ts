/**
 * What changes, as it happens. One stream per browser: the tab that holds a lock reads it and tells
 * the others, since a browser opens only six connections to a server that speaks HTTP/1.1.
 */
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

export type LiveEvent = { kind: 'change'; change: Change } | { kind: 'reset' };

const CHANNEL = 'hindsight-live';
/** How long to wait before connecting again: twice as long each time, up to the greatest. */
const FIRST_WAIT = 1_000;
const GREATEST_WAIT = 30_000;

/** Tells `heard` of everything that changes, until the signal. */
export function follow(heard: (event: LiveEvent) => void, signal: AbortSignal): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (message: MessageEvent<LiveEvent>) => heard(message.data);
  signal.addEventListener('abort', () => channel.close());
  const tell = (event: LiveEvent) => {
    heard(event);
    channel.postMessage(event);
  };
  navigator.locks.request(CHANNEL, { signal }, () => read(tell, signal)).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

async function read(tell: (event: LiveEvent) => void, signal: AbortSignal): Promise<void> {
  let last: string | null = null;
  let wait = FIRST_WAIT;
  while (!signal.aborted) {
    try {
      const began = performance.now();
      last = await stream(tell, last, signal);
      if (performance.now() - began > GREATEST_WAIT) wait = FIRST_WAIT;
    } catch {
      // Not reached, or cut off: what was missed is told by the position when it is back.
      if (signal.aborted) return;
    }
    await pause(wait);
    wait = Math.min(wait * 2, GREATEST_WAIT);
    if (session.state() === 'none') return;
    if (session.state() === 'expired') {
      await session.untilOpenedAgain();
      wait = FIRST_WAIT;
    }
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

async function stream(tell: (event: LiveEvent) => void, last: string | null, signal: AbortSignal): Promise<string | null> {
  const response = await fetch('/api/v1/live', {
    signal,
    headers: {
      Authorization: `Bearer ${session.token() ?? ''}`,
      ...(last === null ? {} : { 'Last-Event-ID': last }),
    },
  });
  // One learns that the session is over before one has typed any more.
  if (response.status === 401 && !(await session.renew()) && session.state() !== 'none') await session.untilOpenedAgain();
  if (!response.ok || !response.body) return last;
  const parser = new EventParser();
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let position = last;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return position;
    for (const sent of parser.push(decoder.decode(value, { stream: true }))) {
      position = sent.id ?? position;
      const event = understood(sent);
      if (event) tell(event);
    }
  }
}

function understood(sent: SentEvent): LiveEvent | null {
  if (sent.event === 'reset') return { kind: 'reset' };
  if (sent.event !== 'change') return null;
  return { kind: 'change', change: JSON.parse(sent.data) as Change };
}
