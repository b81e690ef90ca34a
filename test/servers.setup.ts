import type { TestProject } from 'vitest/node';
import { explain } from '../src/lib/errors.ts';
import { obtainPrograms } from '../src/servers/index.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Why there are no real servers; empty when there are. */
    missingServers: string;
  }
}

const programs = ['prometheus', 'promtool', 'pushgateway', 'alertmanager', 'amtool'] as const;

/** Fetches the real programs before the first test of the project `live`. */
export default async function setup(project: TestProject): Promise<void> {
  let missing = '';
  try {
    for (const generation of ['current', '2.42'] as const) await obtainPrograms(programs, generation);
  } catch (error) {
    missing = explain(error);
  }
  project.provide('missingServers', missing);
}
