import { EnvironmentFailure, explain, UserError } from '../lib/errors.ts';
import { redactor } from '../lib/redact.ts';
import { stripControls } from '../lib/sanitize.ts';
import { counted } from '../lib/words.ts';
import { type AlertmanagerHalf, applyAlertmanager, readAlertmanager } from './alertmanager/index.ts';
import { checkApproved } from './approved.ts';
import type { Dependencies, Options } from './context.ts';
import type { Desired } from './desired.ts';
import { GrafanaApply, type GrafanaHalf, readGrafana } from './grafana/index.ts';
import { leftAlone, type Outcome, type Plan, type PlannedChange, type Target, toApply } from './model.ts';
import {
  outcomeMarkdown,
  outcomeSummary,
  outcomeTable,
  planMarkdown,
  planTable,
  succeeded,
  summary,
} from './render.ts';
import { applyRules, type RulesHalf, readRules } from './rules/index.ts';
import type { Settings } from './settings.ts';

/** Result of a run; `code` is the exit code. */
export interface Result {
  readonly code: 0 | 1 | 2;
  readonly plan: Plan;
  readonly outcomes: readonly Outcome[];
}

interface TargetPlans {
  readonly rules: RulesHalf | undefined;
  readonly grafana: GrafanaHalf | undefined;
  readonly alertmanager: AlertmanagerHalf | undefined;
}

/** Drift needs a look; an annotation that Grafana forgot does not. */
const drift = (plan: Plan): PlannedChange[] =>
  [...toApply(plan), ...leftAlone(plan)].filter((c) => c.kind !== 'annotation');
/** Failures of targets that were read at once, as one. */
function unread(errors: readonly unknown[]): unknown {
  const other = errors.find((e) => !(e instanceof EnvironmentFailure) || e instanceof UserError);
  if (other !== undefined) return other;
  const failures = errors as readonly EnvironmentFailure[];
  const message = [...new Set(failures.map((e) => e.message))].join('\n');
  const notDone = failures[0]?.notDone ?? 'nothing was planned and nothing was changed';
  return new EnvironmentFailure(message, notDone);
}

/** Reads all targets at once and makes the plan. Nothing is changed; every failure is reported. */
async function read(
  desired: Desired,
  settings: Settings,
  options: Options,
  world: Dependencies,
): Promise<TargetPlans> {
  const reading = readRules(desired, settings, options, world);
  const served = reading.then((rules) => rules?.versions);
  // It fails with the half that it comes from, also where nothing waits for it.
  served.catch(() => {});
  const [rules, grafana, alertmanager] = await Promise.allSettled([
    reading,
    readGrafana(desired, settings, served, options, world),
    readAlertmanager(desired, settings, options, world),
  ]);
  if (rules.status === 'fulfilled' && grafana.status === 'fulfilled' && alertmanager.status === 'fulfilled')
    return { rules: rules.value, grafana: grafana.value, alertmanager: alertmanager.value };
  throw unread(
    [rules, grafana, alertmanager].flatMap((half) => (half.status === 'rejected' ? [half.reason] : [])),
  );
}

/** The part of both halves that is planned: everything, some dashboards alone, or what is to go. */
function confined(changes: readonly PlannedChange[], { dashboards, destroy }: Options): PlannedChange[] {
  if (destroy) return changes.filter((c) => c.action === 'delete');
  if (dashboards === undefined) return [...changes];
  const others = changes.filter((c) => c.kind === 'folder' || c.kind === 'data source');
  return [...others, ...changes.filter((c) => c.kind === 'dashboard' && dashboards.includes(c.id))];
}

const planOf = (
  desired: Desired,
  settings: Settings,
  options: Options,
  { rules, grafana, alertmanager }: TargetPlans,
): Plan => ({
  environment: settings.environment,
  version: desired.version,
  destinations: [rules?.destination, alertmanager?.destination, grafana?.destination].filter(
    (d) => d !== undefined,
  ),
  changes: confined(
    [...(rules?.changes ?? []), ...(alertmanager?.changes ?? []), ...(grafana?.changes ?? [])],
    options,
  ),
  ...(rules && { seen: rules.inspection.seen }),
  notes: [...(rules?.inspection.notes ?? []), ...(alertmanager?.notes ?? []), ...(grafana?.notes ?? [])],
});

/** The definitions that the run is about. @throws UserError naming dashboards that are not defined */
function scopeOf(desired: Desired, { dashboards, destroy }: Options): Desired {
  if (destroy) return { ...desired, dashboards: [], rules: [], alertmanager: undefined };
  const unknown = (dashboards ?? []).filter((uid) => !desired.dashboards.some((d) => d.uid === uid));
  if (unknown.length > 0)
    throw new UserError(
      `There is no dashboard ${unknown.join(', ')}.`,
      `There are: ${desired.dashboards.map((d) => d.uid).join(', ')}`,
    );
  return desired;
}

/** Delivers to one target. An unforeseen failure is an outcome too: something may have been delivered by then. */
async function deliver(
  target: Target,
  plan: Plan,
  work: (() => Promise<Outcome[]>) | undefined,
): Promise<Outcome[]> {
  if (work === undefined) return [];
  try {
    return await work();
  } catch (error) {
    const pending = toApply(plan).filter((c) => c.target === target);
    if (pending.length === 0) throw error;
    return pending.map((change) => ({ state: 'unknown', change, reason: explain(error) }));
  }
}

