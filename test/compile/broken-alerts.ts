import { alerts, families } from '../../alerts/index.ts';
import { reliability } from '../../slo/reliability.ts';
import type { Alert } from '../../src/alerts/alert.ts';
import type { Bundle } from '../../src/compile/bundle.ts';
import { Vector } from '../../src/metrics/expression.ts';
import type { Broken } from './broken.ts';

const family = families.find(({ name }) => name === 'collection')!;
const down = alerts.find(({ name }) => name === 'PushgatewayDown')!;

/** The bundle with these alerts and no others; only what is looked at for its own sake is not there. */
const withAlerts =
  (...own: readonly Alert[]) =>
  (bundle: Bundle): Bundle => ({
    ...bundle,
    families: [{ ...family, alerts: own.map((alert) => ({ ...alert, runbook: asking(alert) })) }],
  });

/** A runbook that asks nothing that the small catalogue of these tests does not have. */
const asking = ({ runbook }: Alert, query = new Vector<string>('up')): Alert['runbook'] => ({
  ...runbook,
  diagnosis: [{ question: 'Is it there?', query }],
});

const place = (name: string): string[] => ['alerts.yml', 'deployment-alerts', name];

/** What can be wrong with alerts and objectives beside their expressions. */
export const brokenAlerts: readonly Broken[] = [
  {
    name: 'silenced by an alert that does not exist',
    changes: { built: withAlerts({ ...down, silencedBy: ['PushgatewayDwon'] }) },
    id: 'alert-silence',
    place: place('PushgatewayDown'),
  },
  {
    name: 'silenced by itself',
    changes: { built: withAlerts({ ...down, silencedBy: ['PushgatewayDown'] }) },
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
    place: [...place('PushgatewayDown'), 'stays silent', down.examples.silent[0].story],
  },
  {
    name: 'a runbook that asks for a metric that nobody emits',
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
