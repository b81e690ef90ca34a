import { outcomes, rollbackReasons, stageStatuses } from '../../src/metrics/codes.ts';
import type { Comparison } from '../oracle/compare.ts';
import { type Facts, totalCost } from '../oracle/facts.ts';
import type { Labelled } from '../oracle/statistics.ts';
import { notReached, stateOf } from './bars.ts';
import { failuresOf, partsOf, usual } from './parts.ts';
import type { View } from './view.ts';

/** Truth of one query of a panel. */
export interface PanelTruth extends Comparison {
  readonly values: (view: View) => readonly Labelled[];
}

const idOf = ({ id, environment }: Facts): Record<string, string> => ({ environment, deployment_id: id });
/** One number of the chosen deployment; none when it has none. */
const number = (value: (view: View) => number | undefined, more: Comparison = {}): PanelTruth => ({
  ...more,
  values: (view) => {
    const found = value(view);
    return found === undefined ? [] : [{ labels: idOf(view.facts), value: found }];
  },
});
const ms = (seconds: number | undefined): number | undefined => seconds && seconds * 1000;
/** Milliseconds since 1970 have thirteen digits: nothing coarser than one of them. */
const toTheMillisecond: Comparison = { within: 1 };

const rollbackCode = ({ facts }: View): number => {
  if (facts.deployment.rollbacks.some(({ ok }) => ok === false)) return -1;
  return rollbackReasons[facts.rollbackReason];
};
const duration = ({ facts, state }: View): number => facts.duration ?? state.to - facts.triggered;

/** It succeeded, or may still. */
const went = ({ facts: { outcome } }: View): boolean => outcome === 'success' || outcome === 'running';
const verdicts: Readonly<Partial<Record<Facts['outcome'], string>>> = {
  success: 'The deployment succeeded.',
  cancelled: 'It was cancelled.',
  running: 'It runs.',
};

const infoLabels = ({ deployment: d }: Facts): Record<string, string> => ({
  branch: d.branch,
  commit: d.commit,
  version: d.version,
  actor: d.actor,
});
/** The recorder's own links are tested with the recorder. */
const urls = { ignore: ['run_url', 'repository_url'] };
/** One number of the chosen deployment, on a panel that says which one that is. */
const single = (value: (view: View) => number | undefined): PanelTruth => ({
  values: (view) => {
    const found = value(view);
    return found === undefined ? [] : [{ labels: {}, value: found }];
  },
});
const ended = (facts: Facts): boolean => facts.finished !== undefined;

/** Those of the services that are shown, and those of the deployment as a whole. */
const shownFailures = ({ facts, shows }: View) =>
  failuresOf(facts).filter(({ service }) => service === undefined || shows({ service }));
const errors: PanelTruth = {
  ...toTheMillisecond,
  ignore: ['log_url'],
  values: (view) =>
    shownFailures(view).map(({ time, service: _, ...labels }) => ({ labels, value: time * 1000 })),
};

const parts = ({ facts, shows }: View) => partsOf(facts.deployment).filter(shows);
const finishedParts = (view: View) =>
  parts(view).flatMap((p) => (p.finished === undefined ? [] : [{ ...p, finished: p.finished }]));
const stageLabels = ({ service, stage }: { service: string; stage: string }) => ({
  service,
  stage,
  name: `${service} ${stage}`,
});
const onlyStage = ({ service, stage }: { service: string; stage: string }) => ({ service, stage });
/** Another part still ran when this one ended, to the second. */
const outlasted = ({ facts }: View, { finished }: { finished?: number }): boolean => {
  if (finished === undefined) return false;
  const second = Math.ceil(finished);
  return partsOf(facts.deployment).some(
    (other) => other.started <= second - 1 && (other.finished ?? Number.POSITIVE_INFINITY) > second,
  );
};
const usualOf = (q: number): PanelTruth => ({
  values: (view) =>
    parts(view).flatMap((part) => {
      const value = usual(view.then, view.facts.environment, part, q);
      return value === undefined ? [] : [{ labels: stageLabels(part), value }];
    }),
});

/** How many there are of each. */
const tally = (label: string, names: readonly string[]): Labelled[] =>
  [...new Set(names)].map((name) => ({
    labels: { [label]: name },
    value: names.filter((other) => other === name).length,
  }));

/** Other deployments near it, one for each service that they touch, with a number of each. */
const nearby = (value: (facts: Facts, view: View) => number, more: Comparison): PanelTruth => ({
  ...more,
  values: (view) =>
    view.now.facts
      .filter((f) => Math.abs(f.started - view.facts.started) <= 3_600)
      .filter((f) => f.id !== view.facts.id || f.environment !== view.facts.environment)
      .flatMap((f) => {
        const services = [...new Set(partsOf(f.deployment).map(({ service }) => service))];
        const labels = services.length > 0 ? services.map((service) => ({ service })) : [{}];
        return labels.map((own) => ({ labels: { ...idOf(f), ...own }, value: value(f, view) }));
      }),
});