/**
 * Rules first: dashboards and the data source's check build on them. Alertmanager's configuration builds on neither, and
 * neither waits for it.
 */
async function apply(
  plan: Plan,
  halves: TargetPlans,
  desired: Desired,
  settings: Settings,
  options: Options,
  world: Dependencies,
): Promise<Outcome[]> {
  const { rules, grafana, alertmanager } = halves;
  const proven = await deliver(
    'prometheus',
    plan,
    rules && (() => applyRules(rules, plan, desired, options, world)),
  );
  const routed = await deliver(
    'alertmanager',
    plan,
    alertmanager && (() => applyAlertmanager(alertmanager, plan, options, world)),
  );
  const first = [...proven, ...routed];
  if (grafana === undefined || settings.grafana === undefined) return first;
  const waits = leftAlone(plan).find((c) => c.target === 'prometheus' && c.action !== 'unhealthy');
  if (waits || !succeeded(proven)) {
    const why = waits ? `wait for ${waits.needs ?? waits.id}` : 'were not delivered';
    const reason = `the rules ${why}, and dashboards build on them (--only grafana applies them alone)`;
    const waiting = toApply(plan).filter((c) => c.target === 'grafana');
    return [...first, ...waiting.map((change): Outcome => ({ state: 'not done', change, reason }))];
  }
  const applying = new GrafanaApply(grafana, settings.grafana, desired.version, world);
  const second = await applying.run(plan);
  return [...first, ...(await applying.checkedDatasource(plan, second, rules !== undefined))];
}

function printPlan(plan: Plan, { format, mode }: Options, print: (text: string) => void): void {
  if (format === 'markdown') print(planMarkdown(plan));
  else if (format === 'table') print(planTable(plan));
  else if (mode !== 'apply') print(JSON.stringify({ ...plan, summary: summary(plan) }, null, 2));
}

function printOutcomes(
  plan: Plan,
  outcomes: readonly Outcome[],
  { format }: Options,
  print: (text: string) => void,
): void {
  if (format === 'json') {
    const results = outcomes.map(({ change, ...rest }) => ({
      ...rest,
      target: change.target,
      kind: change.kind,
      id: change.id,
      action: change.action,
    }));
    print(
      JSON.stringify(
        { plan: { ...plan, summary: summary(plan) }, outcomes: results, summary: outcomeSummary(outcomes) },
        null,
        2,
      ),
    );
  } else if (outcomes.length > 0)
    print(`\n${format === 'markdown' ? outcomeMarkdown(outcomes) : outcomeTable(outcomes)}`);
}

/**
 * Asks whether to apply what there is to apply. Declining prints the same document as agreeing, with no
 * outcomes in it.
 * @throws UserError without a terminal and `--yes`
 */
async function agreed(plan: Plan, options: Options, world: Dependencies): Promise<boolean> {
  const count = toApply(plan).length;
  if (count === 0 || options.yes) return true;
  // The document comes last and is all of stdout, so what is asked about is shown beside it.
  if (world.ask && options.format === 'json') world.say(planTable(plan));
  const where = plan.environment ? ` to ${plan.environment}` : '';
  if (await world.ask?.(`Apply ${counted(count, 'change')}${where}? [y/N] `)) return true;
  printOutcomes(plan, [], options, world.print);
  if (world.ask === undefined)
    throw new UserError(
      'There is no terminal to ask at, so nothing was applied.',
      'To apply without asking: --yes',
    );
  world.say('Nothing was applied.');
  return false;
}

/**
 * Plans, and applies unless only the plan or a verification was asked for.
 * @throws UserError and EnvironmentFailure before anything was changed; afterwards outcomes say what was done
 */
export async function run(
  defined: Desired,
  settings: Settings,
  options: Options,
  world: Dependencies,
): Promise<Result> {
  const desired = scopeOf(defined, options);
  const redact = redactor(settings.secrets);
  const print = (text: string): void => world.print(redact(text));
  const safeWorld: Dependencies = { ...world, print, say: (text) => world.say(stripControls(redact(text))) };
  const halves = await read(desired, settings, options, safeWorld);
  const plan = planOf(desired, settings, options, halves);
  if (options.approved) checkApproved(options.approved, plan);
  printPlan(plan, options, print);
  if (options.mode === 'verify') return { code: drift(plan).length > 0 ? 2 : 0, plan, outcomes: [] };
  const changes = toApply(plan).length + leftAlone(plan).length;
  if (options.mode === 'plan') return { code: changes > 0 ? 2 : 0, plan, outcomes: [] };
  if (!(await agreed(plan, options, safeWorld))) return { code: 1, plan, outcomes: [] };
  const outcomes = await apply(plan, halves, desired, settings, options, safeWorld);
  printOutcomes(plan, outcomes, options, print);
  return { code: succeeded(outcomes) && leftAlone(plan).length === 0 ? 0 : 1, plan, outcomes };
}
