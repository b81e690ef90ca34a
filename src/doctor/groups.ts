import { labels as known, pipelineMetrics } from '../metrics/index.ts';
import { groupPath, isOurShape } from '../record/index.ts';
import { type Group, groupName, ofPipeline, ownLabels, valueIn, valuesIn } from './listing.ts';
import { ageText, type Finding, findingsAt, some } from './model.ts';

/** Findings about the groups of a gateway. Pure. */

const finding = findingsAt('Pushgateway');
const oldAfter = 86_400;
/** A runner's clock that is this much ahead puts a deployment's end into the future, seconds. */
const clockTolerance = 5;
/** Sending takes seconds, and a gateway that is away for a while makes them more. */
const lateTolerance = 60;

/** @param access how curl shows its credentials */
const removal = (group: Group, access: string): string =>
  `Remove it: curl -X DELETE ${access}"$PUSHGATEWAY_URL/${groupPath(ownLabels(group))}"`;

function pushFailures(groups: readonly Group[], access: string): Finding[] {
  return groups.flatMap((group) => {
    const failed = valueIn(group, 'push_failure_time_seconds') ?? 0;
    if (failed === 0 || failed <= (valueIn(group, 'push_time_seconds') ?? 0)) return [];
    return [
      finding(
        'error',
        'push-refused',
        `The last push was refused (at ${new Date(failed * 1000).toISOString()}), so what it said is missing.`,
        `Its step of the run says why, often a metric that another group has with another type, or the same series twice. ${removal(group, access)}`,
        groupName(group),
      ),
    ];
  });
}

/** Why a group is not read; undefined when it is. */
function phantom(group: Group): string | undefined {
  const own = ownLabels(group);
  if (!isOurShape(own)) return 'No rule reads a group with these labels: they name no event of a deployment.';
  // The labels of a metric of the pipeline file are its own.
  const wrong = Object.entries('metric' in own ? {} : own).find(([name, value]) => {
    const values: readonly string[] | 'open' = known[name as keyof typeof known] ?? 'open';
    return values !== 'open' && !values.includes(value);
  });
  if (wrong) return `The ${wrong[0]} "${wrong[1]}" is not one of those that the catalogue knows.`;
  if ((valueIn(group, 'push_time_seconds') ?? 0) === 0) return 'Nothing was ever pushed to it successfully.';
  return undefined;
}

/** The older collector groups what it pushes by instance, as the design document has it. */
const ofCollector = (group: Group): boolean => 'instance' in ownLabels(group);
const collectorFix =
  'The older collector pushes such groups, and each replaces the one before: docs/collector.md says what to change in it.';

const phantoms = (groups: readonly Group[], access: string): Finding[] =>
  groups.flatMap((group) => {
    const why = phantom(group);
    const fix = ofCollector(group) ? collectorFix : removal(group, access);
    return why ? [finding('warning', 'phantom-group', why, fix, groupName(group))] : [];
  });

const deploymentOf = ({ labels }: Group): string =>
  `${labels.environment ?? ''}/${labels.deployment_id ?? ''}`;

function oldGroups(groups: readonly Group[], now: number): Finding[] {
  const heard = new Map<string, number>();
  for (const group of groups) {
    const id = deploymentOf(group);
    heard.set(id, Math.max(heard.get(id) ?? 0, valueIn(group, 'push_time_seconds') ?? 0));
  }
  const old = [...heard].filter(([, last]) => last > 0 && now - last > oldAfter);
  // The last deployment stays until the next one starts, however long ago it was.
  const newest = Math.max(...heard.values());
  const stale = old.filter(([, last]) => last !== newest);
  if (stale.length === 0) return [];
  const oldest = Math.min(...stale.map(([, last]) => last));
  return [
    finding(
      'warning',
      'old-groups',
      `Groups of ${some(stale.map(([id]) => id))} were last pushed up to ${ageText(now - oldest)} ago and are scraped to this day.`,
      'Run "node record.mjs sweep" on a schedule (docs/examples/sweep.yml). A start removes some where PROMETHEUS_URL is set and --no-sweep is not given.',
    ),
  ];
}

/** Metrics with times by the runner's clock; the trigger's time is by another one. */
const eventTimes = Object.keys(pipelineMetrics).filter(
  (name) => name.endsWith('_timestamp_seconds') && name !== 'deployment_triggered_timestamp_seconds',
);

/** Seconds by which the latest event that a group tells of is ahead of when the gateway received it; undefined when it tells of none. */
function aheadOfGateway(group: Group): number | undefined {
  const pushed = valueIn(group, 'push_time_seconds') ?? 0;
  const events = eventTimes.flatMap((name) => valuesIn(group, name));
  return pushed === 0 || events.length === 0 ? undefined : Math.max(...events) - pushed;
}

/** By how much the runner of each deployment is ahead: by the least, as a push may have been late, and never early. */
function skews(groups: readonly Group[]): { id: string; least: number; most: number }[] {
  const found = new Map<string, number[]>();
  for (const group of groups) {
    const ahead = aheadOfGateway(group);
    const id = deploymentOf(group);
    if (ahead !== undefined) found.set(id, [...(found.get(id) ?? []), ahead]);
  }
  return [...found].map(([id, all]) => ({
    id,
    least: Math.min(...all.map(Math.abs)),
    most: Math.max(...all),
  }));
}

function runnerClocks(groups: readonly Group[]): Finding[] {
  const all = skews(groups);
  const ahead = all.filter(({ most }) => most > clockTolerance);
  const behind = all.filter(({ least, most }) => most < 0 && least > lateTolerance);
  const names = (these: typeof all): string => some(these.map(({ id }) => id));
  const fix =
    'Synchronise the clocks (NTP) of the runner and of the Pushgateway’s host: a deployment is counted from the time at which its runner says that it finished, so in a window that is not its own.';
  return [
    ...(ahead.length === 0
      ? []
      : [
          finding(
            'error',
            'runner-clock',
            `${names(ahead)} tells of what happened up to ${ageText(Math.max(...ahead.map(({ most }) => most)))} after the gateway had heard of it: the runner's clock is ahead of the gateway's.`,
            fix,
          ),
        ]),
    ...(behind.length === 0
      ? []
      : [
          finding(
            'warning',
            'runner-clock',
            `All that ${names(behind)} tells of had happened ${ageText(Math.max(...behind.map(({ least }) => least)))} or more before the gateway heard of it: the runner's clock is behind the gateway's, or its pushes came late.`,
            fix,
          ),
        ]),
  ];
}

/** Everything that the groups show. @param now the gateway's clock, Unix seconds @param access how curl shows its credentials */
export function examineGroups(all: readonly Group[], now: number, access = ''): Finding[] {
  const groups = ofPipeline(all);
  return [
    ...pushFailures(groups, access),
    ...phantoms(groups, access),
    ...(groups.length > 0 ? oldGroups(groups, now) : []),
    ...runnerClocks(groups),
  ];
}
