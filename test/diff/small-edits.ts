import type { Edit } from './base.ts';

type Row = readonly [edit: Edit | readonly Edit[], sentences: string | readonly string[]];

const dash = 'deployments';
const slow = 'rules.yml › alerts › DeploymentTakingTooLong';
const low = 'rules.yml › alerts › SuccessRateLow';
const ledger = 'rules.yml › ledger';
const page = 'alertmanager.yml › default route › severity="critical"';
const ops = 'alertmanager.yml › default route › severity="high"';
const inhibitions = 'alertmanager.yml › inhibitions';
const matrix = 'sum by (error_type) (rate(http_requests_total{status_code=~"5.."}[5m] offset 1h)) / 2';

const dashboards: readonly Row[] = [
  [['set', 'dash.fiscalYearStartMonth', 3], `${dash}: fiscalYearStartMonth \`none\` → \`3\``],
  [
    [
      'set',
      'dash.templating.list',
      [
        {
          name: 'environment',
          type: 'query',
          query: 'label_values(up, environment)',
          multi: true,
          includeAll: true,
          allValue: '.*',
        },
        { name: 'datasource', type: 'datasource', query: 'prometheus' },
        { name: 'window', type: 'custom', query: '1h,1d', current: { text: '1d', value: '1d' } },
      ],
    ],
    `${dash}: variables in another order: \`datasource, environment, window\` → \`environment, datasource, window\``,
  ],
  [
    ['set', 'dash.templating.list.1.query', 'label_values(up{job="api"}, environment)'],
    `${dash} › variables › environment: query: matcher \`job="api"\` added`,
  ],
  [
    ['set', 'dash.templating.list.1.query', 'label_values(up, service)'],
    `${dash} › variables › environment: query \`label_values(up, environment)\` → \`label_values(up, service)\``,
  ],
  [
    ['set', 'dash.annotations.list.0.target.refId', 'B'],
    `${dash} › annotations › Alerts: settings of its query changed`,
  ],
  [
    ['set', 'dash.panels.0.repeatDirection', 'v'],
    `${dash} › Key metrics: row’s repeatDirection \`none\` → \`v\``,
  ],
  [
    [
      ['set', 'rate.gridPos.x', 12],
      ['set', 'errors.gridPos.x', 0],
    ],
    `${dash} › Key metrics: order changed: \`Success rate, Errors\` → \`Errors, Success rate\``,
  ],
  [
    [
      ['set', 'dash.panels.0.gridPos.y', 20],
      ['set', 'dash.panels.0.title', 'Key metrics'],
    ],
    '',
  ],
  [['set', 'errors.gridPos.x', 8], `${dash} › Key metrics › Errors: column \`6\` → \`8\``],
  [
    ['set', 'rate.fieldConfig.defaults.thresholds.mode', 'percentage'],
    `${dash} › Key metrics › Success rate: thresholds’ mode \`absolute\` → \`percentage\``,
  ],
  [
    ['set', 'rate.fieldConfig.overrides.0.matcher.id', 'byRegexp'],
    [
      `${dash} › Key metrics › Success rate: settings of \`Status\` removed`,
      `${dash} › Key metrics › Success rate: settings of \`byRegexp Status\` added`,
    ],
  ],
  [
    ['set', 'rate.cacheTimeout', '1m'],
    `${dash} › Key metrics › Success rate: cacheTimeout \`none\` → \`1m\``,
  ],
  [
    ['set', 'rate.fieldConfig.defaults.links.0.targetBlank', true],
    `${dash} › Key metrics › Success rate: link \`Why\`: targetBlank \`none\` → \`true\``,
  ],
  [
    ['set', 'errors.targets.0.datasource', { uid: 'other' }],
    `${dash} › Key metrics › Errors › query A: datasource \`none\` → \`{"uid":"other"}\``,
  ],
  [
    ['set', 'errors.targets.0.expr', matrix.replace('offset 1h', '@ end()')],
    [
      `${dash} › Key metrics › Errors › query A: offset \`1h\` → \`0s\``,
      `${dash} › Key metrics › Errors › query A: time \`@ now\` → \`@ end\``,
    ],
  ],
  [
    ['set', 'errors.targets.0.expr', matrix.replace('/ 2', '/ on (error_type) limits')],
    `${dash} › Key metrics › Errors › query A: the expression was rewritten`,
  ],
  [
    ['set', 'recent.targets.0.expr', 'topk(10, recent_deployment:outcome:code[1h:5s])'],
    `${dash} › Details › Recent › query A: the expression was rewritten`,
  ],
  [
    ['set', 'recent.targets.0.expr', 'topk(10, {__name__=~".+"})'],
    [
      `${dash} › Details › Recent › query A: metric \`recent_deployment:outcome:code\` → \`""\` ! it reads every series that there is`,
      `${dash} › Details › Recent › query A: matcher \`__name__=~".+"\` added ! it reads every series that there is`,
    ],
  ],
  [
    [
      ['remove', 'dash.panels.4'],
      ['add', 'dash.panels', { type: 'row', id: 3, title: 'More', collapsed: false, panels: [] }],
      [
        'add',
        'dash.panels',
        {
          type: 'table',
          id: 21,
          title: 'Recent',
          description: 'The last ten.',
          gridPos: { x: 0, y: 7, w: 24, h: 8 },
          datasource: { type: 'prometheus', uid: '${datasource}' },
          targets: [{ refId: 'A', expr: 'topk(10, recent_deployment:outcome:code)', format: 'table' }],
          fieldConfig: { defaults: { unit: 'none', noValue: 'None.' }, overrides: [] },
          options: {},
        },
      ],
    ],
    [`${dash} › More: row added`, `${dash} › More › Recent: moved from row \`Details\` to \`More\``],
  ],
];

