import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { range } from '../../src/dashboards/query.ts';
import { steps } from '../../src/dashboards/style.ts';
import { metric, Vector } from '../../src/metrics/index.ts';
import type { Broken } from './broken-definition.ts';
import { withJson } from './good.ts';

const numbers = (panel: string): string[] => ['good', 'Numbers', panel];
const probe = numbers('Probe');
const rate = numbers('Success rate');
const tables = ['good', 'Tables', 'Deployments'];

const up = (legend: string, refId?: string) => range(metric('up'), { legend, ...(refId && { refId }) });

/** Changes the JSON of one panel. */
const inPanel = (title: string, edit: (panel: Panel) => void) =>
  withJson((json) => {
    for (const panel of json.panels ?? []) if (panel.title === title) edit(panel as Panel);
  });

const queries: readonly Broken[] = [
  { name: 'a panel without a query', changes: { probe: { queries: [] } }, id: 'panel-query', place: probe },
  {
    name: 'two queries of one reference',
    changes: { probe: { queries: [up('a', 'A'), up('b', 'A')] } },
    id: 'query-reference',
    place: probe,
  },
  {
    name: 'two queries of one legend',
    changes: { probe: { queries: [up('same'), up('same')] } },
    id: 'legend-unique',
    place: probe,
  },
  {
    name: 'a fixed data source',
    changes: {
      built: inPanel('Probe', (panel) => {
        panel.datasource = { type: 'prometheus', uid: 'prod-prometheus' };
      }),
    },
    id: 'query-datasource',
    place: probe,
  },
  {
    name: 'a legend with a label that was aggregated away',
    changes: { probe: { queries: [range(new Vector('sum by (job) (up)'), { legend: 'of {{instance}}' })] } },
    id: 'legend-label',
    place: [...probe, 'query A'],
    caret: '{{instance}}',
  },
  {
    name: 'a month of raw samples in a panel',
    changes: { expr: new Vector('avg_over_time(up[30d])') },
    id: 'panel-long-window',
    place: [...probe, 'query A'],
  },
  {
    name: 'a day of facts of every deployment in a panel',
    changes: { expr: new Vector('max_over_time(push_time_seconds{environment=~"$environment"}[1d])') },
    id: 'panel-long-window',
    place: [...probe, 'query A'],
  },
  {
    name: 'every environment, whichever is chosen',
    changes: { expr: new Vector('deployment_total') },
    id: 'panel-environment',
    place: [...probe, 'query A'],
  },
  {
    name: 'a day of facts around one moment',
    changes: {
      expr: new Vector('max_over_time(push_time_seconds{environment=~"$environment"}[1d] @ 1700000000)'),
    },
    id: 'panel-long-window',
    place: [...probe, 'query A'],
  },
];

const words: readonly Broken[] = [
  { name: 'no title', changes: { probe: { title: '' } }, id: 'panel-title', place: numbers('') },
  { name: 'no description', changes: { probe: { description: ' ' } }, id: 'panel-description', place: probe },
  { name: 'no text for no data', changes: { probe: { noData: '' } }, id: 'panel-no-data', place: probe },
  { name: 'no unit', changes: { probe: { unit: '' as never } }, id: 'panel-unit', place: probe },
  {
    name: 'a misspelt unit',
    changes: { probe: { unit: 'secs' as never } },
    id: 'unit-unknown',
    place: probe,
  },
  {
    name: 'a share as percent',
    changes: { stat: { unit: 'percent' } },
    id: 'panel-unit-fits',
    place: [...rate, 'query A'],
  },
  {
    name: 'seconds as milliseconds',
    changes: {
      expr: new Vector('deployment_stage_duration_seconds{environment=~"$environment"}'),
      probe: { unit: 'suffix: ms' },
    },
    id: 'panel-unit-fits',
    place: [...probe, 'query A'],
  },
  {
    name: 'a moment in seconds as a date',
    changes: {
      expr: new Vector('deployment_started_timestamp_seconds{environment=~"$environment"}'),
      probe: { unit: 'dateTimeFromNow' },
    },
    id: 'panel-unit-fits',
    place: [...probe, 'query A'],
  },
  {
    name: 'a count as money',
    changes: {
      expr: new Vector('count(deployment_started_timestamp_seconds{environment=~"$environment"})'),
      probe: { unit: 'currencyUSD' as never },
    },
    id: 'panel-unit-fits',
    place: [...probe, 'query A'],
  },
  {
    name: 'a misspelt unit of a column',
    changes: { table: { overrides: [{ name: 'Started', unit: 'dateTimeAsIsoo' as never }] } },
    id: 'unit-unknown',
    place: tables,
  },
  {
    name: 'a title twice in a dashboard',
    changes: { table: { title: 'Success rate' } },
    id: 'panel-title-unique',
    place: ['good', 'Tables', 'Success rate'],
  },
  {
    name: 'a time span that is no duration',
    changes: { probe: { timeFrom: '7 days' } },
    id: 'panel-duration',
    place: probe,
  },
  {
    name: 'a least step that is no duration',
    changes: { probe: { queries: [range(metric('up'), { interval: '1day' })] } },
    id: 'panel-duration',
    place: probe,
  },
  {
    name: 'advice to run what does not exist',
    changes: { probe: { missing: 'Run `record.mjs finnish` first.' } },
    id: 'recorder-verb',
    place: probe,
    caret: 'finnish',
  },
  {
    name: 'a variable in a title that is not declared',
    changes: { notes: { title: 'Notes on $env' } },
    id: 'text-variable',
    place: numbers('Notes on $env'),
    caret: '$env',
  },
  {
    name: 'a variable in a text that is not declared',
    changes: { notes: { content: 'See ${environment} and ${enviroment:text}.' } },
    id: 'text-variable',
    place: numbers('Notes'),
    caret: '${enviroment:text}',
  },
];

