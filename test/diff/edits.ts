import type { Edit } from './base.ts';

/** One edit and the sentence that it gives: `place: text`, and the risk after an exclamation mark. */
export type Row = readonly [edit: Edit | readonly Edit[], sentence: string];

const rate = 'deployments › Key metrics › Success rate';
const errors = 'deployments › Key metrics › Errors';
const expr = 'environment:deployment_success:ratio{environment=~"$environment", window="$window"}';
const broken = 'sum by (error_type) (rate(http_requests_total{status_code=~"5.."}[5m] offset 1h)) / 2';
const slow = 'rules.yml › alerts › DeploymentTakingTooLong';
const low = 'rules.yml › alerts › SuccessRateLow';
const success = 'rules.yml › ledger › environment:deployment_success:ratio{window="1d"}';
const readers = ['panel deployments › Success rate', 'alert SuccessRateLow'];
const panel = { type: 'stat', id: 31, title: 'New', gridPos: { x: 18, y: 1, w: 6, h: 5 }, targets: [] };
const query = { refId: 'C', expr: 'up' };

/** Edits of dashboards. */
const dashboards: readonly Row[] = [
  [['set', 'dash.title', 'Releases'], 'deployments: title `Deployments` → `Releases`'],
  [['set', 'dash.description', 'New'], 'deployments: description `Do they work?` → `New`'],
  [['set', 'dash.refresh', '30s'], 'deployments: refresh `10s` → `30s`'],
  [
    ['set', 'dash.time', { from: 'now-7d', to: 'now' }],
    'deployments: time span `{"from":"now-24h","to":"now"}` → `{"from":"now-7d","to":"now"}`',
  ],
  [['set', 'dash.tags', []], 'deployments: tags `["deployment-observability"]` → `[]`'],
  [['set', 'dash.graphTooltip', 0], 'deployments: shared crosshair `1` → `0`'],
  [['set', 'dash.timezone', 'utc'], 'deployments: timezone `browser` → `utc`'],
  [['set', 'dash.editable', true], 'deployments: editable `false` → `true`'],
  [['set', 'dash.schemaVersion', 43], 'deployments: schemaVersion `42` → `43`'],
  [
    ['set', 'dash.links', []],
    'deployments: links to other dashboards `[{"title":"Others","type":"dashboards","url":""}]` → `[]`',
  ],
  [
    ['set', 'dash.uid', 'releases'],
    'deployments: uid changed to `releases` ! bookmarks and links to it break',
  ],
  [['remove', 'dashboards.deployments'], 'deployments: dashboard removed ! bookmarks and links to it break'],
  [
    [
      'set',
      'dashboards.other',
      { uid: 'other', title: 'Other', panels: [], templating: {}, annotations: {} },
    ],
    'other: dashboard added: `Other`',
  ],
  [
    ['remove', 'dash.templating.list.2'],
    'deployments › variables › window: variable removed ! links that set it no longer do anything',
  ],
  [
    ['add', 'dash.templating.list', { name: 'job', type: 'textbox' }],
    'deployments › variables › job: variable added',
  ],
  [
    ['set', 'dash.templating.list.2.query', '1h,1d,7d'],
    'deployments › variables › window: query `1h,1d` → `1h,1d,7d`',
  ],
  [
    ['set', 'dash.templating.list.1.multi', false],
    'deployments › variables › environment: multi `true` → `false`',
  ],
  [['remove', 'dash.annotations.list.0'], 'deployments › annotations › Alerts: annotation removed'],
  [
    ['add', 'dash.annotations.list', { name: 'Deploys', enable: true, iconColor: 'blue' }],
    'deployments › annotations › Deploys: annotation added',
  ],
  [
    ['set', 'dash.annotations.list.0.iconColor', 'blue'],
    'deployments › annotations › Alerts: iconColor `red` → `blue`',
  ],
  [
    ['set', 'dash.annotations.list.0.target.expr', 'ALERTS{alertstate="pending"}'],
    'deployments › annotations › Alerts: matcher `alertstate="firing"` → `alertstate="pending"`',
  ],
  [['set', 'dash.panels.0.collapsed', true], 'deployments › Key metrics: row collapsed'],
  [
    ['set', 'dash.panels.3.repeat', 'environment'],
    'deployments › Details: row repeated by `nothing` → `environment`',
  ],
  [
    ['add', 'dash.panels', { type: 'row', id: 9, title: 'More', collapsed: true, panels: [] }],
    'deployments › More: row added',
  ],
];

