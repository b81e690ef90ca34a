import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { UserError } from '../lib/errors.ts';
import { baseUrl } from '../lib/url.ts';

/** A configuration as text, or as the object that the text would hold. */
export type Config = string | Readonly<Record<string, unknown>>;

/** A rule file: a path (may be a glob), or a name and its text. */
export type Rules = string | { readonly name: string; readonly text: string };

/** Targets, rules and Alertmanagers of a local Prometheus. */
export interface PrometheusConfigOptions {
  /** Scraped as job `pushgateway`; labels that were pushed win over those of the scrape. */
  readonly pushgatewayUrl?: string;
  /** Default 1s: a person waits for the first sample. */
  readonly scrapeInterval?: string;
  /** Default 1s. */
  readonly evaluationInterval?: string;
  readonly ruleFiles?: readonly string[];
  readonly alertmanagerUrl?: string;
  /** More `scrape_configs`. */
  readonly extraScrapes?: readonly Readonly<Record<string, unknown>>[];
  readonly externalLabels?: Readonly<Record<string, string>>;
  /** How old a sample may be that arrives late, e.g. `40d`; for histories written afterwards. */
  readonly outOfOrderWindow?: string;
}

/** The parts of a URL as Prometheus' configuration wants them. */
function target(url: string, what: string): { scheme: string; prefix: string; static_configs: object[] } {
  const { protocol, host, pathname } = baseUrl(url, what);
  return {
    scheme: protocol.slice(0, -1),
    prefix: pathname.replace(/\/+$/, ''),
    static_configs: [{ targets: [host] }],
  };
}

function pushgatewayScrape(url: string): object {
  const { scheme, prefix, static_configs } = target(url, 'pushgatewayUrl');
  return {
    job_name: 'pushgateway',
    honor_labels: true,
    scheme,
    metrics_path: `${prefix}/metrics`,
    static_configs,
  };
}

function alerting(url: string): object {
  const { scheme, prefix, static_configs } = target(url, 'alertmanagerUrl');
  return { alertmanagers: [{ scheme, ...(prefix && { path_prefix: prefix }), static_configs }] };
}

/** The text of a `prometheus.yml`. */
export function prometheusConfig(options: PrometheusConfigOptions = {}): string {
  const { pushgatewayUrl, alertmanagerUrl, ruleFiles = [], extraScrapes = [] } = options;
  const scrapes = [...(pushgatewayUrl ? [pushgatewayScrape(pushgatewayUrl)] : []), ...extraScrapes];
  return stringify({
    global: {
      scrape_interval: options.scrapeInterval ?? '1s',
      // A scrape that takes longer than its interval is refused by the configuration.
      scrape_timeout: options.scrapeInterval ?? '1s',
      evaluation_interval: options.evaluationInterval ?? '1s',
      ...(options.externalLabels && { external_labels: options.externalLabels }),
    },
    ...(options.outOfOrderWindow && {
      storage: { tsdb: { out_of_order_time_window: options.outOfOrderWindow } },
    }),
    ...(ruleFiles.length > 0 && { rule_files: ruleFiles }),
    ...(scrapes.length > 0 && { scrape_configs: scrapes }),
    ...(alertmanagerUrl && { alerting: alerting(alertmanagerUrl) }),
  });
}

/** The configuration as text. */
export const configText = (config: Config): string =>
  typeof config === 'string' ? config : stringify(config);

/** Writes named rules into the folder and gives the path of each rule file. @throws UserError for a path that does not exist */
function writeRules(folder: string, rules: readonly Rules[]): string[] {
  const target = join(folder, 'rules');
  return rules.map((rule) => {
    if (typeof rule === 'string') {
      const path = isAbsolute(rule) ? rule : resolve(rule);
      // Prometheus takes a pattern that matches nothing for no rules at all, without a word.
      if (!/[*?[]/.test(path) && !existsSync(path)) throw new UserError(`There is no rule file ${path}.`);
      return path;
    }
    mkdirSync(target, { recursive: true });
    const path = join(target, rule.name);
    writeFileSync(path, rule.text);
    return path;
  });
}

/** Writes `prometheus.yml` with these rule files besides its own, and gives its path. */
export function writePrometheusConfig(folder: string, config: Config, rules: readonly Rules[]): string {
  const file = join(folder, 'prometheus.yml');
  const files = writeRules(folder, rules);
  if (files.length === 0) writeFileSync(file, configText(config));
  else {
    const parsed = (typeof config === 'string' ? parse(config) : config) as { rule_files?: string[] } | null;
    writeFileSync(file, stringify({ ...parsed, rule_files: [...(parsed?.rule_files ?? []), ...files] }));
  }
  return file;
}
