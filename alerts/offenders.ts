import { each, type Text, text, troubleshooting } from '../src/alerts/index.ts';
import { and, metric, oneOf, type SloCause, times, type Vector } from '../src/metrics/index.ts';

/** Sentences about the deployments that an alert about an SLO blames. */

/** Matchers of the alert's own SLO, in the queries of sentences and runbooks. */
export const thisSlo = { environment: oneOf('environment'), slo: oneOf('slo') } as const;

type Named = 'environment' | 'deployment_id';
const unknown = 'not known yet';

/** An hour before and an hour after, milliseconds. */
const hours = text`7200000`;
/** "1001 https://grafana…", a line for each; times are when they finished. */
const linksOf = <L extends string>(finished: Vector<L | Named>): Text =>
  each<L | Named>(
    { query: times(1000, finished), by: 'deployment_id', separator: '\n', otherwise: '' },
    (row) =>
      text`${row.label('deployment_id')} ${troubleshooting(row.inUrl('environment'), row.inUrl('deployment_id'))}&time=${row.value(0)}&time.window=${hours}`,
  );
/** The deployments that an alert is about: as words of a sentence, and each with its link. */
export interface Offenders {
  readonly names: Text;
  readonly links: Text;
}

/** The deployments that did what the alert is about, and no others. */
export function offenders(cause: SloCause): Offenders {
  const query = metric('culprit_deployment_slo:finished_timestamp_seconds:max', { ...thisSlo, cause });
  const list = { query, by: 'deployment_id', separator: ', ', otherwise: unknown } as const;
  return { names: each(list, (row) => row.label('deployment_id')), links: linksOf(query) };
}

/** The question that a runbook asks about them. */
export const whichOffenders = (question: string, cause: SloCause) => ({
  question,
  query: metric('culprit_deployment_slo:finished_timestamp_seconds:max', { ...thisSlo, cause }),
});

const spent = metric('spending_deployment_slo:error_budget_spent:sum', thisSlo);

/** "1002 (1.0), 1003 (0.5)": the deployments that spent this month's budget, and how much. */
export const spenders: Offenders = {
  names: each(
    { query: spent, by: 'deployment_id', separator: ', ', otherwise: unknown },
    (row) => text`${row.label('deployment_id')} (${row.value(1)})`,
  ),
  links: linksOf(
    and(
      metric('spending_deployment:finished_timestamp_seconds:max', { environment: oneOf('environment') }),
      spent,
      { on: ['environment', 'deployment_id'] },
    ),
  ),
};

/** The question that a runbook asks about them. */
export const whichSpenders = {
  question: 'Which deployments of this month spent it, and how much?',
  query: spent,
} as const;