/** Edits of panels and what they look like. */
const panels: readonly Row[] = [
  [['add', 'dash.panels', panel], 'deployments › Details › New: panel added (`stat`)'],
  [['remove', 'dash.panels.4'], 'deployments › Details › Recent: panel removed ! nothing else shows it'],
  [['set', 'recent.title', 'Latest'], 'deployments › Details › Latest: renamed: `Recent` → `Latest`'],
  [
    ['set', 'recent.id', 77],
    'deployments › Details › Recent: panel id `21` → `77` ! links that open this panel alone no longer find it',
  ],
  [['set', 'rate.type', 'gauge'], `${rate}: visualization \`stat\` → \`gauge\``],
  [['set', 'rate.description', 'Other words'], `${rate}: description changed`],
  [['set', 'rate.gridPos.w', 8], `${rate}: size \`6×5\` → \`8×5\``],
  [
    ['set', 'rate.fieldConfig.defaults.unit', 'percent'],
    `${rate}: unit \`percentunit\` → \`percent\` ! the same numbers read as something else`,
  ],
  [['set', 'rate.fieldConfig.defaults.decimals', 2], `${rate}: decimals \`1\` → \`2\``],
  [['set', 'rate.fieldConfig.defaults.max', 1], `${rate}: max \`none\` → \`1\``],
  [
    ['set', 'rate.fieldConfig.defaults.noValue', 'Nothing'],
    `${rate}: text for no data \`No deployment finished.\` → \`Nothing\``,
  ],
  [
    ['set', 'rate.fieldConfig.defaults.thresholds.steps.1.value', 0.85],
    `${rate}: threshold \`0.9\` → \`0.85\` (yellow)`,
  ],
  [
    ['set', 'rate.fieldConfig.defaults.thresholds.steps.2.color', 'blue'],
    `${rate}: colour of threshold 0.95 \`green\` → \`blue\``,
  ],
  [
    ['remove', 'rate.fieldConfig.defaults.thresholds.steps.1'],
    `${rate}: thresholds \`base red, 0.9 yellow, 0.95 green\` → \`base red, 0.95 green\``,
  ],
  [
    ['set', 'rate.fieldConfig.defaults.mappings', [{ type: 'value', options: {} }]],
    `${rate}: value mappings changed`,
  ],
  [
    ['set', 'rate.fieldConfig.defaults.links.0.url', '/d/other'],
    `${rate}: link \`Why\` \`/d/troubleshooting\` → \`/d/other\``,
  ],
  [
    ['set', 'rate.fieldConfig.defaults.links', []],
    `${rate}: link \`Why\` removed ! it is no longer linked from here`,
  ],
  [
    ['add', 'rate.fieldConfig.defaults.links', { title: 'Run', url: 'https://ci' }],
    `${rate}: link \`Run\` added: \`https://ci\``,
  ],
  [
    ['set', 'rate.fieldConfig.overrides.0.properties.0.value', 'ms'],
    `${rate}: unit of \`Status\` \`s\` → \`ms\` ! the same numbers read as something else`,
  ],
  [['set', 'rate.fieldConfig.overrides', []], `${rate}: settings of \`Status\` removed`],
  [
    ['add', 'recent.fieldConfig.overrides', { matcher: { id: 'byName', options: 'Cost' }, properties: [] }],
    'deployments › Details › Recent: settings of `Cost` added',
  ],
  [['set', 'rate.options.colorMode', 'background'], `${rate}: option colorMode \`value\` → \`background\``],
  [['set', 'rate.transformations', []], `${rate}: transformations changed`],
  [['set', 'errors.timeFrom', '30d'], `${errors}: time span \`7d\` → \`30d\``],
  [['set', 'errors.interval', '1m'], `${errors}: least step \`none\` → \`1m\``],
  [['set', 'errors.repeat', 'environment'], `${errors}: repeat \`none\` → \`environment\``],
  [
    ['set', 'errors.datasource.uid', 'fixed'],
    `${errors}: data source \`{"type":"prometheus","uid":"\${datasource}"}\` → \`{"type":"prometheus","uid":"fixed"}\``,
  ],
];

