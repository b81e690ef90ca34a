import type { EnvironmentKind, PipelineFile } from '../pipeline/index.ts';
import { type Proposal, servicesOf, slug } from './propose.ts';

const kindOf = (environment: string): EnvironmentKind =>
  /^prod|^live$/i.test(environment)
    ? 'production'
    : /preview|^pr\b|review/i.test(environment)
      ? 'preview'
      : 'staging';

/** At least one environment pages: the only one there is, when none is called so. */
function environmentKinds(names: readonly string[]): PipelineFile['environments'] {
  const kinds = names.map((name) => [name, { kind: kindOf(name) }] as const);
  const [only] = kinds;
  const one =
    kinds.length === 1 && only?.[1].kind === 'staging' ? [[only[0], { kind: 'production' }] as const] : kinds;
  return Object.fromEntries(one);
}

const unique = <T>(list: readonly T[]): T[] => [...new Set(list)];

/** Stages by name; one that only one service has belongs to it. */
function stagesOf({ stages, workflow }: Proposal): PipelineFile['stages'] {
  return Object.fromEntries(
    unique(stages.map(({ stage }) => stage)).map((name) => {
      const same = stages.filter(({ stage }) => stage === name);
      const services = unique(same.flatMap(({ service, step }) => servicesOf(service, workflow, step.job)));
      const [service] = services;
      return [name, { kind: same[0]!.kind, ...(services.length === 1 && service && { service }) }] as const;
    }),
  );
}

const migrationTools: readonly (readonly [name: string, match: RegExp])[] = [
  ['Alembic', /\balembic\b/],
  ['Prisma', /\bprisma\b/],
  ['Flyway', /\bflyway\b/],
  ['Django', /manage\.py migrate/],
  ['Rails', /db:migrate/],
  ['Liquibase', /\bliquibase\b/],
  ['Knex', /\bknex\b/],
];

function migrationsOf({ stages }: Proposal): Pick<PipelineFile, 'migrations'> {
  const commands = stages.filter(({ kind }) => kind === 'migrate').map(({ step }) => step.run ?? '');
  const found = migrationTools.find(([, match]) => commands.some((command) => match.test(command)));
  if (!found) return {};
  return { migrations: { tool: found[0] } };
}

/** The pipeline file that a workflow asks for; what no workflow says (Grafana's address) is given. */
export function proposedFile(
  proposal: Proposal,
  given: { name: string; grafana: string; repository?: string },
): PipelineFile {
  const hosts = unique([...proposal.hosting.values()].filter((host) => host !== undefined));
  const smoke = proposal.stages.filter(({ stage }) => stage === 'smoke_tests');
  return {
    name: given.name,
    environments: environmentKinds(proposal.environments),
    services: Object.fromEntries(
      [...proposal.hosting].map(([service, hosting]) => [service, hosting === undefined ? {} : { hosting }]),
    ),
    stages: stagesOf(proposal),
    ...(hosts.length > 0 && { hosting: Object.fromEntries(hosts.map((host) => [host, {}])) }),
    ...(smoke.length > 0 && {
      smokeTests: Object.fromEntries(smoke.map(({ step }) => [slug(step.label), step.label])),
    }),
    ...migrationsOf(proposal),
    ...(given.repository !== undefined && { repository: given.repository }),
    grafana: given.grafana,
  };
}

const key = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : quoted(name));
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const inline = (value: Readonly<Record<string, unknown>>): string => {
  const parts = Object.entries(value).map(([name, v]) => `${key(name)}: ${quoted(String(v))}`);
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
};
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function property(name: string, value: unknown): string {
  if (!isRecord(value)) return `  ${key(name)}: ${quoted(String(value))},\n`;
  const entries = Object.entries(value);
  if (!entries.some(([, v]) => isRecord(v))) return `  ${key(name)}: ${inline(value)},\n`;
  const rows = entries.map(([k, v]) => `    ${key(k)}: ${isRecord(v) ? inline(v) : quoted(String(v))},\n`);
  return `  ${key(name)}: {\n${rows.join('')}  },\n`;
}

/**
 * The text of a `pipeline.config.ts`.
 * @param door from where it imports `definePipeline`
 * @param source the workflow that it was read from, for the comment
 */
export const configText = (file: PipelineFile, door: string, source: string): string =>
  `import { definePipeline } from '${door}';

/** The pipeline that is observed, and its targets. Read from ${source} by "npm run init"; edit it as you like. */
export default definePipeline({
${Object.entries(file)
  .map(([name, value]) => property(name, value))
  .join('')}});
`;
