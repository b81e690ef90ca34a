import { VariableSort } from '@grafana/grafana-foundation-sdk/dashboard';
import { applicationJob } from '../../metrics/application.ts';
import { oneOf } from '../../metrics/expression.ts';
import {
  datasourceVariable,
  labelVariable,
  lokiVariable,
  numberVariable,
  resultVariable,
} from '../lib/variables.ts';
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
  current: 'production',
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

/** Moments of the deployment: PromQL takes only a number behind `@`. */
const moments = [
  numberVariable({
    name: 'started_at',
    description: 'When the deployment started, Unix seconds.',
    expr: choice.startedAt(),
  }),
  numberVariable({
    name: 'ended_at',
    description: 'When the deployment was over, a rollback included, Unix seconds.',
    expr: choice.endedAt(),
  }),
  numberVariable({
    name: 'lasted',
    description: 'How many seconds it went on.',
    expr: choice.lasted(),
  }),
  numberVariable({
    name: 'compared_ended_at',
    description: 'When the deployment that it is compared with was over, Unix seconds.',
    expr: choice.comparedEndedAt(),
  }),
];

/** Which deployment, of what, beside which other one. */
export const variables = [
  datasourceVariable,
  environment,
  service,
  deployment,
  comparison,
  compared,
  job,
  ...moments,
  lokiVariable,
];
