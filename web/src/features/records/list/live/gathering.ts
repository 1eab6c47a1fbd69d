import type { News } from '@/lib/live/news';

/** What was heard since one looked last. */
export interface Heard {
  ids: ReadonlySet<string>;
  /** Whether one did any of it oneself. */
  own: boolean;
  /** There was more than can be told. */
  much: boolean;
}

/** So many changed records are looked at one by one; more is much. */
const MOST = 1_000;
/** How long to wait before looking, in milliseconds: at once for oneself, longer when there is a lot. */
const OWN = 0;
const FEW = 400;
const MANY = 2_000;
const A_LOT = 50;

/** Gathers news until they are looked at together. */
export class Gathering {
  #ids = new Set<string>();
  #own = false;
  #much = false;
  /** How many there were the last time. */
  #before = 0;

  add(news: News): void {
    if (news.kind === 'reset') {
      this.#much = true;
      return;
    }
    if (this.#ids.size < MOST) this.#ids.add(news.id);
    else this.#much = true;
    this.#own ||= news.own;
  }

  /** When to look, in milliseconds from now. */
  pause(): number {
    if (this.#own) return OWN;
    return this.#much || this.#before > A_LOT || this.#ids.size > A_LOT ? MANY : FEW;
  }

  any(): boolean {
    return this.#ids.size > 0 || this.#much;
  }

  /** What there is to look at; nothing is left after it. */
  take(): Heard | null {
    const heard = { ids: this.#ids, own: this.#own, much: this.#much };
    const any = this.any();
    this.#before = heard.ids.size;
    this.#ids = new Set();
    this.#own = false;
    this.#much = false;
    return any ? heard : null;
  }
}
