import { classify, deploymentsAround } from '../backtest/index.ts';
import { type Flaky, flakyParts, readDeployments } from '../insights/index.ts';
import type { Prometheus, Sample } from '../lib/prometheus.ts';
import { forPipeline, outcomes, rollbackReasons, stageStatuses, type Vector } from '../metrics/index.ts';
import { type Pipeline, seldom, stagesOf, type Targets } from '../pipeline/index.ts';
import { firingsOf } from '../simulator/index.ts';
import { type Objective, questionsAbout, shareLeft } from '../slo/index.ts';
import type {
  Dora,
  MonthlyReport,
  ReportedAlert,
  ReportedDeployment,
  ReportedObjective,
  ReportedStage,
} from './model.ts';
import { endOf, judgedAt, type Month } from './month.ts';

/** Samples of a day's end are looked for this far back: some windows are written seldom, and servers restart. */
const nearby = seldom.range;
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
    const [finished, outcome, reason, spent, cost, info, failed, fixes] = await Promise.all([
      fact('deployment:finished_timestamp_seconds:max'),
      fact('deployment:outcome:code'),
      fact('deployment:rollback_reason:code'),
      fact('deployment:error_budget_spent:sum'),
      fact('deployment:cost_usd:sum'),
      fact('deployment:info:last'),
      fact('deployment_stage:failed_timestamp_seconds:max'),
      fact('deployment:rework_finished_timestamp_seconds:max'),
    ]);
    const own = (samples: readonly Sample[]) => byKey(samples, 'environment', 'deployment_id');
    const [outcomeOf, reasonOf, spentBy, costOf, infoOf] = [outcome, reason, spent, cost, info].map(own) as [
      Map<string, Sample>,
      Map<string, Sample>,
      Map<string, Sample>,
      Map<string, Sample>,
      Map<string, Sample>,
    ];
    const isFix = own(fixes);
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
          isHotfix: isFix.has(id),
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

  /** @param end of the month @param at when what was said afterwards had been said @param deployments of the month */
  async stages(
    end: number,
    at: number,
    deployments: readonly ReportedDeployment[],
    pipeline: Pipeline,
  ): Promise<ReportedStage[]> {
    const window = (series: string) => this.#last(series, nearby, end, ',window="30d"');
    const [p50, p95, statuses] = await Promise.all([
      window('environment_stage:duration_seconds:p50'),
      window('environment_stage:duration_seconds:p95'),
      this.#last('deployment_stage:status:code', wholeMonth, at),
    ]);
    const labels = ['environment', 'service', 'stage'] as const;
    const ofMonth = new Set(deployments.map(({ environment, id }) => key(environment, id)));
    const rollbacks = stagesOf(pipeline, 'rollback');
    const ended = new Map<string, { runs: number; failures: number }>();
    for (const { labels: l, value } of statuses) {
      if (!ofMonth.has(key(l.environment, l.deployment_id)) || rollbacks.includes(l.stage ?? '')) continue;
      if (value !== stageStatuses.success && value !== stageStatuses.failure) continue;
      const id = key(...labels.map((label) => l[label]));
      const { runs, failures } = ended.get(id) ?? { runs: 0, failures: 0 };
      ended.set(id, { runs: runs + 1, failures: failures + (value === stageStatuses.failure ? 1 : 0) });
    }
    const [medians, slow] = [byKey(p50, ...labels), byKey(p95, ...labels)];
    return [...new Set([...slow.keys(), ...ended.keys()])].sort().map((id) => {
      const [environment = '', service = '', stage = ''] = id.split('\n');
      return {
        environment,
        service,
        stage,
        p50: medians.get(id)?.value,
        p95: slow.get(id)?.value,
        ...(ended.get(id) ?? { runs: 0, failures: 0 }),
      };
    });
  }

  /** @param at when what was tried again afterwards had passed */
  async flaky(month: Month, at: number, pipeline: Pipeline): Promise<Flaky[]> {
    const all = await readDeployments(this.#prometheus, pipeline, { to: at, seconds: at - month.from });
    return flakyParts(
      all,
      ({ environment, finished }) =>
        this.#isAsked(environment) && finished >= month.from && finished < month.to,
    );
  }

  async alerts({ from }: Month, at: number, targets: Targets): Promise<ReportedAlert[]> {
    const span = { from, to: at, step };
    const [fired, past] = await Promise.all([
      this.#prometheus.queryRange(
        'group by (alertname, severity, environment, deployment_id) (ALERTS{alertstate="firing"})',
        from,
        at,
        step,
      ),
      deploymentsAround(this.#prometheus, span, targets),
    ]);
    const own = fired.filter(
      ({ labels: { environment } }) => environment === undefined || this.#isAsked(environment),
    );
    const name = ({ alertname, severity, environment }: Sample['labels']): string =>
      key(alertname, environment, severity);
    return [...new Set(own.map(({ labels }) => name(labels)))].sort().flatMap((one) => {
      const [alert = '', environment = '', severity = ''] = one.split('\n');
      const firings = own
        .filter(({ labels }) => name(labels) === one)
        .flatMap(({ labels, points }) =>
          firingsOf(
            points.map(([time]) => time),
            step,
            { for: 0, keepFiringFor: 0 },
            labels,
          ),
        );
      return classify([{ alert, severity, firings }], past, span).map((verdict) => ({
        alert,
        severity,
        environment,
        // A firing lasts at least as long as one look at it.
        seconds: verdict.duration + firings.length * step,
        right: firings.length - verdict.falsePositives - verdict.unknown,
        false: verdict.falsePositives,
        unknown: verdict.unknown,
      }));
    });
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
  const { pipeline } = question;
  const deployments = await reader.deployments(month, at);
  const [objectives, stages, flaky, alerts, dora, doraBefore] = await Promise.all([
    reader.objectives(question, month, at, days),
    reader.stages(end, at, deployments, pipeline),
    reader.flaky(month, at, pipeline),
    reader.alerts(month, end, pipeline.targets),
    reader.dora(end),
    reader.dora(before.to - 1),
  ]);
  const environments = [...new Set([...deployments, ...objectives].map((one) => one.environment))].sort();
  return { month, at, environments, deployments, objectives, stages, flaky, alerts, dora, doraBefore };
}