/** Both deployments, told apart by `which`. */
const both = (
  value: (facts: Facts) => number | undefined,
  more: Comparison & { info?: boolean } = {},
): PanelTruth => ({
  ...more,
  values: ({ facts, compared }) =>
    [{ which: 'this', f: facts }, ...(compared ? [{ which: 'compared with', f: compared }] : [])].flatMap(
      ({ which, f }) => {
        const found = value(f);
        const labels = { ...idOf(f), which, ...(more.info && infoLabels(f)) };
        return found === undefined ? [] : [{ labels, value: found }];
      },
    ),
});

type Measures = Readonly<Record<string, number | undefined>>;
const measured = (measures: Measures): Labelled[] =>
  Object.entries(measures).flatMap(([name, value]) =>
    value === undefined ? [] : [{ labels: { name }, value }],
  );
const difference = (a: Measures, b: Measures): Measures =>
  Object.fromEntries(
    Object.entries(a).map(([name, value]) => {
      const other = b[name];
      return [name, value === undefined || other === undefined ? undefined : value - other];
    }),
  );

const whole = 'push to finish';
const ownDurations = (view: View): Measures => ({
  ...Object.fromEntries(finishedParts(view).map((p) => [`${p.service} ${p.stage}`, p.finished - p.started])),
  [whole]: duration(view),
});
/** Those that are good or bad: of stages that succeeded in a deployment that is over, and of one that did not fail. */
const goodDurations = (view: View): Measures => ({
  ...Object.fromEntries(
    (ended(view.facts) ? view.facts.stages : [])
      .filter((s) => s.status === 'success' && view.shows(s))
      .map((s) => [`${s.service} ${s.stage}`, s.duration]),
  ),
  ...(went(view) && { [whole]: duration(view) }),
});
/** Of the other one only stages that succeeded are kept. */
const comparedDurations = ({ compared, shows }: View): Measures =>
  compared
    ? {
        ...Object.fromEntries(
          compared.stages
            .filter((s) => s.status === 'success' && shows(s))
            .map((s) => [`${s.service} ${s.stage}`, s.duration]),
        ),
        [whole]: compared.duration,
      }
    : {};
const failureShares = (facts: Facts | undefined): Measures => {
  if (!facts || !ended(facts) || facts.outcome === 'cancelled') return {};
  const { made, passed } = facts.health;
  const tests = facts.smokeTests;
  return {
    'health checks': made === 0 ? undefined : (made - passed) / made,
    'smoke tests': tests.length === 0 ? undefined : tests.filter(({ ok }) => !ok).length / tests.length,
  };
};

/** A query for the difference of each measure, or of some. */
const differencesOf = (
  panel: string,
  own: (view: View) => Measures,
  other: (view: View) => Measures,
  queries: readonly ((name: string) => boolean)[],
): Record<string, PanelTruth> =>
  Object.fromEntries(
    queries.map((belongs, i) => [
      `${panel}/Difference${i + 1}`,
      {
        values: (view: View) =>
          measured(difference(own(view), other(view))).filter(({ labels }) => belongs(labels.name!)),
      },
    ]),
  );

