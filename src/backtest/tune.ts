import type { FileRule } from '../compile/index.ts';
import type { RuleGroup } from '../metrics/index.ts';
import type { Pipeline, Targets } from '../pipeline/index.ts';
import { classify, missed } from './classify.ts';
import { firesAlike } from './compare.ts';
import type { Past } from './deployments.ts';
import type { Replay, Span } from './replay.ts';

/** A number of the targets, by its path in the pipeline file: `rollbacks.perWeek`. */
export interface TargetNumber {
  readonly path: string;
  readonly value: number;
}

/** Every number of the targets. */
export const numbersOf = (targets: Targets): TargetNumber[] => {
  const walk = (part: object, prefix: string): TargetNumber[] =>
    Object.entries(part).flatMap(([name, value]) =>
      typeof value === 'number'
        ? [{ path: prefix + name, value }]
        : walk(value as object, `${prefix}${name}.`),
    );
  return walk(targets, '');
};

/** A pipeline in which one target has another value. */
export function withTarget(pipeline: Pipeline, path: string, value: number): Pipeline {
  const set = (part: object, [name = '', ...rest]: readonly string[]): object => ({
    ...part,
    [name]: rest.length === 0 ? value : set((part as Record<string, object>)[name]!, rest),
  });
  return { ...pipeline, targets: set(pipeline.targets, path.split('.')) as Targets };
}

/**
 * Other values of a target that are worth a look, rising: of a count its neighbours and the double, of a promise near 1
 * half to twice of what may be missed, of other numbers half to twice.
 */
export function candidates(value: number): number[] {
  const factors = [0.5, 0.75, 1.25, 1.5, 2];
  const others =
    Number.isInteger(value) && value < 10
      ? [value - 1, value + 1, value + 2, 2 * value]
      : value < 1 && value > 0.5
        ? factors.map((factor) => 1 - factor * (1 - value))
        : factors.map((factor) => factor * value);
  const rounded = others.map((one) =>
    Number.isInteger(value) ? Math.round(one) : Number(one.toPrecision(6)),
  );
  const sound = (one: number): boolean => one > 0 && one !== value && (value >= 1 || one <= 1);
  return [...new Set(rounded)].filter(sound).sort((a, b) => a - b);
}

type RuleFiles = Readonly<Record<string, readonly RuleGroup[]>>;

/** The alerts of rule files, as a file has them. */
const alertsIn = (files: RuleFiles): Map<string, FileRule> =>
  new Map(
    Object.values(files)
      .flat()
      .flatMap(({ rules }) =>
        rules.flatMap((rule): [string, FileRule][] =>
          rule.kind === 'alert'
            ? [
                [
                  rule.alert,
                  {
                    alert: rule.alert,
                    expr: rule.expr.text,
                    ...(rule.for && { for: rule.for }),
                    ...(rule.keepFiringFor && { keep_firing_for: rule.keepFiringFor }),
                    labels: rule.labels,
                  },
                ],
              ]
            : [],
        ),
      ),
  );
const recordedIn = (files: RuleFiles): string =>
  Object.values(files)
    .flat()
    .flatMap(({ rules }) =>
      rules.flatMap((rule) => (rule.kind === 'record' ? [`${rule.record} ${rule.expr.text}`] : [])),
    )
    .join('\n');

/** The alerts that another value of a target makes fire otherwise; `recorded`: series depend on it that are recorded. */
export function changedBy(now: RuleFiles, then: RuleFiles): FileRule[] | 'recorded' {
  if (recordedIn(now) !== recordedIn(then)) return 'recorded';
  const before = alertsIn(now);
  return [...alertsIn(then)].flatMap(([name, rule]) => {
    const own = before.get(name);
    return own && !firesAlike(own, rule) ? [rule] : [];
  });
}

/** How the alerts that read a target would have fired with one of its values. */
export interface Trial {
  readonly value: number;
  readonly fired: number;
  readonly right: number;
  readonly false: number;
  /** Firings of which it cannot be said. */
  readonly unknown: number;
  /** Bad deployments that no alert at all was about. */
  readonly missed: number;
}

