import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Finding } from '../../lib/finding.ts';
import { findProgram } from '../../servers/index.ts';
import { examplesFile } from '../alerts/example-input.ts';
import { alertFile, alertGroup } from '../alerts/rules.ts';
import { type AlertTest, alertTestFiles } from '../alerts/tests.ts';
import type { Artefacts } from '../artefacts.ts';
import type { Bundle } from '../bundle.ts';
import { reachedTests } from './reached.ts';
import { rulesOfTest } from './rules.ts';

/** Result of the alerts' examples, and how many of how many alerts were tried. */
export interface ExamplesRun {
  readonly findings: readonly Finding[];
  readonly note: string;
}

/** Output of `promtool test rules` when it fails; empty when all is well. */
const promtoolTest = (promtool: string, file: string): Promise<string> =>
  new Promise((resolve) => {
    execFile(promtool, ['test', 'rules', file], { encoding: 'utf8', maxBuffer: 1 << 26 }, (error, out, err) =>
      resolve(error === null ? '' : `${out}${err}`.replaceAll(dirname(file), 'generated/prometheus/tests')),
    );
  });

/** Lays out one test file beside the rules that it needs. */
function layOut(folder: string, test: AlertTest, text: string, bundle: Bundle): string {
  mkdirSync(join(folder, 'rules'), { recursive: true });
  mkdirSync(join(folder, 'tests'), { recursive: true });
  // JSON is YAML as well.
  for (const [name, groups] of Object.entries(rulesOfTest(test, bundle)))
    writeFileSync(join(folder, 'rules', `${name}.yml`), JSON.stringify({ groups }));
  const file = join(folder, 'tests', test.path.split('/').at(-1) ?? '');
  writeFileSync(file, text);
  return file;
}

/** The part of promtool's output that is about one example. */
function outputOf(name: string, output: string): string | undefined {
  const parts = output.split(/^ {4}name: /m);
  return parts.find((part) => part.startsWith(`${name}\n`) || part.startsWith(`${name},`));
}

const indented = (text: string): string => text.trim().split('\n').slice(0, 24).join('\n  ');

/** A finding for each example that does not give what it says; the whole output where none is named. */
function findingsOf({ alert, family, told }: AlertTest, output: string): Finding[] {
  const base = { id: 'alert-example-fails', severity: 'error', file: examplesFile(family) } as const;
  const place = [`${alertFile}.yml`, alertGroup, alert.name];
  const failed = told.flatMap(({ kind, example }) => {
    const part = outputOf(`${kind}: ${example.title}`, output);
    if (part === undefined) return [];
    const silent = /got:\s*\[\s*\]/.test(part);
    const summary =
      kind !== 'fires'
        ? `${alert.name} fires in this example, and must not.`
        : silent
          ? `${alert.name} does not fire in this example, and must.`
          : `${alert.name} fires in this example, and says something else than expected.`;
    return [
      {
        ...base,
        summary,
        place: [...place, kind, example.title],
        ...(!silent && { details: indented(part) }),
        fix: 'Correct the alert; or its example, where the change is meant.',
      },
    ];
  });
  if (failed.length > 0) return failed;
  return [
    {
      ...base,
      summary: `The examples of ${alert.name} cannot be tried.`,
      place,
      details: indented(output),
      fix: 'Correct what promtool names.',
    },
  ];
}

/** Runs jobs, as many at once as the machine has processors. */
async function atOnce<T, R>(jobs: readonly T[], run: (job: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...jobs.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await run(next[1]);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

/**
 * Tries the examples of every alert that the change since the last commit can reach, with promtool; of all alerts
 * where git has no commit to compare with.
 */
export async function tryExamples(bundle: Bundle, artefacts: Artefacts): Promise<ExamplesRun> {
  const promtool = findProgram('promtool');
  if (promtool === undefined)
    return { findings: [], note: 'promtool is not installed: no example of an alert was tried.' };
  const tests = alertTestFiles(bundle.families);
  const chosen = reachedTests(tests, bundle, artefacts);
  const folder = mkdtempSync(join(tmpdir(), 'examples-'));
  try {
    const outputs = await atOnce(chosen, (test) => {
      const own = join(folder, test.path.split('/').at(-1) ?? '');
      return promtoolTest(promtool, layOut(own, test, artefacts.get(test.path) ?? '', bundle));
    });
    const findings = chosen.flatMap((test, i) => (outputs[i] ? findingsOf(test, outputs[i]) : []));
    const count = new Set(chosen.map(({ alert }) => alert.name)).size;
    const all = new Set(tests.map(({ alert }) => alert.name)).size;
    return {
      findings,
      note: `Examples of ${count} of ${all} alerts were tried: those that the change reaches.`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
