import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/lib/clock.ts';
import { fetchTransport } from '../../../src/lib/transport.ts';
import type { Options } from '../../../src/provision/context.ts';
import type { Desired } from '../../../src/provision/desired.ts';
import type { Flags } from '../../../src/provision/model.ts';
import { type Result, run } from '../../../src/provision/run.ts';
import { settingsOf } from '../harness.ts';

/** How a run against real servers ended. */
export interface RealRun {
  readonly result: Result | undefined;
  readonly error: unknown;
  readonly output: string;
}

/** Provisions a real Prometheus through a directory. */
export async function deliver(
  url: string,
  directory: string,
  desired: Desired,
  parts: {
    flags?: Partial<Flags>;
    options?: Partial<Omit<Options, 'flags'>>;
    env?: Record<string, string>;
    signal?: AbortSignal;
  } = {},
): Promise<RealRun> {
  const output: string[] = [];
  const options: Options = {
    mode: 'apply',
    format: 'table',
    only: 'prometheus',
    yes: true,
    proofMs: 15_000,
    ...parts.options,
    flags: { adopt: false, force: false, prune: false, createDatasource: false, ...parts.flags },
  };
  const env = { PROMETHEUS_URL: url, RULES_DELIVERY: 'directory', RULES_DIRECTORY: directory, ...parts.env };
  const write = (text: string): void => void output.push(text);
  try {
    const result = await run(desired, settingsOf(env, { only: 'prometheus' }), options, {
      transport: fetchTransport,
      clock: systemClock,
      print: write,
      say: write,
      ask: undefined,
      signal: parts.signal,
      commit: () => '',
    });
    return { result, error: undefined, output: output.join('\n') };
  } catch (error) {
    return { result: undefined, error, output: [...output, (error as Error).message].join('\n') };
  }
}

/** An empty directory for rule files. */
export const rulesDirectory = (): string => mkdtempSync(join(tmpdir(), 'rules-'));
