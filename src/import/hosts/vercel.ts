import { systemClock } from '../../lib/clock.ts';
import { isRecord, isText } from '../../lib/shapes.ts';
import { VercelApi } from '../../record/index.ts';
import type { HostDeployment, ReadHost } from './host.ts';

/** A list ends with the time at which its next page begins; `null` on the last one. */
const perPage = 100;

const seconds = (milliseconds: unknown): number | undefined =>
  typeof milliseconds === 'number' ? Math.floor(milliseconds / 1_000) : undefined;

const field = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined);

/** When an error was met: the list does not tell, and the last line of the build's log does. */
async function failedAt(api: VercelApi, id: string): Promise<number | undefined> {
  const lines = await api.read(`v3/deployments/${encodeURIComponent(id)}/events`, {
    direction: 'backward',
    limit: '1',
  });
  return Array.isArray(lines) ? seconds(field(lines[0], 'created')) : undefined;
}

async function asDeployment(
  api: VercelApi,
  one: Readonly<Record<string, unknown>>,
): Promise<HostDeployment[]> {
  const state = one.readyState ?? one.state;
  const started = seconds(one.created);
  if (!isText(one.uid) || started === undefined || (state !== 'READY' && state !== 'ERROR')) return [];
  const finished = state === 'READY' ? seconds(one.ready) : await failedAt(api, one.uid);
  if (finished === undefined) return [];
  const custom = field(one.customEnvironment, 'slug');
  return [
    {
      host: 'vercel',
      service: isText(one.name) ? one.name : 'vercel',
      environment: isText(custom) ? custom : isText(one.target) ? one.target : 'preview',
      commit: String(field(one.meta, 'githubCommitSha')),
      started,
      finished,
      ok: state === 'READY',
    },
  ];
}

/** Vercel's own deployments of the project in VERCEL_PROJECT_ID. */
export const vercelHistory =
  (env: NodeJS.ProcessEnv): ReadHost =>
  async ({ from, to }, commits) => {
    const api = new VercelApi(env, systemClock);
    // A page may begin with the one that ended the last.
    const listed = new Map<unknown, Readonly<Record<string, unknown>>>();
    for (let until: number | undefined = to * 1_000; until !== undefined; ) {
      const page = await api.read('v6/deployments', {
        projectId: api.project,
        since: String(from * 1_000),
        until: String(until),
        limit: String(perPage),
      });
      const found = field(page, 'deployments');
      for (const one of Array.isArray(found) ? found.filter(isRecord) : []) listed.set(one.uid, one);
      const next: unknown = field(field(page, 'pagination'), 'next');
      until = typeof next === 'number' && next < until ? next : undefined;
    }
    const deployments: HostDeployment[] = [];
    for (const one of listed.values())
      if (commits.has(String(field(one.meta, 'githubCommitSha'))))
        deployments.push(...(await asDeployment(api, one)));
    return { listed: listed.size, deployments };
  };
