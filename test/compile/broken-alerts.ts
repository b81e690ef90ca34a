import type { Alert } from '../../src/alerts/alert.ts';
import { each, label, text, value } from '../../src/alerts/text.ts';
import { alertFile, alertGroups } from '../../src/compile/alerts/rules.ts';
import type { Bundle } from '../../src/compile/bundle.ts';
import { Vector } from '../../src/metrics/index.ts';
import { alerts, families, reliability } from '../relay.ts';
import type { Broken } from './broken-definition.ts';

const family = families.find(({ name }) => name === 'collection')!;
const down = alerts.find(({ name }) => name === 'PushgatewayDown')!;

/** The bundle with these alerts and no others; only what is looked at for its own sake is not there. */
const withAlerts =
  (...own: readonly Alert[]) =>
  (bundle: Bundle): Bundle => ({
    ...bundle,
    families: [{ ...family, alerts: own.map((alert) => ({ ...alert, runbook: asking(alert) })) }],
  });

/** The same, and the rules that are made from them. */
const withRules =
  (...own: readonly Alert[]) =>
  (bundle: Bundle): Bundle => {
    const families = [{ ...family, alerts: own.map((alert) => ({ ...alert, runbook: asking(alert) })) }];
    const ruleFiles = {
      ...bundle.ruleFiles,
      [alertFile]: [...bundle.ruleFiles.alerts!, ...alertGroups(families)],
    };
    return { ...bundle, families, ruleFiles };
  };

/** A runbook that asks nothing that the small catalogue of these tests does not have. */
const asking = ({ runbook }: Alert, query = new Vector<string>('up')): Alert['runbook'] => ({
  ...runbook,
  diagnosis: [{ question: 'Is it there?', query }],
});

const place = (name: string): string[] => ['alerts.yml', 'deployment-alerts', name];

/** Mistakes of alerts and objectives beside their expressions. */
export const brokenAlerts: readonly Broken[] = [
  {
    name: 'silenced by an alert that does not exist',
    changes: { built: withAlerts({ ...down, inhibitedBy: ['PushgatewayDwon'] }) },
    id: 'alert-silence',
    place: place('PushgatewayDown'),
  },
  {
    name: 'silenced by itself',
    changes: { built: withAlerts({ ...down, inhibitedBy: ['PushgatewayDown'] }) },
    id: 'alert-silence',
    place: place('PushgatewayDown'),
  },
  {
    name: 'an example that is looked at between two evaluations',
    changes: {
      built: withAlerts({
        ...down,
        examples: { ...down.examples, silent: [{ ...down.examples.silent[0], at: 890 }] },
      }),
    },
    id: 'alert-example',
    place: [...place('PushgatewayDown'), 'stays silent', down.examples.silent[0].title],
  },
  {
    name: 'a sentence with a label that the expression does not leave',
    changes: { built: withRules({ ...down, summary: text`Stage ${label('stage')} is down` }) },
    id: 'template-label',
    place: [...place('PushgatewayDown'), 'summary'],
  },
  {
    name: 'a yes or no as a duration',
    changes: { built: withRules({ ...down, summary: text`Down for ${value('duration')}` }) },
    id: 'template-value',
    place: [...place('PushgatewayDown'), 'summary'],
  },
  {
    name: 'a yes or no as a time',
    changes: { built: withRules({ ...down, description: text`Down since ${value('time')}` }) },
    id: 'template-value',
    place: [...place('PushgatewayDown'), 'description'],
  },
  {
    name: 'braces among the words of a sentence',
    changes: { built: withRules({ ...down, summary: text`Down: {{ $labels.job }}` }) },
    id: 'template-text',
    place: [...place('PushgatewayDown'), 'summary'],
    caret: '{{ $labels.job }}',
  },
  {
    name: 'braces in what a query answers with nothing',
    changes: {
      built: withRules({
        ...down,
        description: text`${each({ query: new Vector<string>('up'), by: 'job', otherwise: 'none}}' }, (row) => row.value(0))}`,
      }),
    },
    id: 'template-text',
    place: [...place('PushgatewayDown'), 'description'],
    caret: '}}',
  },
  {
    name: 'a runbook that asks for a metric that is not emitted',
    changes: {
      built: (bundle) => {
        const runbook = asking(down, new Vector<string>('upp'));
        return { ...bundle, families: [{ ...family, alerts: [{ ...down, runbook }] }] };
      },
    },
    id: 'metric-unknown',
    place: [...place('PushgatewayDown'), 'runbook', 'Is it there?'],
    caret: 'upp',
  },
  {
    name: 'a factor that cannot be reached with an objective of 90 %',
    changes: { built: (bundle) => ({ ...bundle, objectives: [{ ...reliability, objective: 0.9 }] }) },
    id: 'burn-dead',
    place: ['objectives', 'deployment-reliability'],
  },
  {
    name: 'burn alerts of an SLO in which nothing may be bad',
    changes: { built: (bundle) => ({ ...bundle, objectives: [{ ...reliability, objective: 1 }] }) },
    id: 'burn-dead',
    place: ['objectives', 'deployment-reliability'],
  },
  {
    name: 'an SLO with more words than OpenSLO takes',
    changes: {
      built: (bundle) => ({
        ...bundle,
        objectives: [{ ...reliability, question: 'Is it? '.repeat(200) }],
      }),
    },
    id: 'openslo-schema',
    place: ['openslo', 'deployment-reliability'],
  },
];
