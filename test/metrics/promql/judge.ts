import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A rule of the file: an expression to record, or the annotation of an alert. */
export type Candidate = { readonly expr: string } | { readonly annotation: string };

const rule = (candidate: Candidate): object =>
  'expr' in candidate
    ? { record: 'candidate', expr: candidate.expr }
    : { alert: 'Candidate', expr: 'up == 0', annotations: { text: candidate.annotation } };

/**
 * Asks promtool about all candidates in one run: each is the only rule of its group, and promtool lists the
 * groups that it refuses.
 * @returns its complaints by the candidate's place in the list
 */
export async function rejectedBy(
  promtool: string,
  candidates: readonly Candidate[],
): Promise<ReadonlyMap<number, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'promql-judge-'));
  try {
    const file = join(folder, 'rules.yml');
    const groups = candidates.map((candidate, i) => ({ name: `candidate ${i}`, rules: [rule(candidate)] }));
    await writeFile(file, JSON.stringify({ groups }));
    const output = await run(promtool, ['check', 'rules', '--lint=none', file]);
    const rejected = new Map<number, string>();
    for (const match of output.matchAll(/group "candidate (\d+)", rule 1, "[^"]*": (.*)/g))
      rejected.set(Number(match[1]), match[2] ?? '');
    const verdict = /SUCCESS: (\d+) rules/.exec(output);
    if (rejected.size === 0 && Number(verdict?.[1]) !== candidates.length)
      throw new Error(`promtool judged nothing:\n${output.slice(0, 2000)}`);
    return rejected;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, args, { maxBuffer: 64 << 20 }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
}
