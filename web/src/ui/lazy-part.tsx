import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { Problem } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { loadAgain, loadPart } from '@/lib/load';
import { ProblemNotice } from './feedback';
import { Modal } from './modal';

const t = texts('common');

/** What came of loading it. */
type Outcome<P> = { Part: ComponentType<P> } | { why: Problem };

interface Ways<P> {
  /** What stands there until it is loaded. */
  waiting?: (props: P) => ReactNode;
  /** What stands there if it could not be; of itself, a notice. */
  failed?: (props: P, notice: ReactNode, retry: () => void) => ReactNode;
}

type Module<K extends string, P> = Record<K, ComponentType<P>>;

/** A component that is loaded when it is first needed, or before. */
export type LazyPart<P> = ComponentType<P> & { prepare: () => Promise<unknown> };

/**
 * A component that is loaded when it is first needed. Where that fails, its place says so and offers to
 * try again; whatever stands around it stays. (React's own `lazy` waits 300 ms from when it begins to
 * wait, however soon the part is there, and a moment even for one that is.)
 */
export function lazyPart<K extends string, P extends object>(load: () => Promise<Module<K, P>>, name: K, { waiting, failed }: Ways<P> = {}): LazyPart<P> {
  let missed: unknown;
  let attempt: Promise<Outcome<P>> | null = null;
  let loaded: Outcome<P> | null = null;

  const begin = async (): Promise<Outcome<P>> => {
    try {
      const module = await (missed ? loadAgain(load, missed) : loadPart(load));
      loaded = { Part: module[name] };
      return loaded;
    } catch (error) {
      // Whoever asks next begins anew.
      attempt = null;
      if (error instanceof Problem) return { why: error };
      missed = error;
      return { why: new Problem({ code: 'not_loaded' }, 0) };
    }
  };
  const begun = () => (attempt ??= begin());

  function LazyPart(props: P) {
    const [outcome, setOutcome] = useState(() => loaded);
    useEffect(() => {
      if (outcome) return;
      let wanted = true;
      void begun().then((came) => {
        if (wanted) setOutcome(came);
      });
      return () => {
        wanted = false;
      };
    }, [outcome]);
    if (!outcome) return waiting?.(props) ?? null;
    if ('Part' in outcome) return <outcome.Part {...props} />;
    const retry = () => setOutcome(null);
    const notice = <ProblemNotice error={outcome.why} retry={retry} />;
    return failed ? failed(props, notice, retry) : notice;
  }
  return Object.assign(LazyPart, { prepare: begun });
}

type Closing = { opened?: boolean } & ({ close: () => void } | { onClose: () => void });

/** The same for a dialog: where it cannot be loaded, another one says so. */
export const lazyDialog = <K extends string, P extends Closing>(load: () => Promise<Module<K, P>>, name: K): LazyPart<P> =>
  lazyPart(load, name, {
    failed: (props, notice) => (
      <Modal opened={props.opened ?? true} onClose={'close' in props ? props.close : props.onClose} title={t('notLoaded')}>
        {notice}
      </Modal>
    ),
  });
