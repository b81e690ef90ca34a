/** Words, numbers and single signs; spaces stay with what precedes them. */
const tokens = (text: string): string[] => text.match(/([\w$:.]+|[^\w\s])\s*|\s+/g) ?? [];

/** Tokens shown on either side of what differs, and characters that a line may have. */
const around = 6;
const longest = 160;

const cut = (text: string): string => {
  const line = text.replaceAll(/\s*\n\s*/g, ' ⏎ ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
};

/** The difference between two texts with a little of its surroundings, on one line each. */
export function tokenDiff(
  before: string,
  after: string,
): { readonly before: string; readonly after: string } {
  const [a, b] = [tokens(before), tokens(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start]?.trim() === b[start]?.trim()) start += 1;
  let end = 0;
  const rest = Math.min(a.length, b.length) - start;
  while (end < rest && a[a.length - 1 - end]?.trim() === b[b.length - 1 - end]?.trim()) end += 1;
  const part = (list: readonly string[]): string => {
    const from = Math.max(0, start - around);
    const to = Math.min(list.length, list.length - end + around);
    const text = list.slice(from, to).join('').trim();
    return cut(`${from > 0 ? '… ' : ''}${text}${to < list.length ? ' …' : ''}`);
  };
  return { before: part(a), after: part(b) };
}

/** One text on one line, cut where it becomes too long. */
export const oneLine = cut;