/** Edits of queries: what changed in them, and nothing where only the layout did. */
const queries: readonly Row[] = [
  [
    ['set', 'errors.targets.1.expr', 'count(http_requests_total) + topk(2, http_requests_total)'],
    `${errors} › query B: the expression was rewritten`,
  ],
  [
    ['set', 'errors.targets.0.expr', broken.replace('5m', '2h')],
    `${errors} › query A: window \`5m\` → \`2h\` ! it reads about 24 times as many samples`,
  ],
  [['set', 'rate.targets.0.expr', expr.replace('{', '{\n  ').replace(', ', ',\n  ')], ''],
  [
    [
      'set',
      'rate.targets.0.expr',
      'environment:deployment_success:ratio{window="$window",environment=~"$environment"}',
    ],
    '',
  ],
  [
    ['set', 'rate.targets.0.expr', expr.replace('"$window"', '"7d"')],
    `${rate} › query A: matcher \`window="$window"\` → \`window="7d"\``,
  ],
  [
    ['set', 'rate.targets.0.expr', expr.replace('environment=~"$environment", ', '')],
    `${rate} › query A: matcher \`environment=~"$environment"\` removed ! it reads more series than before`,
  ],
  [
    ['set', 'rate.targets.0.expr', expr.replace('}', ', a="b"}')],
    `${rate} › query A: matcher \`a="b"\` added`,
  ],
  [
    ['set', 'rate.targets.0.expr', expr.replace('success', 'failure')],
    `${rate} › query A: metric \`environment:deployment_success:ratio\` → \`environment:deployment_failure:ratio\``,
  ],
  [['set', 'rate.targets.0.expr', `sum(${expr})`], `${rate} › query A: \`sum()\` was put around it`],
  [
    ['set', 'errors.targets.0.expr', broken.replace('5m', '10m')],
    `${errors} › query A: window \`5m\` → \`10m\``,
  ],
  [
    ['set', 'errors.targets.0.expr', broken.replace('rate(', 'increase(')],
    `${errors} › query A: function \`rate()\` → \`increase()\``,
  ],
  [
    ['set', 'errors.targets.0.expr', broken.replace('sum by', 'max by')],
    `${errors} › query A: aggregation \`sum\` → \`max\``,
  ],
  [
    ['set', 'errors.targets.0.expr', broken.replace('by (error_type)', 'by (service)')],
    `${errors} › query A: grouping \`by (error_type)\` → \`by (service)\``,
  ],
  [
    ['set', 'errors.targets.0.expr', broken.replace('/ 2', '/ 3')],
    `${errors} › query A: number \`2\` → \`3\``,
  ],
  [
    ['set', 'errors.targets.0.expr', broken.replace('/ 2', '* 2')],
    `${errors} › query A: operator \`/\` → \`*\``,
  ],
  [
    ['set', 'errors.targets.0.expr', broken.replace('offset 1h', 'offset 1d')],
    `${errors} › query A: offset \`1h\` → \`1d\``,
  ],
  [
    ['set', 'errors.targets.0.expr', broken.replace('5m', '$__rate_interval')],
    `${errors} › query A: window \`5m\` → \`$__rate_interval\``,
  ],
  [
    ['set', 'errors.targets.1.expr', 'http_requests_total > 5'],
    `${errors} › query B: \`max()\` around it was taken away`,
  ],
  [['set', 'errors.targets.0.legendFormat', 'x'], `${errors} › query A: legend \`{{error_type}}\` → \`x\``],
  [['set', 'errors.targets.0.interval', '1d'], `${errors} › query A: least step \`none\` → \`1d\``],
  [['add', 'errors.targets', query], `${errors} › query C: query added`],
  [['remove', 'errors.targets.1'], `${errors} › query B: query removed ! what it showed is gone`],
];

