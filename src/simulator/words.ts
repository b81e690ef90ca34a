import { environmentsOf, type Pipeline, type StageKind, stagesOf } from '../pipeline/index.ts';

/**
 * Simulated deployments and the examples of alerts are told in fixed words, those of a pipeline with three services and
 * every kind of stage. In another pipeline each stands for a word of the same kind.
 */
const told: Readonly<Record<StageKind, readonly string[]>> = {
  build: ['build', 'push', 'install'],
  deploy: ['deploy_railway', 'deploy_vercel', 'deploy'],
  migrate: ['migration'],
  check: ['health_check'],
  test: ['smoke_tests', 'smoke_test', 'verification'],
  rollback: ['rollback'],
  other: [],
};
const tests = ['api_health', 'knowledge_api', 'web_app'];
const resources = ['railway_compute', 'vercel_build', 'database_migration'];

/** Each word with itself where the pipeline has it, else with the next of the same kind. */
const inTurn = (words: readonly string[], own: readonly string[], otherwise: string): [string, string][] => {
  const free = own.filter((name) => !words.includes(name));
  return words.map((word, i) => [
    word,
    own.includes(word) ? word : (free[i % Math.max(1, free.length)] ?? own[0] ?? otherwise),
  ]);
};

/** Meaning of each word in a pipeline. */
export function wordsFor(pipeline: Pipeline): ReadonlyMap<string, string> {
  const names = Object.keys(pipeline.environments).filter((name) => !name.includes('*'));
  const [production = names[0] ?? 'production'] = environmentsOf(pipeline, 'production');
  const other = names.find((name) => name !== production) ?? `not-${production}`;
  const services = Object.keys(pipeline.services);
  const stages = Object.keys(pipeline.stages);
  const kinds = (Object.entries(told) as [StageKind, readonly string[]][]).flatMap(([kind, words]) =>
    inTurn(words, stagesOf(pipeline, kind), stages[0] ?? 'build'),
  );
  return new Map([
    ['production', names.includes('production') ? 'production' : production],
    ['staging', names.includes('staging') ? 'staging' : other],
    ...inTurn(['api', 'web'], services, 'service'),
    [
      'database',
      pipeline.stages[stagesOf(pipeline, 'migrate')[0] ?? '']?.service ?? services[0] ?? 'service',
    ],
    ...kinds,
    ...inTurn(tests, Object.keys(pipeline.smokeTests), 'smoke_test_1'),
    ...inTurn(resources, pipeline.cost.resources, 'compute'),
    ['alembic_head', pipeline.migrations.name],
  ]);
}

/** Words that sentences have for themselves too stand for a name only beside another one. */
const common: ReadonlySet<string> = new Set([
  'database',
  'build',
  'push',
  'install',
  'migration',
  'deploy',
  'rollback',
  'verification',
]);

/** A copy of deployments, or of examples with the sentences that come of them, in the words of a pipeline. */
export function inWordsOf(pipeline: Pipeline): <T>(value: T) => T {
  const words = wordsFor(pipeline);
  if ([...words].every(([word, own]) => word === own)) return (value) => value;
  const plain = [...words.keys()].filter((word) => !common.has(word)).join('|');
  const named = new RegExp(`(?<![\\w-])(${plain})(?![\\w-])`, 'g');
  const pair = new RegExp(`(?<![\\w-])(api|web|database) (${[...words.keys()].join('|')})(?![\\w-])`, 'g');
  const stage = new RegExp(`(?<=[Ss]tage )(${[...words.keys()].join('|')})(?![\\w-])`, 'g');
  const to = (word: string): string => words.get(word) ?? word;
  const sentence = (text: string): string =>
    text
      .replaceAll(pair, (found, service: string, name: string) =>
        service === 'database' && name === 'migration' && !/database migration:/.test(text)
          ? found
          : `${to(service)} ${to(name)}`,
      )
      .replaceAll(stage, to)
      .replaceAll(named, to);
  const copy = (v: unknown): unknown => {
    if (typeof v === 'string') return words.get(v) ?? sentence(v);
    if (Array.isArray(v)) return v.map(copy);
    if (typeof v !== 'object' || v === null) return v;
    return Object.fromEntries(Object.entries(v).map(([name, part]) => [name, copy(part)]));
  };
  return (value) => copy(value) as never;
}
