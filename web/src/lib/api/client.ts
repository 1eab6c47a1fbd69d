import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from '@/api/schema';
import { position } from './position';
import { Problem } from './problem';
import { reauthentication } from './reauthentication';
import { session } from './session';
import { viewAs } from '../view-as';

/** The `401`s that say that what was typed is wrong, not that the session is over. */
const MISTYPED = ['wrong_credentials', 'wrong_code'];
/** What leads in, and so waits for nobody who is in. */
const ENTERING = /\/auth\/(login|totp\/verify)$/;

async function send(request: Request): Promise<Response> {
  const token = session.token();
  if (token) request.headers.set('Authorization', `Bearer ${token}`);
  try {
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw Problem.offline();
  }
}

/** The code of a refusal, without using up its body. */
async function codeOf(response: Response): Promise<string> {
  const problem: unknown = await response.clone().json().catch(() => null);
  return String((problem as { code?: unknown } | null)?.code);
}

/**
 * Sends a request as whoever is logged in. A token that has run out is renewed; a session that is over
 * is asked for in a dialog, and so is a password where the act is dangerous; the request goes on after
 * it, so that nothing typed is lost.
 */
async function authorized(request: Request): Promise<Response> {
  for (;;) {
    const attempt = request.clone();
    const used = session.token();
    const response = await send(attempt);
    // The server wants to be shown first who sits there.
    if (response.status === 403 && (await codeOf(response)) === 'reauthentication_required') {
      if (await reauthentication.ask()) continue;
      return response;
    }
    // Somebody else may have found out before that the session is over, and have no token since.
    const inside = used !== null || session.state() === 'open' || session.state() === 'expired';
    if (response.status !== 401 || !inside || ENTERING.test(new URL(request.url).pathname)) return response;
    if (MISTYPED.includes(await codeOf(response))) return response;
    if (session.state() === 'expired') await session.untilOpenedAgain();
    else if (session.token() === used && !(used !== null && (await session.renew()))) await session.untilOpenedAgain();
  }
}

const positions: Middleware = {
  onRequest({ request }) {
    const reads = request.method === 'GET' || request.url.includes('/search');
    if (reads && position.highest() > 0) {
      request.headers.set('Hindsight-Min-Position', String(position.highest()));
    }
    return request;
  },
  onResponse({ response }) {
    position.saw(Number(response.headers.get('Hindsight-Position')));
    return response;
  },
};

/** Logging in and out is done as oneself, whatever one sees as. */
const asRole: Middleware = {
  onRequest({ request }) {
    const role = viewAs.role();
    if (role && !new URL(request.url).pathname.startsWith('/api/v1/auth/')) request.headers.set('Hindsight-View-As', role.id);
    return request;
  },
};

/** The API, typed by its description. Pass each call to `answer` or `receipt`. */
export const api = createClient<paths>({ fetch: authorized });
api.use(positions, asRole);

interface Settled<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** An answer with what its headers say. */
export interface Receipt<T> {
  body: T;
  status: number;
  /** The record's version since, of commands. */
  version: number | null;
}

/** What a call answered, with its headers; throws a `Problem` if it was refused. */
export async function receipt<T>(call: Promise<Settled<T>>): Promise<Receipt<T>> {
  const { data, error, response } = await call;
  if (!response.ok) {
    const wait = Number(response.headers.get('Retry-After') ?? Number.NaN);
    const wire = typeof error === 'object' && error !== null ? error : {};
    throw new Problem(wire, response.status, Number.isFinite(wait) ? wait : null);
  }
  const etag = /^"(\d+)"$/.exec(response.headers.get('ETag') ?? '');
  return { body: data as T, status: response.status, version: etag ? Number(etag[1]) : null };
}

/** The body that a call answered; throws a `Problem` if it was refused. */
export async function answer<T>(call: Promise<Settled<T>>): Promise<T> {
  return (await receipt(call)).body;
}

/** Names one attempt, so that sending it twice does it once. */
export function attempt(): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': crypto.randomUUID() };
}
