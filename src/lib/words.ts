/** The allowed values as the end of a sentence. */
export const allowedSentence = (values: readonly string[]): string => `${values.join(', ')}.`;

/** How many letters have to change to make one word of the other. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++)
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    above = row;
  }
  return above[b.length]!;
}

/** The known word that is nearest to a misspelt one, if one is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const farthest = Math.max(2, word.length / 4);
  return known
    .map((candidate) => ({ candidate, d: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ d }) => d <= farthest)
    .sort((a, b) => a.d - b.d)[0]?.candidate;
}
