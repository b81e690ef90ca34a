import { describe, expect, it } from 'vitest';
import { metricsPage } from '../../src/compile/docs/metrics.ts';
import { allows, catalogue } from '../../src/metrics/catalogue.ts';
import type { MetricDefinition } from '../../src/metrics/definition.ts';
import { pipelineMetrics } from '../../src/metrics/pipeline.ts';
import { recordedMetrics } from '../../src/metrics/recorded.ts';
import { bundle } from '../relay.ts';

const all = Object.entries(catalogue as Readonly<Record<string, MetricDefinition>>);
const pushed = Object.entries(pipelineMetrics as Readonly<Record<string, MetricDefinition>>);

describe('every metric of the catalogue', () => {
  it.each(all)('%s has names that Prometheus takes and says what it means', (name, metric) => {
    expect(name).toMatch(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
    for (const label of Object.keys(metric.labels)) expect(label).toMatch(/^(?!__)[a-z_][a-z0-9_]*$/);
    expect(metric.help).toMatch(/^\S.*[.)]$/s);
    expect(metric.producers.length).toBeGreaterThan(0);
    for (const values of Object.values(metric.labels))
      if (values !== 'open') expect(new Set(values).size, 'a value twice').toBe(values.length);
  });

  it('is on the reference page', () => {
    const page = metricsPage(bundle);
    for (const [name, { help }] of Object.entries(bundle.metrics)) {
      expect(page).toContain(`| \`${name}\` |`);
      expect(page).toContain(help.replaceAll('|', '\\|'));
    }
  });
});

describe('names', () => {
  it('with colons are those of recorded series, and all of those', () => {
    for (const [name, { type }] of all) expect(name.includes(':'), name).toBe(type === 'recorded');
    const recorded = all.filter(([, { type }]) => type === 'recorded').map(([name]) => name);
    expect(recorded).toEqual(expect.arrayContaining(Object.keys(recordedMetrics)));
  });

  it('say the unit where Prometheus has a convention for it', () => {
    const plain = pushed.filter(([, { type }]) => type !== 'recorded' && type !== 'info');
    for (const [name, { unit }] of plain) {
      if (name.endsWith('_timestamp_seconds')) expect(unit, name).toBe('unix seconds');
      else if (name.endsWith('_seconds')) expect(unit, name).toBe('seconds');
      if (name.endsWith('_ms')) expect(unit, name).toBe('milliseconds');
      if (name.endsWith('_code')) expect(unit, name).toBe('code');
    }
    for (const [name, { type }] of plain) if (name.endsWith('_total')) expect(type, name).toBe('counter');
    for (const [name, { type }] of pushed) if (name.endsWith('_info')) expect(type, name).toBe('info');
  });
});

describe('what the pipeline pushes', () => {
  it.each(pushed)('%s is of a deployment in an environment, and pushed once', (_, metric) => {
    expect(Object.keys(metric.labels)).toEqual(expect.arrayContaining(['environment', 'deployment_id']));
    expect(metric.pushedOnce).toBe(true);
    expect(metric.producers).not.toContain('none yet');
  });
});

describe('allows', () => {
  it('takes anything for an open label and only its values for a closed one', () => {
    expect(allows('open', 'anything')).toBe(true);
    expect(allows(['a', 'b'], 'b')).toBe(true);
    expect(allows(['a', 'b'], 'c')).toBe(false);
  });
});