const unsaid: readonly Row[] = [
  [
    [
      ['add', 'rate.fieldConfig.overrides', { matcher: { id: 'byName', options: 'Status' }, properties: [] }],
      ['remove', 'rate.fieldConfig.overrides.1'],
    ],
    '',
  ],
  [
    [
      ['remove', 'errors.targets.1'],
      ['add', 'errors.targets', { refId: 'B', expr: 'max(http_requests_total) > 5', legendFormat: 'most' }],
    ],
    '',
  ],
  [
    [
      ['remove', 'errors.targets.0'],
      ['add', 'errors.targets', { refId: 'A', expr: matrix, legendFormat: '{{error_type}}' }],
    ],
    `${dash} › Key metrics › Errors: queries in another order`,
  ],
  [
    [
      ['remove', 'rate.fieldConfig.overrides.0'],
      [
        'add',
        'rate.fieldConfig.overrides',
        { matcher: { id: 'byName', options: 'Status' }, properties: [{ id: 'custom.width', value: 9 }] },
      ],
      [
        'add',
        'rate.fieldConfig.overrides',
        { matcher: { id: 'byName', options: 'Status' }, properties: [{ id: 'unit', value: 's' }] },
      ],
    ],
    `${dash} › Key metrics › Success rate: settings changed`,
  ],
];

const rules: readonly Row[] = [
  [['set', 'ledger.query_offset', '1m'], `${ledger}: query_offset \`none\` → \`1m\``],
  [
    ['set', 'ledger.limit', 5],
    `${ledger}: limit \`none\` → \`5\` ! a rule that gives more series than that fails`,
  ],
  [
    ['set', 'rules.rules.groups.1.interval', '10m'],
    'rules.yml › alerts: evaluated every `30s` → `10m` ! its alerts fire later',
  ],
  [
    ['set', 'slow.alert', 'DeploymentSlow'],
    'rules.yml › alerts › DeploymentSlow: renamed: `DeploymentTakingTooLong` → `DeploymentSlow` ! silences and inhibitions that name it no longer apply',
  ],
  [['set', 'low.labels.team', 'web'], `${low}: label \`team\` \`none\` → \`web\``],
  [
    ['set', 'low.expr', 'environment:deployment_success:ratio{window="1d"} < 0.95 and up'],
    `${low}: condition \`and up\` added ! it fires less easily than before`,
  ],
  [
    ['set', 'low.expr', 'vector(0) > 1'],
    `${low}: the expression was rewritten ! it reads no series any more: it fires always or never`,
  ],
  [
    ['set', 'low.expr', 'environment:deployment_success:ratio{window="1d",environment="production"} < 0.95'],
    `${low}: matcher \`environment="production"\` added ! it fires less easily than before`,
  ],
  [
    [
      'set',
      'ledger.rules.0.expr',
      'max by (environment, deployment_id) (last_over_time(deployment_outcome_code[365d]))',
    ],
    [
      `${ledger} › deployment:outcome:code: \`last_over_time([365d])\` was put around it ! it reads about 2,102,400 times as many samples (read by alert SuccessRateLow, panel deployments › Success rate, series environment:deployment_success:ratio)`,
    ],
  ],
  [
    ['set', 'ledger.rules.2.expr', 'vector(0.999)'],
    'rules.yml › ledger › slo:objective:ratio{slo="deployment-reliability"}: objective of `deployment-reliability` `99 %` → `99.9 %`: of 1,000 deployments a month 10 may fail → 1',
  ],
  [
    ['set', 'ledger.rules.2.expr', 'vector(1)'],
    'rules.yml › ledger › slo:objective:ratio{slo="deployment-reliability"}: objective of `deployment-reliability` `99 %` → `100 %`: of 100 deployments a month 1 may fail → none',
  ],
  [
    [
      ['remove', 'slow.for'],
      ['set', 'slow.labels.severity', 'critical'],
    ],
    [
      `${slow}: hold \`2m\` → \`0s\``,
      `${slow}: severity \`high\` → \`critical\`: goes to \`page\` and no longer to \`ops\` ! a hold that is running starts again`,
    ],
  ],
];

