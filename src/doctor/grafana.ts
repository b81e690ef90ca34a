import { systemClock } from '../lib/clock.ts';
import { EnvironmentFailure, UserError } from '../lib/errors.ts';
import { environmentTransport } from '../lib/proxy.ts';
import { counted } from '../lib/words.ts';
import {
  type Action,
  type Dependencies,
  type Desired,
  type GrafanaHalf,
  lookupIn,
  type Options,
  type PlannedChange,
  readGrafana,
  readSettings,
} from '../provision/index.ts';
import { type Finding, findingsAt, type Severity, type Step } from './model.ts';

const title = 'Grafana';
const finding = findingsAt(title);
const apply = 'npm run provision -- --only grafana';

const options: Options = {
  mode: 'plan',
  format: 'json',
  only: 'grafana',
  flags: { adopt: false, force: false, prune: false, createDatasource: false },
  yes: false,
  proofMs: undefined,
};

const world: Dependencies = {
  transport: environmentTransport(),
  clock: systemClock,
  print: () => {},
  say: () => {},
  ask: undefined,
  signal: undefined,
  commit: () => '',
};

/** Reads Grafana as provisioning does. @throws EnvironmentFailure also when an answer has another shape than Grafana's */
async function read(
  env: NodeJS.ProcessEnv,
  desired: Desired,
  versions: readonly string[] | undefined,
): Promise<GrafanaHalf | undefined> {
  const settings = readSettings(lookupIn(env, {}, undefined), { only: 'grafana', plainHttp: true });
  return await readGrafana(desired, settings, versions, options, world);
}

/** Findings by the action that provisioning plans for a dashboard. */
const dashboards: Partial<
  Record<Action, { severity: Severity; id: string; summary: (c: PlannedChange) => string; fix: string }>
> = {
  create: {
    severity: 'error',
    id: 'dashboard-missing',
    summary: () => 'It is not in Grafana.',
    fix: `Put it there: ${apply}`,
  },
  update: {
    severity: 'error',
    id: 'dashboard-version',
    summary: ({ details }) => `It is not the one of this version: ${details.join('; ')}.`,
    fix: `Bring it up to date: ${apply}`,
  },
  edited: {
    severity: 'warning',
    id: 'dashboard-edited',
    summary: ({ details }) => `It was ${details.join(' ')}.`,
    fix: `Move the change into dashboards/, or undo it: ${apply} --force`,
  },
  adopt: {
    severity: 'warning',
    id: 'dashboard-foreign',
    summary: () => 'A dashboard with this uid is there that was not provisioned from here.',
    fix: `Take it over: ${apply} --adopt`,
  },
  blocked: {
    severity: 'warning',
    id: 'dashboard-blocked',
    summary: ({ details }) => `It cannot be brought up to date: ${details.join('; ')}.`,
    fix: 'See docs/provision.md.',
  },
  delete: {
    severity: 'warning',
    id: 'dashboard-left-over',
    summary: () => 'It was provisioned from here once and is no longer defined.',
    fix: `Remove it: ${apply} --prune`,
  },
};

/** The finding behind a line of provisioning's plan. Pure. */
export function judgeChange(change: PlannedChange): Finding[] {
  const { kind, action, id, details } = change;
  if (kind === 'dashboard') {
    const known = dashboards[action];
    return known
      ? [finding(known.severity, known.id, known.summary(change), known.fix, `dashboard ${id}`)]
      : [];
  }
  if (kind === 'data source' && action !== 'unchanged')
    return [
      finding(
        'error',
        action === 'unhealthy' ? 'datasource-unhealthy' : 'datasource-missing',
        `The data source of the dashboards does not work: ${details.join('; ')}.`,
        action === 'create'
          ? `Make one: ${apply} --create-datasource. Or set GRAFANA_DATASOURCE to one that is there.`
          : 'Correct it in Grafana (Connections › Data sources), or set GRAFANA_DATASOURCE to another one.',
        `data source ${change.title}`,
      ),
    ];
  if (kind === 'folder' && action === 'create')
    return [
      finding(
        'error',
        'folder-missing',
        'The folder of the dashboards is not there.',
        `Make it: ${apply}`,
        id,
      ),
    ];
  if (kind === 'folder' && action !== 'unchanged')
    return [finding('warning', 'folder', `${details.join('; ')}.`, 'See docs/provision.md.', id)];
  return [];
}

/** Is Grafana there with the dashboards of this version, on the data source that is meant? @param versions of the rules that Prometheus runs */
export async function examineGrafana(
  env: NodeJS.ProcessEnv,
  desired: Desired | undefined,
  versions: readonly string[] | undefined,
): Promise<Step> {
  if (!env.GRAFANA_URL?.trim())
    return {
      title,
      seen: 'not asked',
      findings: [
        finding(
          'warning',
          'grafana-unset',
          'GRAFANA_URL is not set, so the dashboards were not looked at.',
          'Set GRAFANA_URL and GRAFANA_TOKEN (a service account with the role Editor).',
        ),
      ],
    };
  if (!desired) return { title, seen: 'not compared: generated/ is not what a build wrote', findings: [] };
  try {
    const half = await read(env, desired, versions);
    const seen = `${half?.destination.where}, ${counted(desired.dashboards.length, 'dashboard')}`;
    return { title, seen, findings: (half?.changes ?? []).flatMap(judgeChange) };
  } catch (error) {
    if (!(error instanceof EnvironmentFailure || error instanceof UserError)) throw error;
    const fix = error instanceof UserError && error.fix ? error.fix : 'Check GRAFANA_URL and GRAFANA_TOKEN.';
    return {
      title,
      seen: 'not asked',
      findings: [finding('error', 'grafana-unreachable', error.message, fix)],
    };
  }
}