const place: readonly Broken[] = [
  {
    name: 'two panels on each other',
    changes: {
      built: inPanel('Probe', (panel) => {
        panel.gridPos = { ...panel.gridPos!, x: 7 };
      }),
    },
    id: 'panel-overlap',
    place: rate,
  },
  {
    name: 'a panel that does not fit into its line',
    changes: {
      built: inPanel('Probe', (panel) => {
        panel.gridPos = { ...panel.gridPos!, x: 0, y: panel.gridPos!.y + 100 };
      }),
    },
    id: 'panel-wraps',
    place: probe,
  },
  {
    name: 'a panel wider than the grid',
    changes: { table: { width: 25 } },
    id: 'panel-outside',
    place: tables,
  },
  {
    name: 'one id twice',
    changes: {
      built: (bundle) => {
        const [first, ...rest] = bundle.dashboards;
        const id = first!.panels[0]!.panel.id!;
        const panels = first!.panels.map((p, i) => (i === 1 ? { ...p, panel: { ...p.panel, id } } : p));
        return { ...bundle, dashboards: [{ ...first!, panels }, ...rest] };
      },
    },
    id: 'panel-id-unique',
    place: probe,
  },
  {
    name: 'a panel repeated for a variable that is not declared',
    changes: { probe: { repeat: 'stage' } },
    id: 'repeat-variable',
    place: probe,
  },
];

const thresholds: readonly Broken[] = [
  {
    name: 'thresholds that fall',
    changes: {
      stat: {
        thresholds: [
          { color: 'red', value: null },
          { color: 'green', value: 0.95 },
          { color: 'yellow', value: 0.9 },
        ],
      },
    },
    id: 'thresholds-order',
    place: rate,
  },
  {
    name: 'thresholds without a base',
    changes: { stat: { thresholds: [{ color: 'red', value: 0.5 }] } },
    id: 'thresholds-order',
    place: rate,
  },
  {
    name: 'thresholds of a column with two bases',
    changes: {
      table: {
        overrides: [
          {
            name: 'Started',
            thresholds: [
              { color: 'red', value: null },
              { color: 'green', value: null },
            ],
          },
        ],
      },
    },
    id: 'thresholds-order',
    place: tables,
  },
];

const scales: readonly Broken[] = [
  {
    name: 'a share that is judged as a percentage',
    changes: { stat: { thresholds: steps('red', [90, 'yellow'], [95, 'green']) } },
    id: 'thresholds-reached',
    place: rate,
  },
  {
    name: 'a threshold above the end of the scale',
    changes: { probe: { max: 10, thresholds: steps('green', [60, 'red']) } },
    id: 'thresholds-reached',
    place: probe,
  },
  {
    name: 'a scale that ends before it begins',
    changes: { probe: { min: 10, max: 1 } },
    id: 'panel-scale',
    place: probe,
  },
  {
    name: 'a colour that Grafana does not have',
    changes: { stat: { thresholds: steps('ornage') } },
    id: 'colour-unknown',
    place: rate,
  },
  {
    name: 'a series in a colour of another library',
    changes: { probe: { overrides: [{ name: 'probe', color: 'danger' }] } },
    id: 'colour-unknown',
    place: probe,
  },
  {
    name: 'an override of a query that the panel does not have',
    changes: { probe: { overrides: [{ name: 'B', query: true, unit: 's' }] } },
    id: 'override-unknown',
    place: probe,
  },
  {
    name: 'an override by a regular expression that cannot be read',
    changes: { probe: { overrides: [{ name: '(probe', regex: true, unit: 's' }] } },
    id: 'override-unknown',
    place: probe,
  },
];

const link = (url: string) => ({ links: [{ title: 'There', url }] });

const links: readonly Broken[] = [
  {
    name: 'a link to a dashboard that does not exist',
    changes: { stat: link('/d/otter/') },
    id: 'link-target',
    place: rate,
    caret: '/d/otter/',
  },
  {
    name: 'a link that sets a variable which the other dashboard does not have',
    changes: { stat: link('/d/other/?var-stage=build') },
    id: 'link-target',
    place: rate,
    caret: '/d/other/?var-stage=build',
  },
  {
    name: 'a link that is no address',
    changes: { probe: link('docs/runbook.md') },
    id: 'link-target',
    place: probe,
    caret: 'docs/runbook.md',
  },
  {
    name: 'a link of a column to nowhere',
    changes: { table: { overrides: [{ name: 'Outcome', ...link('/d/gone') }] } },
    id: 'link-target',
    place: tables,
    caret: '/d/gone',
  },
  {
    name: 'a link with a variable that its dashboard does not have',
    changes: { stat: link('https://ci.example/${run}') },
    id: 'link-variable',
    place: rate,
    caret: '${run}',
  },
  {
    name: 'a link of the panel itself with such a variable',
    changes: { stat: { panelLinks: [{ title: 'CI', url: 'https://ci.example/$run' }] } },
    id: 'link-variable',
    place: rate,
    caret: '$run',
  },
];

/** Broken panels. */
export const brokenPanels: readonly Broken[] = [
  ...queries,
  ...words,
  ...place,
  ...thresholds,
  ...scales,
  ...links,
];
