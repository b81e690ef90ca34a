import { EnvironmentFailure, UserError } from '../../lib/errors.ts';
import type { Deployment } from '../../simulator/index.ts';
import type { Span } from '../fetch.ts';
import type { HostDeployment, ReadHost } from './host.ts';
import { joinHosts } from './join.ts';
import { railwayHistory } from './railway.ts';
import { vercelHistory } from './vercel.ts';

/** Hosts whose tokens are given. */
const hostsOf = (env: NodeJS.ProcessEnv): readonly [string, ReadHost][] => [
  ...(env.RAILWAY_TOKEN || env.RAILWAY_API_TOKEN
    ? [['Railway', railwayHistory(env)] as [string, ReadHost]]
    : []),
  ...(env.VERCEL_TOKEN ? [['Vercel', vercelHistory(env)] as [string, ReadHost]] : []),
];

/**
 * Asks the hosts whose tokens are given how the same commits went there. One that refuses is left out, and said.
 * @param say commentary
 */
export async function withHosts(
  deployments: readonly Deployment[],
  span: Span,
  env: NodeJS.ProcessEnv,
  say: (text: string) => void,
): Promise<readonly Deployment[]> {
  const commits = new Set(deployments.map(({ commit }) => commit));
  const all: HostDeployment[] = [];
  for (const [name, read] of hostsOf(env))
    try {
      const { listed, deployments: found } = await read(span, commits);
      all.push(...found);
      const { alone } = joinHosts(deployments, found);
      say(
        `${name}: ${listed} deployments, ${found.length - alone} of them belong to a run of the same commit.`,
      );
    } catch (error) {
      if (!(error instanceof UserError || error instanceof EnvironmentFailure)) throw error;
      say(`${name} is left out: ${error.message}`);
    }
  return joinHosts(deployments, all).deployments;
}
