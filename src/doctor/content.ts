import { nearest } from '../lib/words.ts';
import { type LabelValues, type MetricDefinition, pipelineMetrics } from '../metrics/index.ts';
import { type Family, type Group, groupName, isOwnFamily, ofPipeline } from './listing.ts';
import { type Finding, findingsAt, some } from './model.ts';

/** Whether what was pushed is what the catalogue says. Pure. */

const finding = findingsAt('Pushgateway');
/** Series of one deployment: thirty health checks of three services need 300; a run that loops makes thousands. */
const mostPerDeployment = 1_000;
/** Series on the whole gateway, each scraped every 15 s: what a hundred deployments within two hours need. */
const mostOnGateway = 50_000;

const catalogue: Readonly<Record<string, MetricDefinition>> = pipelineMetrics;

const wireType: Readonly<Record<MetricDefinition['type'], string>> = {
  counter: 'COUNTER',
  gauge: 'GAUGE',
  info: 'GAUGE',
  histogram: 'HISTOGRAM',
  recorded: '',
};

/** Python's library adds the time at which a series began; it is not read. */
const isByproduct = (name: string): boolean => name.endsWith('_created');

/** All families of the pipeline, by name. */
function families(groups: readonly Group[]): ReadonlyMap<string, readonly Family[]> {
  const found = new Map<string, Family[]>();
  for (const group of groups)
    for (const [name, family] of group.families)
      if (!isOwnFamily(name) && !isByproduct(name)) found.set(name, [...(found.get(name) ?? []), family]);
  return found;
}

/**
 * Metrics that groups of any job push with different types. A gateway that checks no push takes them, and then
 * answers no scrape at all.
 */
function mixedTypes(groups: readonly Group[]): Finding[] {
  const typed = new Map<string, Map<string, Group>>();
  for (const group of groups)
    for (const [name, { type }] of group.families) {
      const types = typed.get(name) ?? new Map<string, Group>();
      typed.set(name, types.has(type) ? types : types.set(type, group));
    }
  return [...typed]
    .filter(([, types]) => types.size > 1)
    .map(([name, types]) =>
      finding(
        'error',
        'mixed-types',
        `It is pushed as ${[...types].map(([type, group]) => `${type.toLowerCase()} (job ${group.labels.job}: ${groupName(group)})`).join(' and as ')}, so the gateway cannot be scraped.`,
        'Remove the groups that have the wrong type (curl -X DELETE), and push a "# TYPE" line with every metric; record.mjs does.',
        name,
      ),
    );
}

function unknownMetric(name: string): Finding {
  const near = nearest(name, Object.keys(pipelineMetrics));
  return finding(
    'warning',
    'unknown-metric',
    'A metric is pushed that the catalogue does not have, so nothing reads it.',
    near
      ? `Is ${near} meant? Else declare it under metrics in pipeline.config.ts.`
      : 'Declare it under metrics in pipeline.config.ts and record it with "record.mjs metric", or stop pushing it under this job.',
    name,
  );
}

function wrongType(name: string, definition: MetricDefinition, all: readonly Family[]): Finding[] {
  const expected = wireType[definition.type];
  const wrong = [...new Set(all.map(({ type }) => type))].filter((type) => type !== expected);
  return wrong.length === 0
    ? []
    : [
        finding(
          'error',
          'wrong-type',
          `It is pushed as ${wrong.join(' and ').toLowerCase()}, and the catalogue says ${expected.toLowerCase()}.`,
          'Record it with record.mjs, or correct the TYPE line of its producer; then remove the old groups.',
          name,
        ),
      ];
}

/** Labels that the gateway or the scrape adds. */
const added = new Set(['job', 'instance']);

function wrongLabels(name: string, definition: MetricDefinition, all: readonly Family[]): Finding[] {
  const unknown = new Set<string>();
  const values = new Map<string, Set<string>>();
  for (const { labels } of all.flatMap(({ metrics }) => metrics))
    for (const [label, value] of Object.entries(labels)) {
      if (added.has(label)) continue;
      const allowed: LabelValues | undefined = definition.labels[label];
      if (allowed === undefined) unknown.add(label);
      else if (allowed !== 'open' && value !== '' && !allowed.includes(value))
        values.set(label, (values.get(label) ?? new Set()).add(value));
    }
  const labelFindings = [...unknown].map((label) =>
    finding(
      'warning',
      'unknown-label',
      `It is pushed with the label ${label}, which the catalogue does not have.`,
      'Leave it out, or declare it in src/metrics/pipeline.ts. It may make two series of what is one.',
      name,
    ),
  );
  const valueFindings = [...values].map(([label, wrong]) =>
    finding(
      'error',
      'unknown-value',
      `The ${label} ${some([...wrong].map((value) => `"${value}"`))} is not one of those known, so no rule counts it.`,
      `Use one of ${(definition.labels[label] as readonly string[]).join(', ')}, or add it in src/metrics/labels.ts.`,
      name,
    ),
  );
  return [...labelFindings, ...valueFindings];
}

const seriesIn = ({ families: all }: Group): number =>
  [...all].reduce((sum, [name, { metrics }]) => sum + (isOwnFamily(name) ? 0 : metrics.length), 0);

function tooMany(groups: readonly Group[]): Finding[] {
  const perDeployment = new Map<string, number>();
  for (const group of groups) {
    const id = `${group.labels.environment ?? ''}/${group.labels.deployment_id ?? ''}`;
    perDeployment.set(id, (perDeployment.get(id) ?? 0) + seriesIn(group));
  }
  const total = [...perDeployment.values()].reduce((a, b) => a + b, 0);
  const many = [...perDeployment].filter(([, series]) => series > mostPerDeployment);
  const one = many.map(([id, series]) =>
    finding(
      'error',
      'too-many-series',
      `It has ${series} series; a deployment needs fewer than ${mostPerDeployment}.`,
      'A label has a new value with every push: look for a time, a counter or a message in attempt, test_name or migration_name.',
      `deployment ${id}`,
    ),
  );
  if (total <= mostOnGateway) return one;
  return [
    ...one,
    finding(
      'error',
      'too-many-series',
      `There are ${total} series, all of which are scraped every time.`,
      'Sweep more often (node record.mjs sweep --older-than 2h), and see which metric has most.',
    ),
  ];
}

/**
 * Everything that is pushed under our job and is not as the catalogue says, and what no gateway can expose.
 * @param own the metrics that the pipeline file defines
 */
export function examineContent(
  all: readonly Group[],
  own: Readonly<Record<string, MetricDefinition>> = {},
): Finding[] {
  const groups = ofPipeline(all);
  const perMetric = [...families(groups)].flatMap(([name, found]) => {
    const definition = catalogue[name] ?? own[name];
    if (!definition) return [unknownMetric(name)];
    return [...wrongType(name, definition, found), ...wrongLabels(name, definition, found)];
  });
  return [...mixedTypes(all), ...perMetric, ...tooMany(groups)];
}
