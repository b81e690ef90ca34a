import type { Prometheus, Sample } from '../lib/prometheus.ts';
import { forPipeline, outcomes, rollbackReasons, type Vector } from '../metrics/index.ts';
import type { Pipeline } from '../pipeline/index.ts';
import { type Objective, questionsAbout, shareLeft } from '../slo/index.ts';
import { endOf, judgedAt, type Month } from './month.ts';

/** A deployment that finished in the month. */
export interface ReportedDeployment {
  readonly id: string;
  readonly environment: string;
  /** Unix seconds. */
  readonly finished: number;
  readonly outcome: string;
  readonly rollbackReason?: string;
  /** Of the error budget, in failed deployments. */
  readonly spent: number;
  readonly costUsd: number;
  readonly runUrl: string;
  readonly actor: string;
  readonly version: string;
  /** Stages that failed, with what is known of why. */
  readonly failures: readonly { readonly stage: string; readonly message: string }[];
  readonly isHotfix: boolean;
}

/** An SLO in one environment. Ratios from 0 to 1; undefined where nothing happened. */
export interface ReportedObjective {
  readonly slo: string;
  readonly environment: string;
  readonly objective: number;
  readonly good: number | undefined;
  readonly agreement: number | undefined;
  readonly agreementGood: number | undefined;
  /** Of the month's error budget; below 0 when it was overspent. */
  readonly left: number | undefined;
  /** The budget at the end of each day. */
  readonly days: readonly (readonly [end: number, left: number])[];
}

/** A stage over the thirty days to the end of the month. */
export interface ReportedStage {
  readonly environment: string;
  readonly service: string;
  readonly stage: string;
  /** Seconds. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly failures: number;
}

/** An alert that fired, and when. */
export interface ReportedAlert {
  readonly alert: string;
  readonly severity: string;
  readonly environment: string;
  /** Seconds of the month in which it fired. */
  readonly seconds: number;
}

/** DORA's metrics over the thirty days to a moment, by environment and name of the series. */
export type Dora = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Everything that a report says. */
export interface MonthlyReport {
  readonly month: Month;
  /** Unix seconds: the report is of the time before. */
  readonly at: number;
  readonly environments: readonly string[];
  readonly deployments: readonly ReportedDeployment[];
  readonly objectives: readonly ReportedObjective[];
  readonly stages: readonly ReportedStage[];
  readonly alerts: readonly ReportedAlert[];
  readonly dora: Dora;
  readonly doraBefore: Dora;
}

/** Samples of a day's end are looked for this far back: windows are written every two minutes, servers restart. */
const nearby = '15m';
/** A month and what is said within two days after it. */
const wholeMonth = '35d';
const step = 300;

const key = (...parts: (string | undefined)[]): string => parts.join('\n');
const nameOf = (codes: Readonly<Record<string, number>>, code: number): string =>
  Object.entries(codes).find(([, value]) => value === code)?.[0] ?? `code ${code}`;
const byKey = (samples: readonly Sample[], ...labels: string[]): Map<string, Sample> =>
  new Map(samples.map((sample) => [key(...labels.map((label) => sample.labels[label])), sample]));

/** Reads a month of a Prometheus. */
export class MonthReader {
  readonly #prometheus: Prometheus;
  readonly #selector: string;
  readonly #isAsked: (environment: string) => boolean;

  /** @param environment only this one; all of them without */
  constructor(prometheus: Prometheus, environment?: string) {
    this.#prometheus = prometheus;
    this.#isAsked = (one) => environment === undefined || one === environment;
    this.#selector =
      environment === undefined ? 'environment!=""' : `environment=${JSON.stringify(environment)}`;
  }

  #last(series: string, range: string, time: number, more = ''): Promise<Sample[]> {
    return this.#prometheus.query(`last_over_time(${series}{${this.#selector}${more}}[${range}])`, time);
  }

  async deployments(month: Month, at: number): Promise<ReportedDeployment[]> {
    const fact = (name: string) => this.#last(name, wholeMonth, at);
    const [finished, outcome, reason, spent, cost, info, failed] = await Promise.all([
      fact('deployment:finished_timestamp_seconds:max'),
      fact('deployment:outcome:code'),
      fact('deployment:rollback_reason:code'),
      fact('deployment:error_budget_spent:sum'),
      fact('deployment:cost_usd:sum'),
      fact('deployment:info:last'),
      fact('deployment_stage:failed_timestamp_seconds:max'),
    ]);
    const own = (samples: readonly Sample[]) => byKey(samples, 'environment', 'deployment_id');
    const [outcomeOf, reasonOf, spentBy, costOf, infoOf] = [outcome, reason, spent, cost, info].map(own) as [
      Map<string, Sample>,
      Map<string, Sample>,
      Map<string, Sample>,
      Map<string, Sample>,
      Map<string, Sample>,
    ];
    return finished
      .filter(({ value }) => value >= month.from && value < month.to)
      .map(({ labels: { environment = '', deployment_id = '' }, value }) => {
        const id = key(environment, deployment_id);
        const about = infoOf.get(id)?.labels ?? {};
        const name = nameOf(outcomes, outcomeOf.get(id)?.value ?? 0);
        const why = reasonOf.get(id)?.value;
        return {
          id: deployment_id,
          environment,
          finished: value,
          outcome: name,
          ...(name === 'rolled_back' &&
            why !== undefined && { rollbackReason: nameOf(rollbackReasons, why) }),
          spent: spentBy.get(id)?.value ?? 0,
          costUsd: costOf.get(id)?.value ?? 0,
          runUrl: about.run_url ?? '',
          actor: about.actor ?? '',
          version: about.version ?? '',
          isHotfix: about.hotfix === 'true',
          failures: failed
            .filter(({ labels }) => key(labels.environment, labels.deployment_id) === id)
            .map(({ labels }) => ({
              stage: `${labels.service} ${labels.stage}`,
              message: labels.message ?? labels.error_type ?? '',
            }))
            .sort((a, b) => (a.stage < b.stage ? -1 : 1)),
        };
      })
      .sort((a, b) => a.finished - b.finished || (a.id < b.id ? -1 : 1));
  }

