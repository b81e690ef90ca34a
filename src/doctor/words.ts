import type { HttpClient } from '../lib/http.ts';
import { group, lastOverTime, metric } from '../metrics/index.ts';
import type { Pipeline } from '../pipeline/index.ts';
import { query } from './ask.ts';
import { type Finding, findingsAt, some } from './model.ts';

const finding = findingsAt('Prometheus', 'words');
/** A misspelt word or two is life; more of them are a value that changes with every deployment. */
const mostUnknown = 20;

/** A service, a stage or a resource under which something was recorded. */
export interface RecordedWord {
  readonly environment: string;
  readonly kind: 'service' | 'stage' | 'resource';
  readonly word: string;
}

/** A warning for each environment that has many words which the pipeline file does not know. Pure. */
export function judgeWords(
  words: readonly RecordedWord[],
  { services, stages, cost }: Pick<Pipeline, 'services' | 'stages' | 'cost'>,
): Finding[] {
  const known: Readonly<Record<RecordedWord['kind'], readonly string[]>> = {
    service: Object.keys(services),
    stage: Object.keys(stages),
    resource: cost.resources,
  };
  // Without a list, every resource is as good as another.
  const unknown = words.filter(
    ({ kind, word }) => !known[kind].includes(word) && (kind !== 'resource' || known.resource.length > 0),
  );
  return [...new Set(unknown.map(({ environment }) => environment))].sort().flatMap((environment) => {
    const own = unknown.filter((one) => one.environment === environment);
    if (own.length <= mostUnknown) return [];
    const names = own.map(({ kind, word }) => `${kind} ${word}`).sort();
    return [
      finding(
        'warning',
        'unknown-words',
        `${own.length} services, stages and resources of thirty days are not in the pipeline file: ${some(names)}. Each makes series of its own.`,
        'Add those that are meant to pipeline.config.ts and build; a name that changes with every deployment (a commit, a number) belongs into no --service, --stage or --resource.',
        environment,
      ),
    ];
  });
}

/** Every service, stage and resource under which something was recorded in thirty days. */
export async function recordedWords(client: HttpClient): Promise<RecordedWord[]> {
  const ofStages = lastOverTime(metric('deployment_stage:status:code'), '30d');
  const questions = {
    service: group(ofStages, { by: ['environment', 'service'] }),
    stage: group(ofStages, { by: ['environment', 'stage'] }),
    resource: group(lastOverTime(metric('deployment_resource:cost_usd:sum'), '30d'), {
      by: ['environment', 'resource'],
    }),
  } as const;
  const kinds = Object.keys(questions) as RecordedWord['kind'][];
  const answers = await Promise.all(kinds.map((kind) => query(client, questions[kind])));
  return kinds.flatMap((kind, i) =>
    (answers[i] ?? []).map(({ labels }) => ({
      environment: labels.environment ?? '',
      kind,
      word: labels[kind] ?? '',
    })),
  );
}
