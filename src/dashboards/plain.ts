/** A plain copy of what a builder hands out: builders keep a live object, with functions in it that JSON has no use for. */
export const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
