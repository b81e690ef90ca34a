import type { Bundle, MetricDefinitions } from '../../src/compile/bundle.ts';
import { alerts, families, objectives, reliability } from '../relay.ts';
import type { Broken } from './broken-definition.ts';

/** Anything that could stand in a definition. */
type Loose = Record<string, unknown>;

/** A copy of a value with one part replaced, or left out; `path` is as a finding says it. */
function withPart(value: unknown, path: string, part: unknown): unknown {
  const [name = '', ...rest] = path.split(/[.[\]]+/).filter(Boolean);
  const copy: Loose | unknown[] = Array.isArray(value)
    ? [...value]
    : Object.assign(Object.create(Object.getPrototypeOf(value)), value);
  const holder = copy as Loose;
  if (rest.length > 0) holder[name] = withPart(holder[name], rest.join('.'), part);
  else if (part === undefined) delete holder[name];
  else holder[name] = part;
  return copy;
}

const health = objectives.find(({ id }) => id === 'post-deployment-health')!;
const family = families.find(({ name }) => name === 'collection')!;
const down = { ...alerts.find(({ name }) => name === 'PushgatewayDown')!, inhibitedBy: [] };

const inAlert = (alert: unknown) => (bundle: Bundle) => ({
  ...bundle,
  families: [{ ...family, alerts: [alert] }] as unknown as Bundle['families'],
});
const inObjectives =
  (...objectives: unknown[]) =>
  (bundle: Bundle) => ({ ...bundle, objectives: objectives as unknown as Bundle['objectives'] });

/** A part of an alert, and what stands there instead; nothing, where that is undefined. */
type Case = readonly [path: string, part?: unknown];

const alertCases: readonly Case[] = [
  ['severity'],
  ['severity', 'urgent'],
  ['about'],
  ['about', 'service'],
  ['expr'],
  ['expr', 'up == 0'],
  ['forReason'],
  ['hold', ''],
  ['summary'],
  ['summary', 'It is down'],
  ['description'],
  ['deployments', 'one, two'],
  ['inhibitedBy', 'DeploymentFailed'],
  ['silencedby', ['DeploymentFailed']],
  ['runbook'],
  ['runbook.meaning'],
  ['runbook.impact'],
  ['runbook.diagnosis'],
  ['runbook.diagnosis', []],
  ['runbook.diagnosis[0].question'],
  ['runbook.diagnosis[0].query'],
  ['runbook.diagnosis[0].query', 'up'],
  ['runbook.mitigation'],
  ['runbook.mitigation', []],
  ['examples'],
  ['examples.fires'],
  ['examples.fires', []],
  ['examples.fires[0].title'],
  ['examples.fires[0].at'],
  ['examples.fires[0].at', '15m'],
  ['examples.fires[0].notifications'],
  ['examples.fires[0].notifications', []],
  ['examples.fires[0].notifications[0].summary'],
  ['examples.fires[0].notifications[0].labels'],
  ['examples.silent'],
  ['examples.silent', []],
  ['examples.silent[0].at'],
];

const objectiveCases: readonly Case[] = [
  ['title'],
  ['question'],
  ['indicator'],
  ['indicator.events'],
  ['indicator.good'],
  ['indicator.total'],
  ['indicator.bad'],
  ['indicator.bad', 'up'],
  ['objective'],
  ['objective', 99],
  ['text'],
  ['agreement.consequence'],
  ['agreement.objective', 98],
  ['budget'],
  ['budget.kind', 'frozen'],
  ['budget.text'],
  ['budget.spent'],
  ['burn'],
  ['burn', 'page'],
  ['source'],
  ['titel', 'Reliability'],
];

const spare = {
  type: 'gauge',
  unit: 'seconds',
  help: 'A series of a test.',
  labels: { environment: 'open' },
  producers: ['application'],
  required: false,
};
const metricCases: readonly Case[] = [
  ['type'],
  ['type', 'summary'],
  ['unit'],
  ['unit', 'second'],
  ['help'],
  ['labels'],
  ['labels.environment', 'production'],
  ['producers'],
  ['producers[0]', 'somebody'],
  ['required'],
  ['pushedonce', true],
];

const nameOf = (path: string, part: unknown): string =>
  part === undefined
    ? `nothing at ${path}`
    : `${typeof part === 'string' ? `"${part}"` : JSON.stringify(part)} at ${path}`;

/** Definitions that lack a part, or have another one in its place: what a cast lets through the types. */
export const brokenParts: readonly Broken[] = [
  ...alertCases.map(
    ([path, part]): Broken => ({
      name: nameOf(path, part),
      changes: { built: inAlert(withPart(down, path, part)) },
      id: 'alert-parts',
      place: ['alerts.yml', 'deployment-alerts', 'PushgatewayDown', path],
    }),
  ),
  ...objectiveCases.map(
    ([path, part]): Broken => ({
      name: nameOf(path, part),
      changes: { built: inObjectives(withPart(reliability, path, part)) },
      id: 'objective-parts',
      place: ['objectives', 'deployment-reliability', path],
    }),
  ),
  {
    name: 'a budget that is tied to an SLO that does not exist',
    changes: { built: inObjectives(health) },
    id: 'objective-parts',
    place: ['objectives', 'post-deployment-health'],
  },
  ...metricCases.map(
    ([path, part]): Broken => ({
      name: nameOf(path, part),
      changes: { metrics: { spare_seconds: withPart(spare, path, part) } as unknown as MetricDefinitions },
      id: 'metric-parts',
      place: ['catalogue', 'spare_seconds', path],
    }),
  ),
];
