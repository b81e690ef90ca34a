import { cleanName } from '../../lib/words.ts';
import { uids } from '../../pipeline/index.ts';
import { carried } from '../pipeline.ts';
import { formatSeconds } from '../time.ts';
import type { DeploymentResult, StageResult } from './model.ts';

// Words that the summary, comments, messages and annotations share. Plain text: each of them escapes it.

/** A code of the recorder, as a person reads it; nothing in it is markup anywhere. */
export const spaced = (code: string): string => cleanName(code).replaceAll('_', ' ').trim();

/** `14:02 UTC`. @param seconds Unix time */
export const clock = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(11, 16)} UTC`;

/** `2026-12-01 14:02 UTC`. @param seconds Unix time */
export const moment = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 10)} ${clock(seconds)}`;

/** A sign for an outcome, for a glance. */
export const signs: Readonly<Record<DeploymentResult['outcome'], string>> = {
  running: '🔵',
  success: '✅',
  failure: '❌',
  rolled_back: '↩️',
  abandoned: '❔',
  cancelled: '⏹️',
};

const verdicts: Readonly<Record<DeploymentResult['outcome'], string>> = {
  running: 'is running',
  success: 'succeeded',
  failure: 'failed',
  rolled_back: 'was rolled back',
  abandoned: 'was abandoned',
  cancelled: 'was cancelled',
};

/** `succeeded`, `was rolled back: health check failed`. */
export const verdict = ({ outcome, rollback }: DeploymentResult): string =>
  `${verdicts[outcome]}${outcome === 'rolled_back' && rollback ? `: ${spaced(rollback.reason)}` : ''}`;

/** Seconds from the trigger to the end; undefined while it runs. */
export const took = ({ triggered, started, finished }: DeploymentResult): number | undefined => {
  const from = triggered ?? started;
  return from === undefined || finished === undefined ? undefined : Math.max(0, finished - from);
};

/** ` in 5 min 0 s`; empty while it runs. */
export function inTime(result: DeploymentResult): string {
  const seconds = took(result);
  return seconds === undefined ? '' : ` in ${formatSeconds(seconds)}`;
}

/** One thing that failed. */
export interface Failed {
  readonly what: string;
  readonly type: string;
  readonly message: string;
  readonly url?: string;
}

/** Everything that failed, in the order in which it happened; smoke tests last. */
export const failures = ({ stages, smokeTests }: DeploymentResult): Failed[] => [
  ...stages
    .filter(({ status }) => status === 'failure')
    .map(({ name, error, logUrl }) => ({
      what: name,
      type: error?.type ?? '',
      message: error?.message ?? '',
      ...(logUrl !== undefined && { url: logUrl }),
    })),
  ...smokeTests
    .filter(({ passed }) => !passed)
    .map(({ name, note = '' }) => ({ what: `smoke test ${name}`, type: 'test_failed', message: note })),
];

/** Seconds that a stage took; undefined while it runs, or where its start is not known. */
export const stageSeconds = ({ started, finished }: StageResult): number | undefined =>
  started === undefined || finished === undefined ? undefined : Math.max(0, finished - started);

/** `42 %`; never rounded up. */
export const percent = (share: number): string => `${Math.floor(Number((share * 1000).toFixed(6))) / 10} %`;

/** Error budget spent by the deployment, and left in the month; undefined where there is none. */
export function budgetText({ budget }: DeploymentResult): string | undefined {
  if (!budget) return undefined;
  const { spent, left, allowed } = budget;
  const of =
    allowed === undefined
      ? ' failed deployments'
      : ` of the ${Number(allowed.toFixed(1))} failed deployments that the month allows so far`;
  const took = spent === 0 ? 'spent nothing' : `spent ${spent}${of}`;
  const rest =
    left === undefined
      ? 'how much is left is not known'
      : left < 0
        ? `overspent by ${percent(-left)}`
        : `${percent(left)} is left`;
  return `this deployment ${took}; ${rest}`;
}

/** An address that may be clicked; undefined for anything else. Every sign that ends a link in Markdown or in a chat is encoded. */
export function address(url: string | undefined): string | undefined {
  if (!url || !/^https?:\/\/\S+$/i.test(url) || !URL.canParse(url)) return undefined;
  return new URL(url).href.replace(
    /[()<>|"'`*\\[\]]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Where to look further: the dashboard on this deployment, its run, logs of its hosts. */
export function links(result: DeploymentResult): { readonly title: string; readonly url: string }[] {
  const { grafana, hosting, services } = carried();
  const { environment, id, triggered, started, finished } = result;
  const from = triggered ?? started;
  const span =
    from === undefined
      ? ''
      : `&from=${Math.floor((from - 60) * 1000)}&to=${finished === undefined ? 'now' : Math.ceil((finished + 300) * 1000)}`;
  const dashboard =
    grafana &&
    `${grafana}/d/${uids.troubleshooting}/?var-environment=${encodeURIComponent(environment)}&var-deployment=${encodeURIComponent(id)}${span}`;
  const logs = Object.entries(services).flatMap(([service, { hosting: host }]) => {
    const { title = '', logs = '' } = host === undefined ? {} : (hosting[host] ?? {});
    const filled = logs
      .replaceAll('{service}', encodeURIComponent(service))
      .replaceAll('{deployment_id}', encodeURIComponent(id))
      .replaceAll('{environment}', encodeURIComponent(environment));
    return [{ title, url: filled }];
  });
  const seen = new Set<string>();
  return [
    { title: 'Dashboard of this deployment', url: dashboard },
    { title: 'Run', url: result.runUrl },
    ...logs,
  ].flatMap(({ title, url }) => {
    const usable = address(url);
    if (usable === undefined || seen.has(usable)) return [];
    seen.add(usable);
    return [{ title, url: usable }];
  });
}
