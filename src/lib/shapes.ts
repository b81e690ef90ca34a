/** Whether an answer has the shape that is read from it: anything may stand behind a wrong address. */

/** Tells whether an answer's data is what it should be. */
export type Shape<T> = (data: unknown) => data is T;

/** An object with unknown values. */
export const isRecord = (data: unknown): data is Readonly<Record<string, unknown>> =>
  typeof data === 'object' && data !== null && !Array.isArray(data);

/** An object with strings only, such as labels. */
export const isLabels = (data: unknown): data is Readonly<Record<string, string>> =>
  isRecord(data) && Object.values(data).every((value) => typeof value === 'string');

/** A string. */
export const isText = (data: unknown): data is string => typeof data === 'string';

/** A list, all of one shape. */
export const listOf =
  <T>(shape: Shape<T>): Shape<readonly T[]> =>
  (data): data is readonly T[] =>
    Array.isArray(data) && data.every(shape);

/** An object in which these fields, at least, have these shapes. */
export const fields =
  <T extends object>(shapes: { readonly [K in keyof T]: Shape<T[K]> }): Shape<T> =>
  (data): data is T =>
    isRecord(data) &&
    Object.entries<Shape<unknown>>(shapes as Record<string, Shape<unknown>>).every(([name, shape]) =>
      shape(data[name]),
    );

/** A field that may be missing. */
export const optional =
  <T>(shape: Shape<T>): Shape<T | undefined> =>
  (data): data is T | undefined =>
    data === undefined || shape(data);

/** A field that may be missing, or null: Go writes so what is empty. */
export const maybe =
  <T>(shape: Shape<T>): Shape<T | null | undefined> =>
  (data): data is T | null | undefined =>
    data === undefined || data === null || shape(data);

/** A number. */
export const isNumber = (data: unknown): data is number => typeof data === 'number';

/** An object whose values are all of one shape. */
export const recordOf =
  <T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> =>
  (data): data is Readonly<Record<string, T>> =>
    isRecord(data) && Object.values(data).every(shape);
