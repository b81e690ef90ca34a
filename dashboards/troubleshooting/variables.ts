import { VariableSort } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  datasourceVariable,
  labelVariable,
  lokiVariable,
  numberVariable,
  resultVariable,
} from '../../src/dashboards/index.ts';
import { applicationJob, oneOf, productionEnvironment } from '../../src/metrics/index.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import * as choice from './queries/choice.ts';

/** `choice` is what a person reads, `deployment_id` what the queries take. */
const choiceRegex = '/choice="(?<text>[^"]*)".*deployment_id="(?<value>[^"]*)"/';

/** One environment: an id may mean one deployment in each. */
const environment = labelVariable({
  name: 'environment',
  label: 'Environment',
  description: 'Where it was deployed to.',
  metric: 'recent_deployment:started_timestamp_seconds:min',
  of: 'environment',
  current: productionEnvironment,
});

const service = labelVariable({
  name: 'service',
  label: 'Service',
  description: 'Shows only the stages, checks and errors of these services.',
  metric: 'environment_stage:duration_seconds:avg',
  matchers: { environment: oneOf('environment'), window: '30d' },
  of: 'service',
  all: true,
});

const deployment = resultVariable({
  name: 'deployment',
  label: 'Deployment (UTC)',
  description:
    'The deployment that is looked at: when it started, how it ended, its id. Newest first; type to search. The newest one when nothing is chosen. An older one can be named by its id.',
  expr: choice.deployments(),
  regex: choiceRegex,
  sort: VariableSort.AlphabeticalDesc,
});

const comparison = resultVariable({
  name: 'comparison',
  label: 'Compared with',
  description: 'The deployment that it is compared with; at first the last success before it.',
  expr: choice.comparisons(),
  regex: choiceRegex,
  sort: VariableSort.AlphabeticalDesc,
  current: { text: 'previous success', value: choice.previousSuccess },
});

const compared = resultVariable({
  name: 'compared',
  label: 'compared',
  description: 'The id of the deployment that it is compared with.',
  expr: choice.resolvedComparison(),
  regex: '/deployment_id="([^"]*)"/',
  hidden: true,
});

const job = labelVariable({
  name: 'job',
  label: 'Application job',
  description: 'The scrape job of the application, whose requests are shown after the deployment.',
  metric: 'http_requests_total',
  of: 'job',
  current: applicationJob,
});

/** Times of the deployment that most panels need, looked up once; and behind `@` PromQL takes only a number. */
const moments = [
  numberVariable({
    name: 'started_at',
    description: 'When the deployment started, Unix seconds.',
    expr: choice.startedAt(),
  }),
  numberVariable({
    name: 'triggered_at',
    description: 'When the deployment was pushed, Unix seconds; 0, if there is none.',
    expr: choice.triggeredAt(),
  }),
  numberVariable({
    name: 'finished_at',
    description: 'When the deployment finished, Unix seconds; 0, while it runs.',
    expr: choice.finishedAt(),
  }),
  numberVariable({
    name: 'ended_at',
    description: 'When the deployment was over, a rollback included, Unix seconds.',
    expr: choice.endedAt(),
  }),
  numberVariable({
    name: 'lasted',
    description: 'How many seconds the deployment went on.',
    expr: choice.lasted(),
  }),
  numberVariable({
    name: 'span_from',
    description: 'Where the time span of the deployment begins, milliseconds.',
    expr: choice.spanFrom(),
  }),
  numberVariable({
    name: 'span_to',
    description: 'Where it ends, milliseconds.',
    expr: choice.spanTo(),
  }),
  numberVariable({
    name: 'shown',
    description: 'Whether the time span shown has a part of it: 1 or 0.',
    expr: choice.shown(),
  }),
  numberVariable({
    name: 'until',
    description: 'Until when the Pushgateway may have held what was pushed of it, Unix seconds.',
    expr: choice.until(),
  }),
  numberVariable({
    name: 'outcome',
    description: 'How the deployment ended; 0, while it runs.',
    expr: choice.outcomeCode(),
  }),
];

const runUrl = resultVariable({
  name: 'run_url',
  label: 'run_url',
  description: 'The address of the run in CI, for what has no log of its own.',
  expr: choice.runUrl(),
  regex: '/run_url="([^"]*)"/',
  hidden: true,
});

const comparedEndedAt = numberVariable({
  name: 'compared_ended_at',
  description: 'When the deployment that it is compared with was over, Unix seconds.',
  expr: choice.comparedEndedAt(),
});

/** Which deployment, of what, beside which other one. */
export const variables = ({ application }: Pipeline) => [
  datasourceVariable,
  environment,
  service,
  deployment,
  ...moments,
  runUrl,
  comparison,
  compared,
  ...(application ? [comparedEndedAt, job] : []),
  lokiVariable,
];
