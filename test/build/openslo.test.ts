import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { slosPage } from '../../scripts/build/docs/slos.ts';
import { openSloFiles } from '../../scripts/build/openslo.ts';
import { objectives } from '../../slo/objectives/index.ts';

const source = {
  type: 'object',
  required: ['metricSource'],
  additionalProperties: false,
  properties: {
    metricSource: {
      type: 'object',
      required: ['type', 'spec'],
      additionalProperties: false,
      properties: { metricSourceRef: { type: 'string' }, type: { type: 'string' }, spec: { type: 'object' } },
    },
  },
};
const metadata = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' },
    displayName: { type: 'string' },
  },
};
/** What the specification of OpenSLO v1 says of the kinds that are written. */
const schema = {
  type: 'object',
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  additionalProperties: false,
  properties: {
    apiVersion: { const: 'openslo/v1' },
    kind: { enum: ['SLO', 'Service'] },
    metadata,
    spec: { type: 'object', properties: { description: { type: 'string', maxLength: 1050 } } },
  },
  if: { properties: { kind: { const: 'SLO' } } },
  // biome-ignore lint/suspicious/noThenProperty: it is JSON Schema's keyword
  then: {
    properties: {
      spec: {
        required: ['service', 'indicator', 'timeWindow', 'budgetingMethod', 'objectives'],
        properties: {
          indicator: {
            type: 'object',
            required: ['metadata', 'spec'],
            properties: {
              metadata,
              spec: {
                type: 'object',
                properties: {
                  ratioMetric: {
                    type: 'object',
                    required: ['counter', 'total'],
                    additionalProperties: false,
                    properties: { counter: { type: 'boolean' }, good: source, bad: source, total: source },
                  },
                },
              },
            },
          },
          timeWindow: { type: 'array', minItems: 1, maxItems: 1 },
          budgetingMethod: { enum: ['Occurrences', 'Timeslices', 'RatioTimeslices'] },
          objectives: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              properties: { target: { type: 'number', minimum: 0, exclusiveMaximum: 1 } },
            },
          },
        },
      },
    },
  },
};

describe('OpenSLO', () => {
  const files = Object.entries(openSloFiles(objectives));
  const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);

  it('has a file for the service and for each SLO', () => {
    expect(files.map(([path]) => path)).toEqual(
      expect.arrayContaining(objectives.map((o) => `openslo/${o.id}.yml`)),
    );
    expect(files).toHaveLength(objectives.length + 1);
  });

  it.each(files)('is valid: %s', (_, text) => {
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('is refused when it is not', () => {
    const slo = parse(files[1]![1]) as { spec: { objectives: { target: number }[] } };
    slo.spec.objectives[0]!.target = 1;
    expect(validate(slo)).toBe(false);
  });

  it('and the page say the objective', () => {
    const page = slosPage(objectives);
    for (const o of objectives) expect(page).toContain(o.text);
  });
});
