import { EnvironmentFailure, UserError } from '../lib/errors.ts';
import { redactor } from '../lib/redact.ts';
import { customMetrics } from '../metrics/index.ts';
import type { Pipeline } from '../pipeline/index.ts';
import { type Desired, readDesired } from '../provision/index.ts';
import { secretsOf } from './ask.ts';
import { examineClocks } from './clocks.ts';
import { examineEvents } from './events.ts';
import { examineGateway } from './gateway.ts';
import { examineGrafana } from './grafana.ts';
import { examineMetrics } from './metrics.ts';
import { findingsAt, isHealthy, type Report, type Step } from './model.ts';
import { examinePrometheus } from './prometheus.ts';
import { examineReceiver } from './receiver.ts';
import { examineRules } from './rules.ts';
import { examineScrape } from './scrape.ts';

function bundle(folder: string): { desired: Desired | undefined; step: Step } {
  const title = 'Bundle';
  try {
    const desired = readDesired(folder);
    return { desired, step: { title, seen: `generated/ is version ${desired.version}`, findings: [] } };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const finding = findingsAt('generated/')('error', 'bundle', error.message, error.fix ?? 'npm run build');
    return { desired: undefined, step: { title, seen: 'not readable', findings: [finding] } };
  }
}

/** A station at which the server stopped answering although it had answered before. */
async function attempt(title: string, examine: () => Promise<Step>): Promise<Step> {
  try {
    return await examine();
  } catch (error) {
    if (!(error instanceof EnvironmentFailure)) throw error;
    const finding = findingsAt('Prometheus')(
      'error',
      'prometheus-unreachable',
      error.message,
      'Ask again; if it stays, look into its log.',
    );
    return { title, seen: 'not asked', findings: [finding] };
  }
}

const versionsIn = (rules: Step): string[] | undefined => {
  const version = /version ([0-9a-f, ]+)$/.exec(rules.seen)?.[1];
  return version?.split(', ');
};

/** Walks the way of the data, from the pipeline's pushes to the dashboards. Reads only. @param folder generated/ */
export async function examine(env: NodeJS.ProcessEnv, folder: string, pipeline: Pipeline): Promise<Report> {
  const { desired, step: ofBundle } = bundle(folder);
  const isWritten = pipeline.transport === 'remote-write';
  const [gateway, prometheus] = await Promise.all([
    isWritten
      ? examineReceiver(env).then((step) => ({ step, groups: undefined, ahead: undefined }))
      : examineGateway(env, customMetrics(pipeline)),
    examinePrometheus(env),
  ]);
  const { client } = prometheus;
  const gatewayNow = Date.now() / 1000 + (gateway.ahead ?? 0);
  const behind = client
    ? await Promise.all([
        isWritten
          ? attempt('Events', () => examineEvents(client))
          : attempt('Scrape of the Pushgateway', () => examineScrape(client, gateway.groups, gatewayNow)),
        attempt('Rules', () => examineRules(client, desired)),
        attempt('Metrics', () => examineMetrics(client, pipeline)),
      ])
    : [];
  const rules = behind[1];
  const grafana = await examineGrafana(env, desired, rules && versionsIn(rules));
  const clocks = examineClocks({ gateway: gateway.ahead, prometheus: prometheus.ahead });
  const steps = [ofBundle, gateway.step, prometheus.step, ...clocks, ...behind, grafana];
  return { healthy: isHealthy(steps), version: desired?.version, steps: redacted(steps, env) };
}

/** Servers quote what they are sent. */
function redacted(steps: readonly Step[], env: NodeJS.ProcessEnv): Step[] {
  const redact = redactor(secretsOf(env));
  return steps.map(({ title, seen, findings }) => ({
    title,
    seen: redact(seen),
    findings: findings.map((f) => ({
      ...f,
      place: f.place.map(redact),
      summary: redact(f.summary),
      fix: redact(f.fix),
    })),
  }));
}
