/** The specification of OpenSLO v1 for each kind of document, as JSON Schema (draft 7). */

type Schema = boolean | { readonly [keyword: string]: unknown };

/** An object with these fields and no others. */
const object = (
  required: readonly string[],
  properties: Readonly<Record<string, Schema>>,
  ...rules: readonly Schema[]
): Schema => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
  ...(rules.length > 0 && { allOf: rules }),
});

const list = (items: Schema, least: number, most?: number): Schema => ({
  type: 'array',
  items,
  minItems: least,
  ...(most !== undefined && { maxItems: most }),
});

const has = (...names: readonly string[]): Schema => ({ required: names });
const lacks = (...names: readonly string[]): Schema => ({
  properties: Object.fromEntries(names.map((name) => [name, false])),
});
const exactlyOne = (...names: readonly string[]): Schema => ({ oneOf: names.map((name) => has(name)) });
/** A rule about the field of an object, if it is there. */
const within = (name: string, schema: Schema): Schema => ({ properties: { [name]: schema } });
const when = (condition: Schema, rule: Schema, otherwise: Schema = true): Schema => ({
  if: condition,
  // biome-ignore lint/suspicious/noThenProperty: it is JSON Schema's keyword
  then: rule,
  else: otherwise,
});

/** Something that is said once, under `definitions`. */
const ref = (definition: string): Schema => ({ $ref: `#/definitions/${definition}` });
const metadata = ref('metadata');
const metric = ref('metric');
const indicator = ref('indicator');

