import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../record/index.ts';
import { type Deployment, recorderCalls } from '../simulator/index.ts';

/** The ledger writes facts only while a deployment's last event is younger than this, seconds. */
export const youngEnough = 7_200;

/** Deployments that a running ledger still takes, and those that only blocks can hold. */
export function divide(deployments: readonly Deployment[], now: number) {
  const finished = (d: Deployment): number => d.finished ?? d.started;
  return {
    young: deployments.filter((d) => now - finished(d) < youngEnough),
    old: deployments.filter((d) => now - finished(d) >= youngEnough),
  };
}

/**
 * Records deployments through the recorder itself, which replaces what it recorded before: twice is once.
 * @returns those of which an event could not be recorded
 */
export async function recordAll(
  deployments: readonly Deployment[],
  env: NodeJS.ProcessEnv,
): Promise<Deployment[]> {
  const folder = mkdtempSync(join(tmpdir(), 'import-'));
  const failed: Deployment[] = [];
  try {
    for (const deployment of deployments)
      for (const call of recorderCalls(deployment)) {
        const code = await main([...call.argv, '--strict'], { ...env, ...call.env, RUNNER_TEMP: folder });
        if (code === 0) continue;
        failed.push(deployment);
        break;
      }
    return failed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
