import type { components } from '@/api/schema';

type Wire = components['schemas']['Problem'];

/** Why the server refused, in its own words. Every failed call throws one. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  /** Names the request in the server's log; empty if it never got there. */
  readonly requestId: string;
  /** What is wrong with which member of the input. */
  readonly faults: Wire['errors'];
  /** After a version conflict: the version now, and what was changed meanwhile. */
  readonly changed: Record<string, unknown> | null;
  /** Seconds to wait before trying again, if the server said so. */
  readonly retryAfter: number | null;

  constructor(wire: Partial<Wire>, status: number, retryAfter: number | null = null) {
    super(wire.detail ?? '');
    this.status = status;
    this.code = wire.code ?? 'unreadable_answer';
    this.requestId = wire.request_id ?? '';
    this.faults = wire.errors ?? [];
    this.changed = (wire.changed as Record<string, unknown> | null | undefined) ?? null;
    this.retryAfter = retryAfter;
  }

  /** The message for one member of the body, by its top-level name. */
  faultOf(member: string): string | undefined {
    return this.faults.find((fault) => fault.pointer.split('/')[1] === member)?.message;
  }

  /** The server could not be reached. */
  static offline(): Problem {
    return new Problem({ code: 'offline' }, 0);
  }
}

/** Whether this is a refusal with that code. */
export function hasCode(error: unknown, ...codes: string[]): error is Problem {
  return error instanceof Problem && codes.includes(error.code);
}
