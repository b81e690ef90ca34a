import { nearest } from '../lib/words.ts';

/** One thing that is wrong with a pipeline file. */
export interface Problem {
  /** Where in the file: `stages.deploy.kind`. */
  readonly place: string;
  readonly problem: string;
  readonly fix: string;
}

/** Notes a problem. */
export type Report = (place: string, problem: string, fix: string) => void;

/** "Did you mean api?", or the choice itself where nothing is near. */
export const choiceText = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known);
  if (near !== undefined) return `Did you mean ${near}?`;
  return known.length === 0 ? 'There is none yet: add it.' : `Use one of ${known.join(', ')}.`;
};

/** `a.b`, or `a["x y"]` where the name is no word. */
export const at = (place: string, name: string): string =>
  /^[\w$]+$/.test(name) ? (place === '' ? name : `${place}.${name}`) : `${place}[${JSON.stringify(name)}]`;