/** A target, what was tried, and what is proposed. */
export interface Tuned extends TargetNumber {
  readonly alerts: readonly string[];
  /** By value, today's too. */
  readonly trials: readonly Trial[];
  /** Fewer false firings or fewer misses, and not more of the other; undefined: no candidate is better than today's. */
  readonly proposed?: number;
}

/** The question of {@link tune}. */
export interface TuneQuestion {
  readonly pipeline: Pipeline;
  readonly rulesOf: (pipeline: Pipeline) => RuleFiles;
  readonly replay: (rule: FileRule) => Promise<Replay>;
  readonly deployments: readonly Past[];
  readonly span: Span;
  /** Only targets that this alert asks for. */
  readonly only?: string;
  readonly say: (text: string) => void;
}

/** The best of trials that is better than today's in one way and worse in none. */
function best(trials: readonly Trial[], today: Trial): number | undefined {
  const better = trials.filter(
    (one) =>
      one.missed <= today.missed &&
      one.false <= today.false &&
      one.missed + one.false < today.missed + today.false,
  );
  const distance = ({ value }: Trial): number => Math.abs(value - today.value);
  const [first] = better.sort(
    (a, b) => a.missed + a.false - (b.missed + b.false) || distance(a) - distance(b),
  );
  return first?.value;
}

/**
 * Tries other values of each target that alerts ask for, on the history of a server. Nothing is changed.
 * @returns what was tried, and the targets that recorded series depend on: what was recorded has today's value in it
 */
export async function tune(question: TuneQuestion): Promise<{ tuned: Tuned[]; recorded: string[] }> {
  const { pipeline, rulesOf, replay, deployments, span, only, say } = question;
  const now = rulesOf(pipeline);
  const all = new Map<string, Replay>();
  for (const [name, rule] of alertsIn(now)) {
    say(`today: ${name}`);
    all.set(name, await replay(rule));
  }
  const trial = async (value: number, changed: readonly FileRule[], names: readonly string[]) => {
    const replays = new Map(all);
    for (const rule of changed) replays.set(rule.alert ?? '', await replay(rule));
    const own = classify(
      names.map((name) => replays.get(name)!),
      deployments,
      span,
    );
    const sum = (pick: (one: (typeof own)[number]) => number): number =>
      own.reduce((total, one) => total + pick(one), 0);
    return {
      value,
      fired: sum(({ firings }) => firings.length),
      right: sum(({ firings }) => firings.filter(({ worth }) => worth === 'right').length),
      false: sum((one) => one.falsePositives),
      unknown: sum((one) => one.unknown),
      missed: missed([...replays.values()], deployments, span).length,
    };
  };
  const tuned: Tuned[] = [];
  const recorded: string[] = [];
  for (const { path, value } of numbersOf(pipeline.targets)) {
    const changes = new Map<number, FileRule[]>();
    for (const other of candidates(value)) {
      const changed = changedBy(now, rulesOf(withTarget(pipeline, path, other)));
      if (changed === 'recorded') {
        recorded.push(path);
        break;
      }
      if (changed.length === 0) break;
      changes.set(other, changed);
    }
    const names = [...new Set([...changes.values()].flat().map(({ alert = '' }) => alert))].sort();
    if (changes.size === 0 || recorded.at(-1) === path) continue;
    if (only !== undefined && !names.includes(only)) continue;
    const today = await trial(value, [], names);
    const trials: Trial[] = [];
    for (const [other, changed] of changes) {
      say(`${path} ${other}: ${names.join(', ')}`);
      trials.push(await trial(other, changed, names));
    }
    const proposed = best(trials, today);
    tuned.push({
      path,
      value,
      alerts: names,
      trials: [...trials, today].sort((a, b) => a.value - b.value),
      ...(proposed !== undefined && { proposed }),
    });
  }
  return { tuned, recorded };
}
