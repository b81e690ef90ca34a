/**
 * Every target and limit: SLOs, alerts, dashboards, the gate and texts compare with these. Times are seconds, shares are
 * 0 to 1. "Design" is the design document, "team" the team's alert file of before.
 */
export interface Targets {
  /** Design, SLO 1. Green from `good`, red below `poor`; below `good` an alert fires, with this many failures in the hour. */
  readonly deployments: {
    readonly objective: number;
    readonly agreement: number;
    readonly good: number;
    readonly poor: number;
    readonly failures: number;
  };
  /** Design, SLO 2: `objective` of the successful deployments take at most `seconds`, from the push to the finish. */
  readonly timeToDeploy: {
    readonly objective: number;
    readonly seconds: number;
    /** Yellow from here. */
    readonly warningSeconds: number;
    readonly agreementSeconds: number;
    /** This many deployments slower than `escalationSeconds` in a week are escalated. */
    readonly escalationSeconds: number;
    readonly escalationDeployments: number;
    /** A deployment that runs longer is slightly behind schedule, then takes too long. Design, alert list; team. */
    readonly behindSeconds: number;
    readonly tooLongSeconds: number;
    /** This many slow ones in a day make a p95 and not one bad day. */
    readonly slowDeployments: number;
  };
  /** Design, SLO 3. Below `least` of the checks of `windowSeconds` it is rolled back; below `alert` an alert fires. */
  readonly health: {
    readonly objective: number;
    readonly least: number;
    readonly alert: number;
    readonly windowSeconds: number;
    /** Design, "health checks": this many attempts, this far apart. */
    readonly attempts: number;
    readonly intervalSeconds: number;
    /** A check that has not passed by then will not (design, "health after 5min"). */
    readonly timeoutSeconds: number;
    /** Team: 1000 ms. */
    readonly latencySeconds: number;
    /** This many failed checks in a row raise an alarm, this many passed ones end it. */
    readonly failures: number;
    readonly recovery: number;
  };
  /** Design, SLO 5. Red below `warning`. */
  readonly smokeTests: { readonly objective: number; readonly warning: number };
  /** Design, SLO 4: zero tolerance. Slow from `slowSeconds` (alert list), red from `criticalSeconds`. */
  readonly migrations: {
    readonly objective: number;
    readonly slowSeconds: number;
    readonly criticalSeconds: number;
  };
  /** Share of failing requests after a deployment; design, quick reference: above `rollback` it is rolled back. */
  readonly errorRate: {
    readonly warning: number;
    readonly rollback: number;
    /** Live traffic: `times` the share of errors of the hour before, at least `share`, at this rate a second. */
    readonly spike: {
      readonly times: number;
      readonly share: number;
      readonly requestsPerSecond: number;
      /** While it fires, it goes on above `share` and this many times the share of the day. */
      readonly over: number;
    };
  };
  /** Design, "Rollback Events & Frequency": more than this many in seven days. */
  readonly rollbacks: { readonly perWeek: number };
  /** A stage at `times` its usual time, by at least `extraSeconds`: ten seconds instead of five is nothing. */
  readonly stages: { readonly times: number; readonly extraSeconds: number };
  /** Of thirty days: this many failures of a stage or test that passed again, in more than this share of the deployments. */
  readonly flaky: { readonly failures: number; readonly share: number };
  /** Deployments in thirty days from which on the usual is known. */
  readonly usualFrom: number;
  /** Working days: fewer than `few` or more than `many` times the usual, by `difference`; told from `fromHour` on. */
  readonly frequency: {
    readonly few: number;
    readonly many: number;
    readonly difference: number;
    readonly fromHour: number;
    readonly workingDaysPerWeek: number;
  };
  /** `times` the usual cost, by at least `extra` in the pipeline's currency. */
  readonly cost: { readonly times: number; readonly extra: number };
  /** Nothing heard for this long: the deployment is not slow, it is silent. */
  readonly telemetrySilenceSeconds: number;
  /** A deployment of which nothing was heard for this long and that never finished is abandoned; it is told of for `told`. */
  readonly abandoned: { readonly afterSeconds: number; readonly toldSeconds: number };
  /** Longer than a long weekend and than `usualGaps` times the usual gap; and `mostSeconds`, however seldom there are any. */
  readonly noDeployment: {
    readonly seconds: number;
    readonly usualGaps: number;
    readonly mostSeconds: number;
  };
  /** How long an event is told of that cannot be undone. */
  readonly eventSeconds: number;
  /** How long a failure stays a page when no later deployment succeeds: after a day it is no incident. */
  readonly incidentSeconds: number;
  /** After the finish, a link to a deployment shows this much more. */
  readonly observedSeconds: number;
  /** Design, "Error Budget Tracking": policy at `half` and at all of it; weights in failed deployments. */
  readonly budget: {
    readonly half: number;
    readonly failed: number;
    readonly rolledBackForHealth: number;
    readonly rolledBack: number;
  };
}

