import * as z from 'zod/mini';

/** A part of an address. What does not fit is as if it were not there: addresses come from anywhere. */
export const part = <T extends z.core.SomeType>(shape: T) => z.catch(z.optional(shape), undefined);

export const text = (most: number) => part(z.string().check(z.maxLength(most)));
export const choice = <const T extends readonly [string, ...string[]]>(names: T) => part(z.enum(names));
export const id = part(z.uuid());
/** A day, `YYYY-MM-DD`. */
export const day = part(z.iso.date());
/** A moment, RFC 3339. */
export const moment = part(z.iso.datetime({ offset: true }));
/** A number from 1 on, such as a version. */
export const ordinal = part(z.int().check(z.positive()));