const words: Schema = { type: 'string', minLength: 1 };
const flag: Schema = { type: 'boolean' };
const description: Schema = { type: 'string', maxLength: 1_050 };
/** A label of RFC 1123. */
const name: Schema = { type: 'string', pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' };
const duration: Schema = { type: 'string', pattern: '^[1-9][0-9]*[mhdwMQY]$' };
/** Nothing at all is a time to wait, too. */
const delay: Schema = { type: 'string', pattern: '^(0|[1-9][0-9]*)[mhdwMQY]$' };
const operator: Schema = { enum: ['lte', 'gte', 'lt', 'gt'] };
const anything: Schema = { type: 'object' };

const key = '[a-zA-Z0-9]([a-zA-Z0-9._-]{0,61}[a-zA-Z0-9])?';
const metadataObject = object(['name'], {
  name,
  displayName: words,
  labels: {
    type: 'object',
    propertyNames: { pattern: `^${key}$` },
    additionalProperties: { anyOf: [words, list(words, 1)] },
  },
  annotations: {
    type: 'object',
    propertyNames: { pattern: `^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?${key}$` },
    additionalProperties: { type: 'string' },
  },
});

const metricObject = object(['metricSource'], {
  metricSource: object(
    ['spec'],
    { metricSourceRef: name, type: words, spec: anything },
    { anyOf: [has('metricSourceRef'), has('type')] },
  ),
});

/** Good or bad events of all, or a ratio that is computed already. */
const ratioMetric = object(
  [],
  {
    counter: flag,
    good: metric,
    bad: metric,
    total: metric,
    raw: metric,
    rawType: { enum: ['success', 'failure'] },
  },
  when(
    { anyOf: [has('raw'), has('rawType')] },
    { allOf: [has('raw', 'rawType'), lacks('good', 'bad', 'total')] },
    { allOf: [has('counter', 'total'), exactlyOne('good', 'bad')] },
  ),
);

const sli = object(
  [],
  { description, thresholdMetric: metric, ratioMetric },
  exactlyOne('thresholdMetric', 'ratioMetric'),
);
const indicatorObject = object(['metadata', 'spec'], { metadata, spec: ref('SLI') });

const condition = object(['severity', 'condition'], {
  description,
  severity: words,
  condition: object(['op', 'threshold', 'lookbackWindow', 'alertAfter'], {
    kind: { const: 'burnrate' },
    op: operator,
    threshold: { type: 'number' },
    lookbackWindow: duration,
    alertAfter: delay,
  }),
});
const target = object(['target'], { description, target: words });

/** A document inside of another one, or a reference to it. */
const inlineOr = (reference: string, kind: string): Schema =>
  when(
    has(reference),
    object([reference], { [reference]: words }),
    object(['kind', 'metadata', 'spec'], { kind: { const: kind }, metadata, spec: ref(kind) }),
  );

const policy = object(['conditions', 'notificationTargets'], {
  description,
  alertWhenNoData: flag,
  alertWhenResolved: flag,
  alertWhenBreaching: flag,
  conditions: list(inlineOr('conditionRef', 'AlertCondition'), 1, 1),
  notificationTargets: list(inlineOr('targetRef', 'AlertNotificationTarget'), 1),
});

const timeWindow = object(
  ['duration'],
  {
    duration,
    isRolling: flag,
    calendar: object(['startTime', 'timeZone'], {
      startTime: {
        type: 'string',
        pattern: '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]) ([01][0-9]|2[0-3])(:[0-5][0-9]){2}$',
      },
      timeZone: { type: 'string', pattern: '^[A-Za-z]+([/_+-][A-Za-z0-9]+)*$' },
    }),
  },
  when(
    { required: ['isRolling'], properties: { isRolling: { const: true } } },
    lacks('calendar'),
    has('calendar'),
  ),
);

const objective = object(
  [],
  {
    displayName: words,
    op: operator,
    value: { type: 'number' },
    target: { type: 'number', minimum: 0, exclusiveMaximum: 1 },
    targetPercent: { type: 'number', minimum: 0, exclusiveMaximum: 100 },
    timeSliceTarget: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
    timeSliceWindow: { anyOf: [{ type: 'number', exclusiveMinimum: 0 }, duration] },
    indicator,
    indicatorRef: name,
    compositeWeight: { type: 'number', exclusiveMinimum: 0 },
  },
  exactlyOne('target', 'targetPercent'),
  { dependencies: { op: ['value'], value: ['op'] } },
);

const objectives = (rule: Schema): Schema => within('objectives', { items: rule });
const method = (which: string, rule: Schema): Schema =>
  when(within('budgetingMethod', { const: which }), objectives(rule));
const measuredBy = (kind: string): Schema => ({
  required: ['indicator'],
  ...(within('indicator', { required: ['spec'], ...(within('spec', has(kind)) as object) }) as object),
});

const slo = object(
  ['service', 'timeWindow', 'budgetingMethod', 'objectives'],
  {
    description,
    service: name,
    indicator,
    indicatorRef: name,
    timeWindow: list(timeWindow, 1, 1),
    budgetingMethod: { enum: ['Occurrences', 'Timeslices', 'RatioTimeslices'] },
    objectives: list(objective, 1),
    alertPolicies: list(inlineOr('alertPolicyRef', 'AlertPolicy'), 1),
  },
  // One indicator for all objectives, or one for each: then it is a composite.
  when(
    { anyOf: [has('indicator'), has('indicatorRef')] },
    {
      allOf: [
        exactlyOne('indicator', 'indicatorRef'),
        objectives(lacks('indicator', 'indicatorRef', 'compositeWeight')),
      ],
    },
    objectives(exactlyOne('indicator', 'indicatorRef')),
  ),
  when(measuredBy('ratioMetric'), objectives(lacks('op', 'value'))),
  when(measuredBy('thresholdMetric'), {
    allOf: [objectives(has('op', 'value')), within('objectives', { maxItems: 1 })],
  }),
  method('Occurrences', lacks('timeSliceTarget', 'timeSliceWindow')),
  method('Timeslices', has('timeSliceTarget', 'timeSliceWindow')),
  method('RatioTimeslices', has('timeSliceWindow')),
);

const specs: Readonly<Record<string, Schema>> = {
  DataSource: object(['type', 'connectionDetails'], {
    description,
    type: words,
    connectionDetails: anything,
  }),
  Service: object([], { description }),
  SLO: slo,
  SLI: sli,
  AlertPolicy: policy,
  AlertCondition: condition,
  AlertNotificationTarget: target,
};

/** A document of OpenSLO v1, of any kind. */
export const openSloSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'A document of OpenSLO v1',
  ...(object(
    ['apiVersion', 'kind', 'metadata', 'spec'],
    { apiVersion: { const: 'openslo/v1' }, kind: { enum: Object.keys(specs) }, metadata, spec: anything },
    ...Object.keys(specs).map((kind) => when(within('kind', { const: kind }), within('spec', ref(kind)))),
  ) as object),
  definitions: { metadata: metadataObject, metric: metricObject, indicator: indicatorObject, ...specs },
};
