import { parse } from 'yaml';
import { EnvironmentFailure } from '../lib/errors.ts';
import type { HttpClient } from '../lib/http.ts';
import { fields, isLabels, isText, listOf, type Shape } from '../lib/shapes.ts';
import { counted } from '../lib/words.ts';
import { metric, pipelineJob, pushgatewayJob } from '../metrics/index.ts';
import { hear, query } from './ask.ts';
import { type Group, ofPipeline, valueIn } from './listing.ts';
import { type Finding, findingsAt, type Step, some } from './model.ts';

const title = 'Scrape of the Pushgateway';
const finding = findingsAt('Prometheus', `scrape job ${pushgatewayJob}`);

/** The configuration that it needs. */
const wanted = `In prometheus.yml: a scrape_config with job_name "${pushgatewayJob}", honor_labels true and the Pushgateway as its target.`;

interface Target {
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly health: string;
  readonly lastError: string;
  readonly labels: Readonly<Record<string, string>>;
}

const isTargets: Shape<{ readonly activeTargets: readonly Target[] }> = fields({
  activeTargets: listOf(
    fields({
      scrapePool: isText,
      scrapeUrl: isText,
      health: isText,
      lastError: isText,
      labels: isLabels,
    }),
  ),
});

interface ScrapeConfig {
  readonly job_name?: string;
  readonly honor_labels?: boolean;
}

/** Prometheus' report on how it scrapes the gateway. */
export interface Scraping {
  readonly targets: readonly Target[];
  /** The loaded scrape configurations; undefined where they may not be read. */
  readonly configs: readonly ScrapeConfig[] | undefined;
  /** Scrape jobs under which a Pushgateway shows itself. */
  readonly gatewayJobs: readonly string[];
  /** The pushed groups that Prometheus has now, by environment and deployment. */
  readonly deployments: readonly string[];
  /** Whether Prometheus has what was pushed under the names that it gives to labels without honor_labels. */
  readonly renamed: boolean;
}

const name = (labels: Readonly<Record<string, string>>): string =>
  `${labels.environment ?? ''}/${labels.deployment_id ?? ''}`;

/** Asks Prometheus for all of it. @throws EnvironmentFailure */
async function look(client: HttpClient): Promise<Scraping> {
  const [targets, configs, gateways, groups, renamed] = await Promise.all([
    activeTargets(client),
    loadedConfigs(client),
    query(client, 'pushgateway_build_info'),
    query(client, 'group by (environment, deployment_id) (push_time_seconds{deployment_id!=""})'),
    query(client, `group(push_time_seconds{exported_job="${pipelineJob}"})`),
  ]);
  return {
    targets,
    configs,
    gatewayJobs: [...new Set(gateways.map(({ labels }) => labels.job ?? ''))],
    deployments: groups.map(({ labels }) => name(labels)),
    renamed: renamed.length > 0,
  };
}

/** Targets of a server; one that does not scrape itself (Mimir) has only their `up` series. */
async function activeTargets(client: HttpClient): Promise<readonly Target[]> {
  try {
    const { data } = await hear(client, 'api/v1/targets', isTargets, { state: 'active' });
    return data.activeTargets;
  } catch (error) {
    if (!(error instanceof EnvironmentFailure)) throw error;
    const scrapes = await query(client, metric('up'));
    return scrapes.map(({ labels, value }) => ({
      scrapePool: labels.job ?? '',
      scrapeUrl: labels.instance ?? '',
      health: value === 1 ? 'up' : 'down',
      lastError: 'the server that scrapes it knows why',
      labels,
    }));
  }
}

/** Managed servers do not show their configuration. */
async function loadedConfigs(client: HttpClient): Promise<ScrapeConfig[] | undefined> {
  try {
    const { data } = await hear(client, 'api/v1/status/config', fields({ yaml: isText }));
    return (parse(data.yaml) as { scrape_configs?: ScrapeConfig[] } | null)?.scrape_configs ?? [];
  } catch (error) {
    if (error instanceof EnvironmentFailure) return undefined;
    throw error;
  }
}

const jobOf = ({ labels, scrapePool }: Target): string => labels.job ?? scrapePool;

