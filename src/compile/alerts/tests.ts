import { stringify } from 'yaml';
import {
  type Alert,
  type Example,
  type Family,
  type FiringExample,
  filledIn,
  type Notification,
  text,
  troubleshooting,
} from '../../alerts/index.ts';
import type { RuleGroup } from '../../metrics/index.ts';
import type { InputSeries } from '../../simulator/index.ts';
import { duration } from '../rules.ts';
import { rulesBehind } from './dependencies.ts';
import { examplesFile, inputOf } from './example-input.ts';
import { alertFile, alertGroup, annotationsOf, sentencesOf } from './rules.ts';

/** Seconds between two scrapes and two evaluations of a story that does not say otherwise. */
const usualStep = 60;

interface ExpectedAlert {
  readonly exp_labels: Record<string, string>;
  readonly exp_annotations: Record<string, string>;
}

/** The value of a label of the deployment's pushed info, as promtool's input has it. */
function pushedLabel(input: readonly InputSeries[], deployment: string, name: string): string | undefined {
  const info = input.find(
    ({ series }) => series.startsWith('deployment_info{') && series.includes(`deployment_id="${deployment}"`),
  );
  return new RegExp(`${name}="(?<text>[^"]*)"`).exec(info?.series ?? '')?.groups?.text;
}

/** A line for each deployment that it names, with the link onto the time at which it finished. */
const linksTo = (ids: readonly string[], { deployments = [], series = [] }: Example): string =>
  ids
    .map((id) => {
      const told = deployments.find((d) => d.id === id);
      const given = series.find((s) => s.labels.deployment_id === id);
      const finished = told?.finished ?? given?.values[0]?.value;
      const environment = told?.environment ?? given?.labels.environment ?? '';
      const link = troubleshooting(text`${environment}`, text`${id}`).template;
      return `${id} ${link}&time=${(finished ?? 0) * 1000}&time.window=7200000`;
    })
    .join('\n');

/** Values of the templates that no example spells out. */
function otherAnnotations(
  alert: Alert,
  example: FiringExample,
  { labels, deployments = [] }: Notification,
  input: readonly InputSeries[],
): Record<string, string> {
  const id = labels.deployment_id ?? '';
  const story = example.deployments?.find((d) => d.id === id);
  const from = story ? String(Math.round((story.started + story.clockOffset - 60) * 1000)) : 'now-6h';
  const { action, dashboard_url } = sentencesOf(alert);
  return {
    action: filledIn(action?.parts ?? [], labels),
    dashboard_url: filledIn(dashboard_url?.parts ?? [], labels, from),
    ...(alert.deployments && { deployments: linksTo(deployments, example) }),
    ...(alert.about === 'deployment' && { run_url: pushedLabel(input, id, 'run_url') ?? '' }),
  };
}

const expected = (alert: Alert, example: FiringExample, input: readonly InputSeries[]): ExpectedAlert[] =>
  example.notifications.map((notification) => ({
    exp_labels: { severity: alert.severity, ...notification.labels },
    exp_annotations: {
      ...annotationsOf(alert),
      ...otherAnnotations(alert, example, notification, input),
      summary: notification.summary,
      description: notification.description,
    },
  }));

/** An example, what is to come of it, and the steps in which it is told. */
export interface Told {
  readonly kind: 'fires' | 'stays silent' | 'ends';
  readonly example: Example | FiringExample;
  readonly step: number;
}

/** Every example of an alert. */
export function examplesOf({ examples: { step = usualStep, fires, silent, over = [] } }: Alert): Told[] {
  const told = (kind: Told['kind'], list: readonly Example[]): Told[] =>
    list.map((example) => ({ kind, example, step: example.step ?? step }));
  return [...told('fires', fires), ...told('stays silent', silent), ...told('ends', over)];
}

async function testOf(alert: Alert, { kind, example, step }: Told): Promise<object> {
  const input = await inputOf(example, step);
  return {
    name: `${kind}: ${example.title}`,
    interval: duration(step),
    input_series: input,
    alert_rule_test: [
      {
        eval_time: duration(example.at),
        alertname: alert.name,
        exp_alerts: 'notifications' in example ? expected(alert, example, input) : [],
      },
    ],
  };
}

type RuleFiles = Readonly<Record<string, readonly RuleGroup[]>>;

/** Recorded series that an example brings itself: no rule may write them as well. */
const givenBy = ({ example: { series = [] } }: Told): string[] =>
  [...new Set(series.map(({ metric }) => metric))].filter((name) => name.includes(':')).sort();

/**
 * Examples that can stand in one file: promtool evaluates everything in it at the same pace and with the same rules.
 */
function together(told: readonly Told[]): (readonly Told[])[] {
  const groups = new Map<string, Told[]>();
  for (const one of told) {
    const key = JSON.stringify([one.step, givenBy(one)]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** Expressions and templates of an alert. */
export const textsOf = (alert: Alert): string[] => [alert.expr.text, ...Object.values(annotationsOf(alert))];

async function testFileText(
  { alert, family, told, given }: AlertTest,
  ruleFiles: RuleFiles,
): Promise<string> {
  const step = told[0]?.step ?? usualStep;
  const files = Object.keys(rulesBehind(textsOf(alert), ruleFiles, given));
  // As data flows: with a step of ten minutes a value of the step before would be forgotten already.
  const groups = files.flatMap((file) => (ruleFiles[file] ?? []).map(({ name }) => name));
  const header = `# Generated by "npm run build" from the examples of ${alert.name} in ${examplesFile(family)}. Do not edit.\n`;
  const body = {
    rule_files: [...files, alertFile].map((name) => `../rules/${name}.yml`),
    evaluation_interval: duration(step),
    group_eval_order: [...groups, alertGroup],
    tests: await Promise.all(told.map((one) => testOf(alert, one))),
  };
  return header + stringify(body, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** A test file of an alert, and the recorded series that its examples bring themselves. */
export interface AlertTest {
  /** Below `generated/`. */
  readonly path: string;
  readonly alert: Alert;
  readonly family: Family;
  readonly told: readonly Told[];
  readonly given: readonly string[];
}

/**
 * The test files of alerts: one for each, and more of them (`-2`, `-3`) for examples that are told at another pace or
 * bring recorded series themselves.
 */
export const alertTestFiles = (families: readonly Family[]): AlertTest[] =>
  families.flatMap((family) =>
    family.alerts.flatMap((alert) =>
      together(examplesOf(alert)).map((told, i) => ({
        path: `prometheus/tests/${alert.name}${i === 0 ? '' : `-${i + 1}`}.yml`,
        alert,
        family,
        told,
        given: [...new Set(told.flatMap(givenBy))],
      })),
    ),
  );

/** The tests of alerts for `promtool test rules`, by path below `generated/`. */
export const alertTests = async (
  families: readonly Family[],
  ruleFiles: RuleFiles,
): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      alertTestFiles(families).map(async (test) => [test.path, await testFileText(test, ruleFiles)] as const),
    ),
  );
