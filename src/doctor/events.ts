import type { HttpClient } from '../lib/http.ts';
import { lastOverTime, max, metric, pipelineJob } from '../metrics/index.ts';
import { query } from './ask.ts';
import { ageText, findingsAt, type Step } from './model.ts';

const title = 'Events';

/** Does Prometheus have what the pipeline writes? @throws EnvironmentFailure */
export async function examineEvents(client: HttpClient): Promise<Step> {
  const [last] = await query(
    client,
    max(lastOverTime(metric('push_time_seconds', { job: pipelineJob }), '1d')),
  );
  if (last)
    return {
      title,
      seen: `the last one ${ageText(Math.max(0, Date.now() / 1000 - last.value))} ago`,
      findings: [],
    };
  const finding = findingsAt('Prometheus')(
    'warning',
    'nothing-written',
    'It has no event of the last day.',
    'Either nothing was deployed, or REMOTE_WRITE_URL of the pipeline leads to another server than PROMETHEUS_URL.',
  );
  return { title, seen: 'none', findings: [finding] };
}