function noTarget({ targets, gatewayJobs, configs }: Scraping): Finding {
  if (configs?.some(({ job_name }) => job_name === pushgatewayJob))
    return finding(
      'error',
      'not-scraped',
      'The job is configured and has no target.',
      'Some seconds after a start this is as it should be; else its static_configs or its discovery finds nothing.',
    );
  // A series outlives its target by minutes.
  const other = gatewayJobs.find((job) => targets.some((target) => jobOf(target) === job));
  return other
    ? finding(
        'error',
        'scrape-job',
        `The Pushgateway is scraped under the job "${other}", and the rules look for "${pushgatewayJob}".`,
        `Rename it in prometheus.yml: job_name: ${pushgatewayJob}.`,
      )
    : finding('error', 'not-scraped', 'Prometheus does not scrape the Pushgateway.', wanted);
}

function targetFindings(scraping: Scraping): Finding[] {
  const ours = scraping.targets.filter((target) => jobOf(target) === pushgatewayJob);
  if (ours.length === 0) return [noTarget(scraping)];
  return ours
    .filter(({ health }) => health !== 'up')
    .map(({ scrapeUrl, health, lastError }) =>
      finding(
        health === 'down' ? 'error' : 'warning',
        'scrape-fails',
        health === 'down' ? `The scrape fails: ${lastError}` : 'It has not been scraped yet.',
        health === 'down'
          ? 'Can Prometheus reach that address? On Railway: the private host name and the port, http://.'
          : 'Wait for one scrape interval and ask again.',
        scrapeUrl,
      ),
    );
}

/** Without it Prometheus renames the labels that were pushed, and no rule finds anything. Where the configuration may not be read, the series show it. */
function honorLabels({ configs, targets, renamed }: Scraping): Finding[] {
  const config = configs?.find(({ job_name }) => job_name === pushgatewayJob);
  const honored = configs ? !config || config.honor_labels === true : !renamed;
  if (honored || targets.length === 0) return [];
  return [
    finding(
      'error',
      'honor-labels',
      'It is scraped without honor_labels, so that job "deployment-pipeline" becomes exported_job and no rule finds it.',
      'In prometheus.yml, in this scrape_config: honor_labels: true.',
    ),
  ];
}

/** Pushed so long ago that a scrape must have seen it. */
const settledAfter = 120;

/** Whether Prometheus has what this gateway holds; else it scrapes another one. @param now by the gateway's clock, which wrote when it was pushed */
function otherGateway(
  { deployments }: Scraping,
  groups: readonly Group[] | undefined,
  now: number,
): Finding[] {
  const settled = ofPipeline(groups ?? []).filter((group) => {
    const pushed = valueIn(group, 'push_time_seconds') ?? 0;
    return pushed > 0 && now - pushed > settledAfter;
  });
  const missing = [...new Set(settled.map(({ labels }) => name(labels)))].filter(
    (id) => !deployments.includes(id),
  );
  if (missing.length === 0) return [];
  return [
    finding(
      'error',
      'other-gateway',
      `Prometheus does not have ${some(missing)}, which PUSHGATEWAY_URL has held for minutes: it seems to scrape another Pushgateway.`,
      'Compare PUSHGATEWAY_URL with the target in prometheus.yml.',
    ),
  ];
}

/** Everything that is wrong with the scrape. Pure. @param now the gateway's clock, Unix seconds */
export function judgeScraping(
  scraping: Scraping,
  groups: readonly Group[] | undefined,
  now: number,
): Finding[] {
  const found = [...targetFindings(scraping), ...honorLabels(scraping)];
  // An earlier finding then explains the missing groups.
  return found.length > 0 ? found : otherGateway(scraping, groups, now);
}

/** Does Prometheus scrape the gateway, and keep what was pushed as it was pushed? @param now the gateway's clock, Unix seconds */
export async function examineScrape(
  client: HttpClient,
  groups: readonly Group[] | undefined,
  now: number,
): Promise<Step> {
  const scraping = await look(client);
  const findings = judgeScraping(scraping, groups, now);
  return { title, seen: `${counted(scraping.deployments.length, 'deployment')} in Prometheus`, findings };
}
