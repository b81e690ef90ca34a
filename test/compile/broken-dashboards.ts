import {
  choiceVariable,
  datasourceVariable,
  environmentVariable,
  labelVariable,
} from '../../src/dashboards/variables.ts';
import { metric, Vector } from '../../src/metrics/index.ts';
import type { Broken } from './broken-definition.ts';
import { withJson } from './good.ts';

const place = ['good'];

const names: readonly Broken[] = [
  {
    name: 'a uid with a space',
    changes: { dashboard: { uid: 'so good' } },
    id: 'dashboard-uid',
    place: ['so good'],
  },
  {
    name: 'a uid of 41 characters',
    changes: { dashboard: { uid: 'g'.repeat(41) } },
    id: 'dashboard-uid',
    place: ['g'.repeat(41)],
  },
  {
    name: 'the title of another dashboard',
    changes: { dashboard: { title: 'Other' } },
    id: 'dashboard-title-unique',
    place: ['other'],
  },
  { name: 'no title', changes: { dashboard: { title: '' } }, id: 'dashboard-words', place },
  { name: 'no description', changes: { dashboard: { description: '' } }, id: 'dashboard-words', place },
  {
    name: 'the uid of another dashboard',
    changes: {
      built: (bundle) => {
        const copy = bundle.dashboards[1]!;
        const again = { ...copy, definition: { ...copy.definition, title: 'Another' } };
        return { ...bundle, dashboards: [...bundle.dashboards, again] };
      },
    },
    id: 'dashboard-uid-unique',
    place: ['other'],
  },
  {
    name: 'a refresh every second',
    changes: { dashboard: { refresh: '1s' } },
    id: 'dashboard-refresh',
    place,
  },
  {
    name: 'a time span in words',
    changes: { dashboard: { from: 'now-7days' } },
    id: 'dashboard-span',
    place,
  },
  {
    name: 'a time span that begins on a date of another country',
    changes: { dashboard: { from: '1.12.2026' } },
    id: 'dashboard-span',
    place,
  },
  {
    name: 'a refresh in words',
    changes: { dashboard: { refresh: 'often' } },
    id: 'dashboard-refresh',
    place,
  },
];

const rows: readonly Broken[] = [
  {
    name: 'a row without panels',
    changes: { built: (bundle) => withEmptyRow(bundle) },
    id: 'row-empty',
    place: ['good', 'Nothing'],
  },
  {
    name: 'two rows of one title',
    changes: { row: { title: 'Tables' } },
    id: 'row-title-unique',
    place: ['good', 'Tables'],
  },
  {
    name: 'a variable in a row’s title that is not declared',
    changes: { row: { title: 'Numbers of $service' } },
    id: 'text-variable',
    place: ['good', 'Numbers of $service'],
    caret: '$service',
  },
  {
    name: 'a row repeated for a variable that is not declared',
    changes: { row: { repeat: 'service' } },
    id: 'repeat-variable',
    place: ['good', 'Numbers'],
  },
];

function withEmptyRow(bundle: Parameters<NonNullable<Broken['changes']['built']>>[0]): typeof bundle {
  const [first, ...rest] = bundle.dashboards;
  const { definition } = first!;
  const empty = { title: 'Nothing', height: 5, panels: [], source: definition.source };
  const changed = { ...definition, rows: [...definition.rows, empty] };
  return { ...bundle, dashboards: [{ ...first!, definition: changed }, ...rest] };
}

const window = choiceVariable({
  name: 'window',
  label: 'Window',
  description: 'How far back.',
  values: ['1d', '7d'],
  current: '7d',
});
const choice = (name: string) =>
  choiceVariable({ name, label: 'More', description: 'More.', values: ['a', 'b'], current: 'a' });
const standard = [datasourceVariable, environmentVariable, window];
const variablePlace = (name: string): string[] => ['good', 'variables', name];

