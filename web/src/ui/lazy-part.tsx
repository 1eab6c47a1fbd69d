import { type ComponentType, lazy, type ReactNode, Suspense, useState } from 'react';
import { Problem } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { loadAgain, loadPart } from '@/lib/load';
import { ProblemNotice } from './feedback';
import { Modal } from './modal';

const t = texts('common');

interface Attempt<P> {
  of: P;
  retry: () => void;
}

interface Ways<P> {
  /** What stands there until it is loaded. */
  waiting?: (props: P) => ReactNode;
  /** What stands there if it could not be; of itself, a notice. */
  failed?: (props: P, notice: ReactNode, retry: () => void) => ReactNode;
}

type Module<K extends string, P> = Record<K, ComponentType<P>>;

/** A component that is loaded when it is first needed, or before. */
export type LazyPart<P> = ComponentType<P> & { prepare: () => void };

/**
 * A component that is loaded when it is first needed. Where that fails, its place says so and offers to
 * try again; whatever stands around it stays.
 */
export function lazyPart<K extends string, P extends object>(load: () => Promise<Module<K, P>>, name: K, { waiting, failed }: Ways<P> = {}): LazyPart<P> {
  let missed: unknown;
  let attempt: Promise<{ default: ComponentType<Attempt<P>> }> | null = null;
  let shown: ComponentType<Attempt<P>> | null = null;

  const begin = async (): Promise<{ default: ComponentType<Attempt<P>> }> => {
    try {
      const module = await (missed ? loadAgain(load, missed) : loadPart(load));
      const Part: ComponentType<P> = module[name];
      return { default: ({ of }) => <Part {...of} /> };
    } catch (error) {
      // Whoever asks next begins anew.
      attempt = shown = null;
      if (!(error instanceof Problem)) missed = error;
      const why = error instanceof Problem ? error : new Problem({ code: 'not_loaded' }, 0);
      return {
        default: ({ of, retry }) => {
          const notice = <ProblemNotice error={why} retry={retry} />;
          return failed ? failed(of, notice, retry) : notice;
        },
      };
    }
  };
  const begun = () => (attempt ??= begin());
  const current = () => (shown ??= lazy(begun));

  function LazyPart(props: P) {
    const [Part, setPart] = useState(current);
    return (
      <Suspense fallback={waiting?.(props)}>
        <Part of={props} retry={() => setPart(current())} />
      </Suspense>
    );
  }
  return Object.assign(LazyPart, { prepare: () => void begun() });
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
