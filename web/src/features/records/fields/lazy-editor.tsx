import { type ComponentProps, lazy, Suspense } from 'react';
import type { FieldEditor } from './editor';
import { FieldValue } from './value';

const load = () => import('./editor');
const Editor = lazy(async () => ({ default: (await load()).FieldEditor }));

/** Loads what edits values, before somebody needs it. What fails here is told when it is needed. */
export const prepareEditor = () => void load().catch(() => undefined);

/** A `FieldEditor` where values are mostly only shown: the value stands there until it is loaded. */
export function LazyFieldEditor(props: ComponentProps<typeof FieldEditor>) {
  return (
    <Suspense fallback={<FieldValue field={props.field} value={props.value} compact />}>
      <Editor {...props} />
    </Suspense>
  );
}
