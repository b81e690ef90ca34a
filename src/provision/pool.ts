/**
 * Maps a list with at most `width` calls under way; results keep the list's order.
 * The first rejection is thrown after the calls under way have ended, and no further ones are begun.
 */
export async function mapLimited<T, R>(
  items: readonly T[],
  width: number,
  one: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const errors: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && errors.length === 0) {
      const index = next++;
      try {
        results[index] = await one(items[index] as T, index);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
  return results;
}

/** Requests to one server under way at a time: quick, and far below what rate limits allow. */
export const width = 6;