type DeepPartial<T> = { readonly [K in keyof T]?: T[K] extends object ? DeepPartial<T[K]> : T[K] };
/** The targets that a pipeline file names; the others follow from these, or are {@link targetsOf}'s. */
export type TargetsFile = DeepPartial<Targets>;

/** Numbers that follow from the primary ones, where the file does not say otherwise. */
function defaults(file: TargetsFile): Targets {
  const seconds = file.timeToDeploy?.seconds ?? 600;
  const tooLongSeconds = file.timeToDeploy?.tooLongSeconds ?? 1.5 * seconds;
  const good = file.deployments?.good ?? 0.95;
  const windowSeconds = file.health?.windowSeconds ?? 300;
  const slowSeconds = file.migrations?.slowSeconds ?? 120;
  return {
    deployments: { objective: 0.99, agreement: 0.98, good, poor: 0.9, failures: 2 },
    timeToDeploy: {
      objective: 0.95,
      seconds,
      warningSeconds: seconds / 2,
      agreementSeconds: 1.2 * seconds,
      escalationSeconds: 2 * seconds,
      escalationDeployments: 2,
      behindSeconds: seconds,
      tooLongSeconds,
      slowDeployments: 2,
    },
    health: {
      objective: 0.99,
      least: 0.95,
      alert: 0.9,
      windowSeconds,
      attempts: 30,
      intervalSeconds: 5,
      timeoutSeconds: windowSeconds,
      latencySeconds: 1,
      failures: 2,
      recovery: 3,
    },
    smokeTests: { objective: 0.99, warning: 0.95 },
    migrations: { objective: 1, slowSeconds, criticalSeconds: 2.5 * slowSeconds },
    errorRate: {
      warning: 0.01,
      rollback: 0.05,
      spike: { times: 3, share: 0.02, requestsPerSecond: 0.1, over: 1.5 },
    },
    rollbacks: { perWeek: 3 },
    stages: { times: 2, extraSeconds: 60 },
    flaky: { failures: 3, share: 0.05 },
    usualFrom: 10,
    frequency: { few: 0.25, many: 3, difference: 4, fromHour: 16, workingDaysPerWeek: 5 },
    cost: { times: 3, extra: 0.1 },
    telemetrySilenceSeconds: 2 * tooLongSeconds,
    abandoned: { afterSeconds: 7_200, toldSeconds: 3_600 },
    noDeployment: { seconds: 4 * 86_400, usualGaps: 3, mostSeconds: 30 * 86_400 },
    eventSeconds: 900,
    incidentSeconds: 86_400,
    observedSeconds: 900,
    budget: { half: 0.5, failed: 1, rolledBackForHealth: 0.5, rolledBack: 1 },
  };
}

type Tree = { readonly [name: string]: number | Tree | undefined };
const over = (base: Tree, own: Tree): Tree =>
  Object.fromEntries(
    Object.entries(base).map(([name, value]) => {
      const named = own[name];
      if (typeof value === 'object') return [name, typeof named === 'object' ? over(value, named) : value];
      return [name, named ?? value];
    }),
  );

/** All targets: those of the file, and for the rest what follows from them. */
export const targetsOf = (file: TargetsFile = {}): Targets =>
  over(defaults(file) as unknown as Tree, file as unknown as Tree) as unknown as Targets;
