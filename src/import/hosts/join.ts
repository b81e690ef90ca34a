import type { Deployment } from '../../simulator/index.ts';
import type { HostDeployment } from './host.ts';

type Stage = Deployment['stages'][number];

/** A host may begin before the run does, which waits for a machine; and after its end, by a queue of its own. Seconds. */
const before = 120;
const after = 3_600;

const slug = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
const keyOf = ({ environment, commit }: { readonly environment: string; readonly commit: string }): string =>
  `${slug(environment)}\n${commit}`;

/** The stage of a service at its host, as its deployment there went. */
function stageOf(one: HostDeployment, own: Stage | undefined): Stage {
  const failed = !one.ok || own?.status === 'failure';
  return {
    service: (own?.service ?? slug(one.service)) as Stage['service'],
    stage: (own?.stage ?? `deploy_${one.host}`) as Stage['stage'],
    started: own?.started ?? one.started,
    finished: Math.max(own?.finished ?? 0, one.finished),
    status: failed ? 'failure' : (own?.status ?? 'success'),
    ...(failed && { errorType: own?.errorType ?? 'command_failed' }),
    ...(own?.message !== undefined && { message: own.message }),
  };
}

/** @param lone hosts with one service only: its name there need not be the pipeline's */
function withStages(
  deployment: Deployment,
  hosted: readonly HostDeployment[],
  lone: ReadonlySet<string>,
): Deployment {
  const stages = [...deployment.stages];
  for (const one of hosted) {
    const there = stages.filter(({ stage }) => stage === `deploy_${one.host}`);
    const own =
      there.find(({ service }) => slug(service) === slug(one.service)) ??
      (lone.has(one.host) && there.length === 1 ? there[0] : undefined);
    const stage = stageOf(one, own);
    if (own) stages[stages.indexOf(own)] = stage;
    else stages.push(stage);
  }
  const failed = hosted.some(({ ok }) => !ok);
  return {
    ...deployment,
    stages,
    finished: Math.max(deployment.finished ?? 0, ...hosted.map(({ finished }) => finished)),
    reported: failed && deployment.reported === 'success' ? 'failure' : deployment.reported!,
  };
}

/** The deployment of the same commit and environment during which the host's began: of re-runs the last. */
const ownerOf = (candidates: readonly Deployment[], { started }: HostDeployment): Deployment | undefined =>
  candidates.findLast((d) => d.triggered - before <= started && started <= (d.finished ?? d.started) + after);

/**
 * Adds what hosts know: a service that no step deploys, and of those that one does, how it ended after the step.
 * @returns also how many of the hosts' deployments belong to none: redeployed or rolled back by hand
 */
export function joinHosts(
  deployments: readonly Deployment[],
  hosted: readonly HostDeployment[],
): { readonly deployments: readonly Deployment[]; readonly alone: number } {
  const candidates = new Map<string, Deployment[]>();
  for (const d of deployments) candidates.set(keyOf(d), [...(candidates.get(keyOf(d)) ?? []), d]);
  // By service: a second try takes the place of the first.
  const found = new Map<Deployment, Map<string, HostDeployment>>();
  let alone = 0;
  for (const one of [...hosted].sort((a, b) => a.started - b.started)) {
    const owner = ownerOf(candidates.get(keyOf(one)) ?? [], one);
    if (!owner) alone++;
    else found.set(owner, (found.get(owner) ?? new Map()).set(`${one.host}\n${one.service}`, one));
  }
  const hosts = [...new Set(hosted.map(({ host }) => host))];
  const services = (host: string) =>
    new Set(hosted.filter((one) => one.host === host).map((one) => one.service));
  const lone = new Set(hosts.filter((host) => services(host).size === 1));
  return {
    deployments: deployments.map((d) => {
      const own = found.get(d);
      return own ? withStages(d, [...own.values()], lone) : d;
    }),
    alone,
  };
}
