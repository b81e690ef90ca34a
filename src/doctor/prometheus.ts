import { EnvironmentFailure, UserError } from '../lib/errors.ts';
import type { HttpClient } from '../lib/http.ts';
import { fields, isText, optional } from '../lib/shapes.ts';
import { clientOf, hear, isRefusal } from './ask.ts';
import { type Finding, findingsAt, type Step } from './model.ts';

const title = 'Prometheus';
const finding = findingsAt(title);

/** The step, and the way to ask more; undefined when there is none. */
export interface PrometheusStep {
  readonly step: Step;
  readonly client: HttpClient | undefined;
  /** Seconds by which its clock is ahead of this machine's, as far as it says. */
  readonly ahead: number | undefined;
}

const broken = (found: Finding): PrometheusStep => ({
  step: { title, seen: 'not asked', findings: [found] },
  client: undefined,
  ahead: undefined,
});

/** Is Prometheus there, and may we ask it? */
export async function examinePrometheus(env: NodeJS.ProcessEnv): Promise<PrometheusStep> {
  if (!env.PROMETHEUS_URL?.trim())
    return broken(
      finding(
        'error',
        'prometheus-unset',
        'PROMETHEUS_URL is not set.',
        'Set it to the address of Prometheus, with PROMETHEUS_TOKEN or PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD.',
      ),
    );
  try {
    const client = clientOf(title, 'PROMETHEUS', env);
    const { data, ahead } = await hear(
      client,
      'api/v1/status/buildinfo',
      fields({ version: optional(isText) }),
    );
    const seen = `${client.options.base.host}: version ${data.version ?? 'unknown'}`;
    return { step: { title, seen, findings: [] }, client, ahead };
  } catch (error) {
    if (isRefusal(error))
      return broken(
        finding(
          'error',
          'prometheus-credentials',
          error.message,
          'Set PROMETHEUS_TOKEN, or PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD.',
        ),
      );
    if (!(error instanceof EnvironmentFailure || error instanceof UserError)) throw error;
    const fix =
      error instanceof UserError && error.fix
        ? error.fix
        : 'Check PROMETHEUS_URL, and whether the service runs.';
    return broken(finding('error', 'prometheus-unreachable', error.message, fix));
  }
}
