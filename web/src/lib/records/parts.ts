import type { ComponentType } from 'react';
import type { AnyRecord } from './types';

/** What a part is told that one type of records has beside its fields. */
export interface PartProps {
  /** The record as it is now. */
  record: AnyRecord;
  plural: string;
  /** Why nothing on the page can be changed, if that is so. */
  frozen: string | undefined;
}

interface Part {
  /** The module of the organization that it belongs to. */
  module: string;
  Part: ComponentType<PartProps>;
}

/** Features make parts, and the app gives them to the record pages, which know no type by its name. */
export const parts = new Map<string, Part>();
