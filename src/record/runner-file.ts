import { appendFileSync } from 'node:fs';

/** Writes one value into a file of GitHub's runner, in the form that allows for any text in it. */
export function writeForRunner(file: string | undefined, name: string, value: string): void {
  if (!file) return;
  const end = `end-of-${name}-${Math.random().toString(36).slice(2)}`;
  appendFileSync(file, `${name}<<${end}\n${value}\n${end}\n`);
}
