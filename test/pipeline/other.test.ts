import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadBundle } from '../../definitions.ts';
import { findingsOf, renderArtefacts } from '../../src/compile/index.ts';
import { inProject } from '../../src/lib/root.ts';
import { percentText, spoken } from '../../src/lib/spoken.ts';
import { definePipeline, type Pipeline, type PipelineFile } from '../../src/pipeline/index.ts';
import { carry } from '../../src/record/index.ts';
import { pipeline as relay } from '../relay.ts';

/** A team with other words, one environment and no application that is scraped. */
const team: PipelineFile = {
  name: 'Shop',
  environments: { live: { kind: 'production' } },
  services: { payments: {}, ledger: {} },
  stages: {
    image: { kind: 'build', service: 'payments' },
    apply: { kind: 'deploy', service: 'payments' },
    schema: { kind: 'migrate', service: 'ledger' },
    probe: { kind: 'check' },
    undo: { kind: 'rollback' },
  },
  smokeTests: { checkout: 'buys a thing' },
  migrations: { tool: 'Prisma', name: 'prisma', command: 'prisma migrate deploy' },
  cost: { currency: 'EUR', resources: ['cluster_hours'] },
  metrics: {
    team_image_bytes: {
      unit: 'bytes',
      help: 'Size of the image.',
      labels: { service: ['payments', 'ledger'] },
      above: 400_000_000,
    },
    team_coverage_ratio: { unit: 'ratio', help: 'Share of lines that tests reach.', below: 0.8 },
    team_queries: { unit: 'count', help: 'Queries of the first page.' },
  },
  grafana: 'https://grafana.shop.example',
};

/** Everything that is built for a pipeline, by path; the recorder is Relay's again afterwards. */
async function built(pipeline: Pipeline, examples = true): Promise<ReadonlyMap<string, string>> {
  try {
    return await renderArtefacts(loadBundle(pipeline), { examples });
  } finally {
    carry(relay);
  }
}
const errorsOf = (pipeline: Pipeline): string[] =>
  findingsOf(loadBundle(pipeline)).flatMap(({ severity, id, summary }) =>
    severity === 'error' ? [`${id}: ${summary}`] : [],
  );

describe('a team with other words', () => {
  let files: ReadonlyMap<string, string>;
  beforeAll(async () => {
    files = await built(definePipeline(team));
  });

  it('builds without an edit elsewhere', () => {
    expect(errorsOf(definePipeline(team))).toEqual([]);
    expect(files.size).toBeGreaterThan(100);
  });

  it.each([
    /\brelay\b(?!_)|relay-/i,
    /vercel|supabase|alembic/i,
    /up\.railway\.app|railway_compute/,
    /\bstaging\b|deploy_railway|knowledge_api|web_app/,
    /\bapi_health\b(?!_)/,
    /currencyUSD/,
    /pipeline:(stages|environments|target|spoken|production|grafana|runbooks|currency|application)/,
  ])('finds no %s in what is built', (word) => {
    const found = [...files].flatMap(([path, text]) =>
      path.startsWith('record')
        ? []
        : text
            .split('\n')
            .flatMap((line) => (word.test(line) ? [`${path}: ${line.trim().slice(0, 160)}`] : [])),
    );
    expect(found).toEqual([]);
  });

  it('has its own metrics in the reference, the ledger, the windows, a row of panels, and an alert for each limit', () => {
    const bundle = loadBundle(definePipeline(team));
    const recorded = Object.values(bundle.ruleFiles).flatMap((groups) =>
      groups.flatMap(({ rules }) => rules.flatMap((rule) => (rule.kind === 'record' ? [rule.record] : []))),
    );
    const reference = files.get('docs/metrics.md')!;
    for (const name of Object.keys(team.metrics!)) {
      expect(recorded).toContain(`deployment:${name}:last`);
      expect(recorded.filter((one) => one === `environment:${name}:avg`)).toHaveLength(4);
      expect(reference).toMatch(new RegExp(`^\\| \`${name}\` \\|.*\\| recorder \\(optional\\) \\|`, 'm'));
    }
    const overview = JSON.parse(files.get('grafana/dashboards/deployment-pipeline.json')!) as {
      panels: { title: string }[];
    };
    expect(overview.panels.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Own metrics', ...Object.keys(team.metrics!)]),
    );
    const alerts = bundle.families.find(({ name }) => name === 'own')!.alerts;
    expect(alerts.map(({ name }) => name)).toEqual(['TeamImageBytesHigh', 'TeamCoverageRatioLow']);
    expect(loadBundle(relay).families.map(({ name }) => name)).not.toContain('own');
  });

  it('needs no edit of what runs on Railway, of the action, or of a page: none has a host, job or stage of Relay', () => {
    const pages = readdirSync(inProject('docs')).filter((name) => name.endsWith('.md'));
    const railway = readdirSync(inProject('railway'), { recursive: true, withFileTypes: true });
    const named = (path: string, word: RegExp): string[] =>
      readFileSync(inProject(path), 'utf8')
        .split('\n')
        .flatMap((line) => (word.test(line) ? [`${path}: ${line.trim().slice(0, 160)}`] : []));
    expect([
      ...railway
        .filter((entry) => entry.isFile())
        .flatMap((entry) =>
          named(
            join(relative(inProject(), entry.parentPath), entry.name),
            /\brelay|vercel|knowledge|deploy_railway|web_app|up\.railway\.app/i,
          ),
        ),
      ...named('action.yml', /\brelay\b|vercel|deploy_railway|\bstaging\b/i),
      ...pages.flatMap((page) => named(`docs/${page}`, /relay-(production|grafana|staging|api)|owner:Relay/)),
    ]).toEqual([]);
  });

  it('has a recorder that knows its words and not those of others', () => {
    const recorder = files.get('record.mjs')!;
    expect(recorder).toContain('"payments"');
    expect(recorder).not.toMatch(/railway_compute|alembic_head|deploy_vercel|relay-production|knowledge_api/);
  });
});

