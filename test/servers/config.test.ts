import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { UserError } from '../../src/lib/errors.ts';
import {
  type Config,
  prometheusConfig,
  type Rules,
  writePrometheusConfig,
} from '../../src/servers/config.ts';
import { temporaryFolder, write } from './machine.ts';

const written = (folder: string, config: Config, rules: readonly Rules[]): unknown =>
  parse(readFileSync(writePrometheusConfig(folder, config, rules), 'utf8'));

describe('prometheusConfig', () => {
  test('of nothing evaluates every second and scrapes nothing', () => {
    expect(parse(prometheusConfig())).toEqual({
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    });
  });

  test('keeps the labels that were pushed, and the path prefixes of both URLs', () => {
    const text = prometheusConfig({
      pushgatewayUrl: 'http://127.0.0.1:9091/push/',
      alertmanagerUrl: 'https://alerts.invalid/am',
      scrapeInterval: '15s',
      evaluationInterval: '30s',
      ruleFiles: ['/rules/*.yml'],
      extraScrapes: [{ job_name: 'other', static_configs: [{ targets: ['h:1'] }] }],
      externalLabels: { site: 'x' },
      outOfOrderWindow: '40d',
    });
    expect(parse(text)).toEqual({
      global: {
        scrape_interval: '15s',
        scrape_timeout: '15s',
        evaluation_interval: '30s',
        external_labels: { site: 'x' },
      },
      storage: { tsdb: { out_of_order_time_window: '40d' } },
      rule_files: ['/rules/*.yml'],
      scrape_configs: [
        {
          job_name: 'pushgateway',
          honor_labels: true,
          scheme: 'http',
          metrics_path: '/push/metrics',
          static_configs: [{ targets: ['127.0.0.1:9091'] }],
        },
        { job_name: 'other', static_configs: [{ targets: ['h:1'] }] },
      ],
      alerting: {
        alertmanagers: [
          { scheme: 'https', path_prefix: '/am', static_configs: [{ targets: ['alerts.invalid'] }] },
        ],
      },
    });
  });

  test('refuses what is no URL', () => {
    expect(() => prometheusConfig({ pushgatewayUrl: '127.0.0.1:9091' })).toThrow(UserError);
  });
});

describe('writing the configuration', () => {
  test('leaves text as it is when no rules are added', () => {
    const text = '# a comment\nglobal: {}\n';
    expect(readFileSync(writePrometheusConfig(temporaryFolder(), text, []), 'utf8')).toBe(text);
  });

  test('adds named rules and files to the rule files of the configuration', () => {
    const folder = temporaryFolder();
    const file = write(join(folder, 'mine.yml'), 'groups: []');
    const rules = [{ name: 'a.yml', text: 'groups: [a]' }, file, join(folder, '*.none')];
    const expected = [join(folder, 'rules', 'a.yml'), file, join(folder, '*.none')];
    expect(written(folder, 'rule_files: [x.yml]', rules)).toEqual({ rule_files: ['x.yml', ...expected] });
    expect(written(folder, {}, rules)).toEqual({ rule_files: expected });
    expect(written(folder, '', rules)).toEqual({ rule_files: expected });
    expect(readFileSync(expected[0]!, 'utf8')).toBe('groups: [a]');
  });

  test('refuses a rule file that does not exist, which Prometheus would take for none', () => {
    expect(() => writePrometheusConfig(temporaryFolder(), {}, ['/no/such/rules.yml'])).toThrow(
      'There is no rule file /no/such/rules.yml.',
    );
  });
});