const routing: readonly Row[] = [
  [
    [
      'set',
      'route.routes',
      [
        { matchers: ['severity="high"'], receiver: 'ops', repeat_interval: '4h' },
        { matchers: ['severity="critical"'], receiver: 'page' },
      ],
    ],
    'alertmanager.yml › default route: routes in another order ! the first match wins: another receiver may be notified',
  ],
  [
    ['set', 'alertmanager.global', { resolve_timeout: '1h' }],
    'alertmanager.yml: global `none` → `{"resolve_timeout":"1h"}`',
  ],
  [['set', 'alertmanager.templates', ['/x']], 'alertmanager.yml: templates `none` → `["/x"]`'],
  [
    ['set', 'alertmanager.time_intervals', [{ name: 'nights' }]],
    'alertmanager.yml: time_intervals `none` → `[{"name":"nights"}]` ! it decides when alerts are muted',
  ],
  [
    ['set', 'route.routes.0.group_wait', '30m'],
    `${page}: group_wait \`none\` → \`30m\` ! it is heard of later`,
  ],
  [
    ['set', 'route.routes.1.repeat_interval', '5d'],
    `${ops}: repeat_interval \`4h\` → \`5d\` ! a reminder comes later`,
  ],
  [
    ['set', 'route.routes.0.mute_time_intervals', ['nights']],
    `${page}: mute_time_intervals \`none\` → \`["nights"]\` ! it is not sent at these times`,
  ],
  [
    ['remove', 'alertmanager.receivers.1'],
    'alertmanager.yml › receivers › page: receiver removed ! nothing is sent there any more',
  ],
  [
    ['set', 'alertmanager.receivers.1.webhook_configs.0.url_file', '/secrets/other'],
    'alertmanager.yml › receivers › page: webhook_configs.0.url_file `/secrets/page` → `/secrets/other` ! its messages go somewhere else',
  ],
  [
    [
      'add',
      'alertmanager.inhibit_rules',
      { source_matchers: ['alertname="Down"'], target_matchers: ['alertname=~"Slow|Late"'], equal: [] },
    ],
    `${inhibitions}: inhibition added: \`Down\` hides \`Slow, Late\` ! alerts may be hidden that were heard of before`,
  ],
  [
    ['set', 'alertmanager.inhibit_rules.0.equal', []],
    `${inhibitions}: inhibition changed: \`DeploymentFailed\` hides \`everything\` ! alerts may be hidden that were heard of before`,
  ],
  [
    ['set', 'alertmanager.inhibit_rules.0.target_matchers', ['alertname="Slow"']],
    `${inhibitions}: inhibition changed: \`DeploymentFailed\` hides \`Slow\``,
  ],
  [
    ['remove', 'alertmanager.inhibit_rules.0'],
    `${inhibitions}: inhibition removed: \`DeploymentFailed\` hides \`everything\``,
  ],
];

/** Edits that are easily overlooked, each with the sentences that it gives. */
export const smallEdits: readonly Row[] = [...dashboards, ...unsaid, ...rules, ...routing];