/** Edits of rules, objectives and alerts. */
const rules: readonly Row[] = [
  [['set', 'slow.for', '120s'], ''],
  [['set', 'slow.for', '5m'], `${slow}: hold \`2m\` → \`5m\` ! it fires later than before`],
  [['set', 'slow.for', '1m'], `${slow}: hold \`2m\` → \`1m\``],
  [
    ['set', 'slow.keep_firing_for', '1m'],
    `${slow}: keeps firing for \`5m\` → \`1m\` ! it resolves earlier than before`,
  ],
  [
    ['set', 'slow.labels.severity', 'medium'],
    `${slow}: severity \`high\` → \`medium\`: goes to \`log\` and no longer to \`ops\` ! it reaches fewer people`,
  ],
  [
    ['set', 'slow.labels.severity', 'critical'],
    `${slow}: severity \`high\` → \`critical\`: goes to \`page\` and no longer to \`ops\` ! a hold that is running starts again`,
  ],
  [
    ['set', 'slow.labels.team', 'web'],
    `${slow}: label \`team\` \`platform\` → \`web\` ! a hold that is running starts again`,
  ],
  [['set', 'slow.annotations.summary', 'Slow'], `${slow}: annotation \`summary\` changed`],
  [
    ['remove', 'slow.annotations.runbook_url'],
    `${slow}: annotation \`runbook_url\` removed ! the notification says less`,
  ],
  [['set', 'slow.annotations.impact', 'Bad'], `${slow}: annotation \`impact\` added`],
  [
    [
      'set',
      'slow.expr',
      'max by (environment, deployment_id) (time() - deployment_started_timestamp_seconds) > 1200',
    ],
    `${slow}: number \`900\` → \`1200\` ! it fires less easily than before`,
  ],
  [
    [
      'set',
      'slow.expr',
      'max by (environment, deployment_id) (time() - deployment_started_timestamp_seconds) > 600',
    ],
    `${slow}: number \`900\` → \`600\``,
  ],
  [
    ['set', 'low.expr', 'environment:deployment_success:ratio{window="1d"} < 0.9'],
    `${low}: number \`0.95\` → \`0.9\` ! it fires less easily than before`,
  ],
  [['remove', 'rules.rules.groups.1.rules.0'], `${slow}: alert removed ! it is not sent any more`],
  [
    ['add', 'rules.rules.groups.1.rules', { alert: 'New', expr: 'up == 0', labels: { severity: 'info' } }],
    'rules.yml › alerts › New: alert added (`info`)',
  ],
  [['set', 'ledger.interval', '30s'], 'rules.yml › ledger: evaluated every `15s` → `30s`'],
  [
    ['set', 'ledger.rules.2.expr', 'vector(0.98)'],
    'rules.yml › ledger › slo:objective:ratio{slo="deployment-reliability"}: objective of `deployment-reliability` `99 %` → `98 %`: of 100 deployments a month 1 may fail → 2 ! more failures are promised to be acceptable',
  ],
  [
    ['set', 'ledger.rules.2.expr', 'vector(0.995)'],
    'rules.yml › ledger › slo:objective:ratio{slo="deployment-reliability"}: objective of `deployment-reliability` `99 %` → `99.5 %`: of 1,000 deployments a month 10 may fail → 5',
  ],
  [
    ['set', 'ledger.rules.3.expr', 'vector(0.97)'],
    'rules.yml › ledger › slo:sla:ratio{slo="deployment-reliability"}: SLA of `deployment-reliability` `98 %` → `97 %`: of 100 deployments a month 2 may fail → 3 ! more failures are promised to be acceptable',
  ],
  [
    [
      'set',
      'ledger.rules.1.expr',
      'avg by (environment) (last_over_time(deployment:outcome:code[7d]) == bool 1)',
    ],
    `${success}: window \`1d\` → \`7d\` ! it reads about 7 times as many samples (read by ${readers.toReversed().join(', ')})`,
  ],
  [
    ['add', 'ledger.rules', { record: 'a:b:c', expr: 'up' }],
    'rules.yml › ledger › a:b:c: recording rule added',
  ],
  [
    ['remove', 'ledger.rules.1'],
    `${success}: recording rule removed ! 2 still read it (read by ${readers.toReversed().join(', ')})`,
  ],
  [
    ['remove', 'ledger.rules.3'],
    'rules.yml › ledger › slo:sla:ratio{slo="deployment-reliability"}: recording rule removed',
  ],
];

const page = 'alertmanager.yml › default route › severity="critical"';
/** Edits of the routing. */
const routing: readonly Row[] = [
  [
    ['set', 'route.receiver', 'ops'],
    'alertmanager.yml › default route: receiver `log` → `ops` ! another receiver is notified',
  ],
  [
    ['set', 'route.routes.0.receiver', 'ops'],
    `${page}: receiver \`page\` → \`ops\` ! another receiver is notified`,
  ],
  [
    ['set', 'route.group_by', ['alertname']],
    'alertmanager.yml › default route: group_by `["environment"]` → `["alertname"]`',
  ],
  [
    ['set', 'route.routes.1.repeat_interval', '1h'],
    'alertmanager.yml › default route › severity="high": repeat_interval `4h` → `1h`',
  ],
  [['remove', 'route.routes.0'], `${page}: route removed ! these alerts go somewhere else`],
  [
    ['add', 'route.routes', { matchers: ['team="web"'], receiver: 'ops' }],
    'alertmanager.yml › default route › team="web": route added, to `ops`',
  ],
  [
    ['add', 'alertmanager.receivers', { name: 'mail' }],
    'alertmanager.yml › receivers › mail: receiver added',
  ],
  [
    ['set', 'alertmanager.receivers.1.webhook_configs', []],
    'alertmanager.yml › receivers › page: receiver emptied ! what is sent to it is lost',
  ],
  [['remove', 'alertmanager.receivers.2'], 'alertmanager.yml › receivers › ops: receiver removed'],
];

/** Every edit; one without a sentence has no visible effect. */
export const edits: readonly Row[] = [...dashboards, ...panels, ...queries, ...rules, ...routing];