  async objectives(
    { objectives: defined, pipeline }: Pick<MonthQuestion, 'objectives' | 'pipeline'>,
    month: Month,
    at: number,
    days: readonly number[],
  ): Promise<ReportedObjective[]> {
    const daily = await Promise.all(
      days.map((end) => this.#last('environment_slo:error_budget_left:ratio', nearby, end)),
    );
    const dayOf = daily.map((samples) => byKey(samples, 'environment', 'slo'));
    const lists = await Promise.all(
      defined.map(async (o) => {
        const { events, bad, spent, agreementBad } = forPipeline(
          questionsAbout(o, month.from, month.to),
          pipeline,
        );
        const ask = async (expr: Vector<'environment'>) =>
          byKey(await this.#prometheus.query(expr.text, at), 'environment');
        const [all, wrong, used, broken] = await Promise.all([
          ask(events),
          ask(bad),
          ask(spent),
          agreementBad === undefined ? new Map<string, Sample>() : ask(agreementBad),
        ]);
        return [...all]
          .filter(([environment]) => this.#isAsked(environment))
          .map(([environment, { value }]) => {
            const count = (of: ReadonlyMap<string, Sample>): number => of.get(environment)?.value ?? 0;
            const share = (bad: number): number | undefined => (value > 0 ? 1 - bad / value : undefined);
            return {
              slo: o.id,
              environment,
              objective: o.objective,
              good: share(count(wrong)),
              agreement: o.agreement?.objective,
              agreementGood: o.agreement && share(count(broken)),
              left: o.budget.kind === 'none' ? undefined : shareLeft(o.objective, value, count(used)),
              days: days.flatMap((end, i) => {
                const left = dayOf[i]?.get(key(environment, o.id))?.value;
                return left === undefined ? [] : [[end, left] as const];
              }),
            };
          });
      }),
    );
    return lists.flat();
  }

  async stages(at: number): Promise<ReportedStage[]> {
    const window = (series: string) => this.#last(series, nearby, at, ',window="30d"');
    const [p50, p95, failures] = await Promise.all([
      window('environment_stage:duration_seconds:p50'),
      window('environment_stage:duration_seconds:p95'),
      window('environment_stage:failures:count'),
    ]);
    const labels = ['environment', 'service', 'stage'] as const;
    const medians = byKey(p50, ...labels);
    const failed = new Map<string, number>();
    for (const { labels: l, value } of failures) {
      const id = key(l.environment, l.service, l.stage);
      failed.set(id, (failed.get(id) ?? 0) + value);
    }
    const slow = byKey(p95, ...labels);
    return [...new Set([...slow.keys(), ...failed.keys()])].sort().map((id) => {
      const [environment = '', service = '', stage = ''] = id.split('\n');
      return {
        environment,
        service,
        stage,
        p50: medians.get(id)?.value,
        p95: slow.get(id)?.value,
        failures: failed.get(id) ?? 0,
      };
    });
  }

  async alerts({ from }: Month, at: number): Promise<ReportedAlert[]> {
    const fired = await this.#prometheus.queryRange(
      'group by (alertname, severity, environment) (ALERTS{alertstate="firing"})',
      from,
      at,
      step,
    );
    return fired
      .map(({ labels, points }) => ({
        alert: labels.alertname ?? '',
        severity: labels.severity ?? '',
        environment: labels.environment ?? '',
        seconds: points.length * step,
      }))
      .sort((a, b) => (key(a.alert, a.environment) < key(b.alert, b.environment) ? -1 : 1));
  }

  async dora(at: number): Promise<Dora> {
    const samples = await this.#last(
      '',
      nearby,
      at,
      ',window="30d",__name__=~"environment:(production_deployments:count|change_failure:ratio|lead_time_seconds:p50|time_to_restore_seconds:p50|rework:ratio)"',
    );
    const environments = [...new Set(samples.map(({ labels }) => labels.environment ?? ''))];
    const of = (environment: string) => samples.filter(({ labels }) => labels.environment === environment);
    return Object.fromEntries(
      environments.map((environment) => [
        environment,
        Object.fromEntries(of(environment).map(({ labels, value }) => [labels.__name__ ?? '', value])),
      ]),
    );
  }
}

/** Which month is read, and of what. */
export interface MonthQuestion {
  readonly month: Month;
  readonly before: Month;
  /** The ends of its days. */
  readonly days: readonly number[];
  readonly objectives: readonly Objective[];
  /** Whose objectives these are. */
  readonly pipeline: Pipeline;
  readonly environment?: string;
  /** Unix seconds. */
  readonly now: number;
}

/** Reads everything that the report of a month says. */
export async function readMonth(prometheus: Prometheus, question: MonthQuestion): Promise<MonthlyReport> {
  const { month, before, days, environment, now } = question;
  const reader = new MonthReader(prometheus, environment);
  const [at, end] = [judgedAt(month, now), endOf(month, now)];
  const [deployments, objectives, stages, alerts, dora, doraBefore] = await Promise.all([
    reader.deployments(month, at),
    reader.objectives(question, month, at, days),
    reader.stages(end),
    reader.alerts(month, end),
    reader.dora(end),
    reader.dora(before.to - 1),
  ]);
  const environments = [...new Set([...deployments, ...objectives].map((one) => one.environment))].sort();
  return { month, at, environments, deployments, objectives, stages, alerts, dora, doraBefore };
}