const file = (): PipelineFile => structuredClone(relayFile);
/** The file of Relay, as far as another one is made from it. */
const relayFile: PipelineFile = {
  name: relay.name,
  environments: { production: { kind: 'production' }, staging: { kind: 'staging' } },
  services: { api: {}, web: {}, database: {} },
  stages: Object.fromEntries(
    Object.entries(relay.stages).map(([name, { kind, service }]) => [
      name,
      { kind, ...(service && { service }) },
    ]),
  ),
  cost: relay.cost,
  grafana: relay.grafana,
  application: relay.application!,
};
const without = (record: object, name: string): never =>
  Object.fromEntries(Object.entries(record).filter(([one]) => one !== name)) as never;

describe('less of everything builds', () => {
  it.each<[string, PipelineFile]>([
    ['one environment less', { ...file(), environments: { production: { kind: 'production' } } }],
    ...Object.keys(relayFile.stages).map((name): [string, PipelineFile] => [
      `no stage ${name}`,
      { ...file(), stages: without(relayFile.stages, name) },
    ]),
    [
      'no service web',
      { ...file(), services: { api: {}, database: {} }, stages: without(relayFile.stages, 'deploy_vercel') },
    ],
    ['no application', without(file(), 'application')],
    ['no cost', without(file(), 'cost')],
  ])('%s', (_, less) => {
    expect(errorsOf(definePipeline(less))).toEqual([]);
  });
});

/** A target, another number for it, and how texts and rules speak of the old one. */
const changes: readonly (readonly [PipelineFile['targets'], readonly RegExp[]])[] = [
  [
    { timeToDeploy: { seconds: 480 } },
    [/(objective|target|done in|longer than|at most) (is |of )?ten minutes/, /\b600 s\b/, /> 600\b/],
  ],
  [{ deployments: { good: 0.93 } }, [/less than 95 % succeeded/, /Green from 95 %/]],
  [{ deployments: { objective: 0.985 } }, [/at least 99 % of deployments/, /Target: 99 %/]],
  [{ deployments: { agreement: 0.975 } }, [/at least 98 % of deployments/]],
  [{ health: { least: 0.94 } }, [/Below 95 % a deployment is rolled back/]],
  [{ health: { alert: 0.85 } }, [/at least 90 % have to pass/, /Less than 90 % of the health checks/]],
  [{ health: { windowSeconds: 240 } }, [/first five minutes(?! after)/, /checks of the last five minutes/]],
  [{ smokeTests: { objective: 0.97 } }, [/at least 99 % of smoke tests/]],
  [
    { migrations: { slowSeconds: 100 } },
    [/Warning from 120 s/, /takes, or took, more than two minutes/, /two minutes at most/],
  ],
  [{ migrations: { criticalSeconds: 400 } }, [/critical from 300 s/]],
  [{ errorRate: { rollback: 0.04 } }, [/more than 5 % of requests/, /at most 5 % may fail/]],
  [{ rollbacks: { perWeek: 5 } }, [/More than 3 deployments of seven days/]],
  [
    { abandoned: { afterSeconds: 10_800 } },
    [/nothing (?:was heard|is heard|was recorded) of? ?(?:it )?for two hours/],
  ],
  [
    { budget: { rolledBackForHealth: 0.25 } },
    [/a rollback because of health a half/, /a rollback for health half of one/],
  ],
];

describe('a target that is changed', () => {
  let before = '';
  beforeAll(async () => {
    before = [...(await built(definePipeline(file()), false)).values()].join('\n');
  });

  it.each(changes)(
    '%j leaves no old number behind',
    async (targets, old) => {
      const changed = definePipeline({ ...file(), targets: { ...targets } });
      expect(errorsOf(changed)).toEqual([]);
      const files = await built(changed, false);
      const after = [...files]
        .filter(([path]) => !path.startsWith('record'))
        .map(([, text]) => text.replace(/\n## Examples[\s\S]*$/, ''));
      for (const text of old) {
        expect(before, 'the test looks for what is there').toMatch(text);
        expect(after.flatMap((one) => one.split('\n').filter((line) => text.test(line)))).toEqual([]);
      }
    },
    60_000,
  );

  it('is said in words that fit the number', () => {
    expect([480, 90, 900, 3600, 7200].map(spoken)).toEqual([
      'eight minutes',
      '90 seconds',
      'a quarter of an hour',
      'an hour',
      'two hours',
    ]);
    expect(percentText(0.985)).toBe('98.5 %');
  });
});
