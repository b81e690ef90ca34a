import { EnvironmentFailure, UserError } from '../lib/errors.ts';
import { counted } from '../lib/words.ts';
import type { MetricDefinition } from '../metrics/index.ts';
import { clientOf, hear, isRefusal } from './ask.ts';
import { examineContent } from './content.ts';
import { examineGroups } from './groups.ts';
import { type Group, groupsFrom, isListing, ofPipeline } from './listing.ts';
import { type Finding, findingsAt, type Step } from './model.ts';

const title = 'Pushgateway';
const finding = findingsAt(title);

/** The step, and what the gateway holds; undefined when it could not be asked. */
export interface GatewayStep {
  readonly step: Step;
  readonly groups: readonly Group[] | undefined;
  /** Seconds by which its clock is ahead of this machine's, as far as it says. */
  readonly ahead: number | undefined;
}

const broken = (found: Finding, seen = 'not asked'): GatewayStep => ({
  step: { title, seen, findings: [found] },
  groups: undefined,
  ahead: undefined,
});

/** How curl shows the credentials that we show, without their values. */
const curlAccess = (env: NodeJS.ProcessEnv): string =>
  env.PUSHGATEWAY_TOKEN?.trim()
    ? '-H "Authorization: Bearer $PUSHGATEWAY_TOKEN" '
    : env.PUSHGATEWAY_USERNAME?.trim()
      ? '-u "$PUSHGATEWAY_USERNAME:$PUSHGATEWAY_PASSWORD" '
      : '';

function unreachable(error: unknown): GatewayStep {
  if (isRefusal(error))
    return broken(
      finding(
        'error',
        'gateway-credentials',
        error.message,
        'Set PUSHGATEWAY_TOKEN, or PUSHGATEWAY_USERNAME and PUSHGATEWAY_PASSWORD, here and in the pipeline’s secrets.',
      ),
    );
  if (error instanceof EnvironmentFailure || error instanceof UserError)
    return broken(
      finding(
        'error',
        'gateway-unreachable',
        error.message,
        error instanceof UserError && error.fix
          ? error.fix
          : 'Check PUSHGATEWAY_URL, and whether the service runs (on Railway: its deployment and its domain).',
      ),
    );
  throw error;
}

/** Is the gateway there, may we ask it, and is what it holds as it should be? */
export async function examineGateway(
  env: NodeJS.ProcessEnv,
  own: Readonly<Record<string, MetricDefinition>> = {},
): Promise<GatewayStep> {
  const url = env.PUSHGATEWAY_URL?.trim();
  if (!url)
    return broken(
      finding(
        'error',
        'gateway-unset',
        'PUSHGATEWAY_URL is not set, so nothing can be recorded.',
        'Set it to the address of the Pushgateway, here and in the pipeline.',
      ),
    );
  if (url.toLowerCase() === 'disabled')
    return broken(
      finding(
        'error',
        'recording-disabled',
        'Recording is switched off: PUSHGATEWAY_URL is "disabled".',
        'Set PUSHGATEWAY_URL to the address of the Pushgateway.',
      ),
    );
  try {
    const client = clientOf(title, 'PUSHGATEWAY', env);
    const { data, ahead } = await hear(client, 'api/v1/metrics', isListing);
    const groups = groupsFrom(data);
    const pipeline = ofPipeline(groups);
    const deployments = new Set(
      pipeline.map(({ labels }) => `${labels.environment}/${labels.deployment_id}`),
    );
    const empty =
      pipeline.length > 0
        ? []
        : [
            finding(
              'warning',
              'gateway-empty',
              'It holds nothing of the pipeline.',
              'Either nothing was deployed since it was emptied, or it lost its data when it restarted (--persistence.file on a volume), or the pipeline pushes elsewhere: compare its PUSHGATEWAY_URL.',
            ),
          ];
    const now = Date.now() / 1000 + (ahead ?? 0);
    return {
      step: {
        title,
        seen: `${client.options.base.host}: ${counted(pipeline.length, 'group')} of ${counted(deployments.size, 'deployment')}`,
        findings: [...empty, ...examineGroups(groups, now, curlAccess(env)), ...examineContent(groups, own)],
      },
      groups,
      ahead,
    };
  } catch (error) {
    return unreachable(error);
  }
}