const variables: readonly Broken[] = [
  {
    name: 'a variable that nothing uses',
    changes: { dashboard: { variables: [...standard, choice('spare')] } },
    id: 'variable-unused',
    place: variablePlace('spare'),
  },
  {
    name: 'two variables of one name',
    changes: { dashboard: { variables: [...standard, window] } },
    id: 'variable-unique',
    place: variablePlace('window'),
  },
  {
    name: 'a variable whose name is one of Grafana’s own',
    changes: {
      dashboard: { variables: [...standard, choice('__more')] },
      notes: { content: '$__more' },
    },
    id: 'variable-name',
    place: variablePlace('__more'),
  },
  {
    name: 'a choice that opens on none of its values',
    changes: {
      dashboard: {
        variables: [
          datasourceVariable,
          environmentVariable,
          choiceVariable({
            name: 'window',
            label: 'Window',
            description: 'How far back.',
            values: ['1d'],
            current: '14d',
          }),
        ],
      },
    },
    id: 'variable-choice',
    place: variablePlace('window'),
  },
  {
    name: 'no choice of the data source',
    changes: { dashboard: { variables: [environmentVariable, window] } },
    id: 'datasource-variable',
    place,
  },
  {
    name: 'a variable that lists a metric which does not exist',
    changes: {
      dashboard: {
        variables: [
          datasourceVariable,
          window,
          labelVariable({
            name: 'environment',
            label: 'Environment',
            description: 'Where.',
            metric: 'no_such_metric' as 'up',
            of: 'environment' as 'job',
            all: true,
          }),
        ],
      },
    },
    id: 'metric-unknown',
    place: variablePlace('environment'),
    caret: 'no_such_metric',
  },
  {
    name: 'a variable that lists a label which the metric does not have',
    changes: {
      dashboard: {
        variables: [
          datasourceVariable,
          window,
          labelVariable({
            name: 'environment',
            label: 'Environment',
            description: 'Where.',
            metric: 'up',
            of: 'environment' as 'job',
            all: true,
          }),
        ],
      },
    },
    id: 'variable-label',
    place: variablePlace('environment'),
    caret: 'environment',
  },
];

const annotation = { name: 'Marks', expr: metric('up'), color: 'red', title: 'Mark' };
const annotationPlace = ['good', 'annotations', 'Marks'];

const annotations: readonly Broken[] = [
  {
    name: 'an annotation with a misspelt metric',
    changes: { dashboard: { annotations: [{ ...annotation, expr: new Vector('upp') }] } },
    id: 'metric-unknown',
    place: annotationPlace,
    caret: 'upp',
  },
  {
    name: 'an annotation titled with a label that it does not have',
    changes: { dashboard: { annotations: [{ ...annotation, title: 'Of {{ stage }}' }] } },
    id: 'legend-label',
    place: annotationPlace,
    caret: '{{ stage }}',
  },
  {
    name: 'an annotation with a variable that is not declared',
    changes: { dashboard: { annotations: [{ ...annotation, text: 'In $region' }] } },
    id: 'text-variable',
    place: annotationPlace,
    caret: '$region',
  },
  {
    name: 'an annotation that asks a month of facts',
    changes: {
      dashboard: {
        annotations: [{ ...annotation, expr: new Vector('max_over_time(push_time_seconds[30d])') }],
      },
    },
    id: 'panel-long-window',
    place: annotationPlace,
  },
  {
    name: 'two annotations of one name',
    changes: { dashboard: { annotations: [annotation, annotation] } },
    id: 'annotation-unique',
    place: annotationPlace,
  },
];

const json: readonly Broken[] = [
  {
    name: 'a key that Grafana does not know',
    changes: { built: withJson((dashboard) => Object.assign(dashboard, { panelz: [] })) },
    id: 'dashboard-schema',
    place,
  },
  {
    name: 'a number as a text',
    changes: { built: withJson((dashboard) => Object.assign(dashboard, { schemaVersion: '42' })) },
    id: 'dashboard-schema',
    place,
  },
  {
    name: 'an unknown key deep in a panel',
    changes: { built: withJson((dashboard) => Object.assign(dashboard.panels![1]!.gridPos!, { z: 1 })) },
    id: 'dashboard-schema',
    place,
  },
];

/** Broken dashboards, their variables and annotations. */
export const brokenDashboards: readonly Broken[] = [...names, ...rows, ...variables, ...annotations, ...json];