/** Truth of each number of the dashboard, apart from graphs over time and the application's metrics. */
export const truthTable: Readonly<Record<string, PanelTruth>> = {
  'Outcome/A': number(({ facts }) => outcomes[facts.outcome]),
  'Time to deploy/A': single((view) => (went(view) ? duration(view) : undefined)),
  'Time to deploy/Bad': single((view) => (went(view) ? undefined : duration(view))),
  'Failed stage/A': {
    values: (view) => {
      const [first] = finishedParts(view)
        .filter(({ status }) => status === 'failure')
        .sort((a, b) => a.finished - b.finished);
      return first
        ? [{ labels: { name: `${first.service} ${first.stage}` }, value: 1 }]
        : [{ labels: { name: 'none' }, value: 0 }];
    },
  },
  'Rolled back/A': single(rollbackCode),
  'What failed/Error': errors,
  'What failed/Verdict': {
    within: 1,
    values: ({ facts }) => {
      const message = verdicts[facts.outcome];
      return message === undefined ? [] : [{ labels: { message }, value: facts.triggered }];
    },
  },
  'Facts/Info': {
    ignore: [...urls.ignore, 'logs'],
    values: ({ facts }) => [
      {
        labels: { ...idOf(facts), ...infoLabels(facts), short: facts.deployment.commit.slice(0, 7) },
        value: 1,
      },
    ],
  },
  'Facts/Triggered': number(({ facts }) => ms(facts.triggered), toTheMillisecond),
  'Facts/Started': number(({ facts }) => ms(facts.started), toTheMillisecond),
  'Facts/Finished': number(({ facts }) => ms(facts.finished), toTheMillisecond),
  'Facts/Budget': number(({ facts }) => (ended(facts) ? facts.budgetSpent : undefined)),
  'Facts/Cost': number(({ facts }) => (ended(facts) && totalCost(facts) > 0 ? totalCost(facts) : undefined)),
  'Facts/From': number(({ facts }) => ms(facts.triggered - 60), toTheMillisecond),
  'Facts/To': number(
    ({ facts, state }) => ms(Math.min(state.to, (facts.finished ?? state.to) + 900)),
    toTheMillisecond,
  ),
  'Stages against their usual duration/This': {
    values: (view) =>
      finishedParts(view).map((p) => ({ labels: stageLabels(p), value: p.finished - p.started })),
  },
  'Stages against their usual duration/P50': usualOf(0.5),
  'Stages against their usual duration/P95': usualOf(0.95),
  'Stages against their usual duration/Began': {
    ...toTheMillisecond,
    values: (view) => parts(view).map((p) => ({ labels: stageLabels(p), value: p.started })),
  },
  'Waterfall/Offset': {
    ...toTheMillisecond,
    values: (view) =>
      parts(view).map((p) => ({
        labels: {
          ...onlyStage(p),
          name: `${p.service} ${p.stage}${outlasted(view, p) ? ' (in parallel)' : ''}`,
        },
        value: p.started - view.facts.triggered,
      })),
  },
  ...Object.fromEntries(
    (['success', 'slow', 'failure', 'running', 'lost', 'skipped', 'cancelled'] as const).map((state) => [
      `Waterfall/${state}`,
      {
        values: (view: View) =>
          parts(view)
            .filter((part) => stateOf(view, part) === state)
            .map((p) => ({
              labels: onlyStage(p),
              value: (p.finished ?? view.facts.finished ?? view.state.to) - p.started,
            })),
      },
    ]),
  ),
  'Waterfall/NotReached': {
    values: (view) => notReached(view).stages.map((s) => ({ labels: stageLabels(s), value: 0 })),
  },
  'Errors by type/A': {
    values: (view) =>
      tally(
        'error_type',
        shownFailures(view).map((f) => f.error_type),
      ),
  },
  'Affected services/Stages': {
    values: (view) =>
      tally(
        'service',
        parts(view)
          .filter((p) => p.status === 'failure')
          .map((p) => p.service),
      ),
  },
  'Affected services/Checks': {
    values: ({ facts, shows }) =>
      tally(
        'service',
        facts.deployment.health.filter((check) => !check.ok && shows(check)).map(({ service }) => service),
      ),
  },
  'Affected services/Rollback': {
    values: ({ facts, shows }) =>
      facts.deployment.rollbacks
        .filter(shows)
        .flatMap(({ service, ok }) =>
          ok === undefined ? [] : [{ labels: { service }, value: stageStatuses[ok ? 'success' : 'failure'] }],
        ),
  },
  'Other deployments within the hour/Started': nearby((f) => f.started * 1000, toTheMillisecond),
  'Other deployments within the hour/Outcome': nearby((f) => outcomes[f.outcome], {}),
  'Other deployments within the hour/To': nearby(
    (f, { state }) => (f.finished ?? Math.max(state.to - 900, f.started)) * 1000 + 900_000,
    toTheMillisecond,
  ),
  'Both versions/Info': { ...both(() => 1, { info: true }), ...urls },
  'Both versions/Outcome': both((f) => outcomes[f.outcome]),
  'Both versions/Finished': both((f) => ms(f.finished), toTheMillisecond),
  'Both versions/Duration': {
    values: (view) => both((f) => f.duration ?? duration(view)).values(view),
  },
  'Durations compared/This': { values: (view) => measured(ownDurations(view)) },
  'Durations compared/Before': { values: (view) => measured(comparedDurations(view)) },
  ...differencesOf('Durations compared', goodDurations, comparedDurations, [
    (name) => name !== whole,
    (name) => name === whole,
  ]),
  'Failures compared/This': { values: ({ facts }) => measured(failureShares(facts)) },
  'Failures compared/Before': { values: ({ compared }) => measured(failureShares(compared)) },
  ...differencesOf(
    'Failures compared',
    ({ facts }) => failureShares(facts),
    ({ compared }) => failureShares(compared),
    [
      (name) => name === 'health checks',
      (name) => name === 'smoke tests',
      (name) => name === 'requests in the 5 min after',
    ],
  ),
};
