import { labels as known } from '../../metrics/labels.ts';
import { groupPath, isOurShape } from '../../record/grouping.ts';
import { type Group, groupName, ofPipeline, ownLabels, valueIn } from './listing.ts';
import { ageText, type Finding, findingsAt, some } from './model.ts';

/** What the groups of a gateway tell of how it is used. Pure. */

const finding = findingsAt('Pushgateway');
const oldAfter = 86_400;
/** A runner's clock that is this much ahead puts a deployment's end into the future, seconds. */
const clockTolerance = 5;

const removal = (group: Group): string =>
  `Remove it: curl -X DELETE "$PUSHGATEWAY_URL/${groupPath(ownLabels(group))}"`;

function pushFailures(groups: readonly Group[]): Finding[] {
  return groups.flatMap((group) => {
    const failed = valueIn(group, 'push_failure_time_seconds') ?? 0;
    if (failed === 0 || failed <= (valueIn(group, 'push_time_seconds') ?? 0)) return [];
    return [
      finding(
        'error',
        'push-refused',
        `The last push was refused (at ${new Date(failed * 1000).toISOString()}), so what it said is missing.`,
        `Its step of the run says why, often a metric that was pushed before with another type or help. ${removal(group)}`,
        groupName(group),
      ),
    ];
  });
}

/** Why nobody reads a group; undefined when somebody does. */
function phantom(group: Group): string | undefined {
  const own = ownLabels(group);
  if (!isOurShape(own)) return 'No rule reads a group with these labels: they name no event of a deployment.';
  const wrong = Object.entries(own).find(([name, value]) => {
    const values: readonly string[] | 'open' = known[name as keyof typeof known] ?? 'open';
    return values !== 'open' && !values.includes(value);
  });
  if (wrong) return `The ${wrong[0]} "${wrong[1]}" is not one of those that the catalogue knows.`;
  if ((valueIn(group, 'push_time_seconds') ?? 0) === 0) return 'Nothing was ever pushed to it successfully.';
  return undefined;
}

const phantoms = (groups: readonly Group[]): Finding[] =>
  groups.flatMap((group) => {
    const why = phantom(group);
    return why ? [finding('warning', 'phantom-group', why, removal(group), groupName(group))] : [];
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
      'Every "record.mjs start" sweeps; is it given --no-sweep, or does it run out of time? By hand: node record.mjs sweep',
    ),
  ];
}

function runnerClocks(groups: readonly Group[]): Finding[] {
  const ahead = groups.flatMap((group) => {
    const finished = valueIn(group, 'deployment_finished_timestamp_seconds');
    const pushed = valueIn(group, 'push_time_seconds');
    const seconds = finished === undefined || pushed === undefined ? 0 : finished - pushed;
    return seconds > clockTolerance ? [{ id: deploymentOf(group), seconds }] : [];
  });
  if (ahead.length === 0) return [];
  const most = Math.max(...ahead.map(({ seconds }) => seconds));
  return [
    finding(
      'error',
      'runner-clock',
      `${some(ahead.map(({ id }) => id))} finished up to ${ageText(most)} after the gateway had heard of it: the runner's clock is ahead of the gateway's.`,
      'Synchronise the clocks (NTP) of the runner and of the Pushgateway’s host: a deployment in the future is in no window.',
    ),
  ];
}

/** Everything that the groups show. @param now the gateway's clock, Unix seconds */
export function examineGroups(all: readonly Group[], now: number): Finding[] {
  const groups = ofPipeline(all);
  return [
    ...pushFailures(groups),
    ...phantoms(groups),
    ...(groups.length > 0 ? oldGroups(groups, now) : []),
    ...runnerClocks(groups),
  ];
}
