import { resolve } from 'node:path';
import { generatedRules } from '../src/demo/index.ts';
import {
  attemptId,
  checkDataFolder,
  checkRetention,
  copyBlocks,
  daysToKeep,
  divide,
  type HistoryQuestion,
  historyText,
  importCache,
  type Known,
  knownTo,
  lookAhead,
  notKnown,
  type Retention,
  readHistory,
  recordAll,
  repositoryOf,
  retentionOf,
  silenceCommand,
  startWithPast,
  withHosts,
} from '../src/import/index.ts';
import { parseCommand } from '../src/lib/args.ts';
import { durationSeconds } from '../src/lib/duration.ts';
import { runMain, UserError } from '../src/lib/errors.ts';
import { say } from '../src/lib/terminal.ts';
import { type Loaded, loadPipeline } from '../src/pipeline/index.ts';
import { prometheusAt, showPreview } from '../src/preview/index.ts';
import { carry } from '../src/record/index.ts';
import type { Deployment, History } from '../src/simulator/index.ts';

const spec = {
  name: 'import',
  summary: "Reads a pipeline's own history from GitHub Actions, and shows it on these dashboards.",
  options: {
    repo: { value: 'OWNER/NAME', help: 'the repository' },
    workflow: { value: 'FILE', help: 'the workflow that deploys', default: 'deploy.yml' },
    since: { value: 'SPAN', help: 'how far back; default 90d with GITHUB_TOKEN, 2d without' },
    'first-look': { help: 'start a Prometheus with it and open the dashboards; Ctrl-C removes everything' },
    into: { value: 'DIR', help: "write it as blocks into a Prometheus' data folder" },
    record: { help: 'push what finished within the last two hours to PUSHGATEWAY_URL' },
    'dry-run': { help: 'say what would be read and how many requests it takes' },
    cache: {
      value: 'DIR',
      help: 'where runs that were read are kept; default below $XDG_CACHE_HOME or ~/.cache',
    },
    port: { value: 'PORT', help: 'of the dashboards, with --first-look', default: '0' },
    json: { help: 'print the deployments as JSON' },
  },
  footer: [
    'GITHUB_TOKEN needs "Actions: read" (5,000 requests an hour; 60 without). GITHUB_API_URL is another server.',
    'RAILWAY_TOKEN (a project token), and VERCEL_TOKEN with VERCEL_PROJECT_ID, add how the same commits went there.',
    'PROMETHEUS_URL, with its credentials: --into is refused where that server would not keep the blocks, and --into and',
    '--record leave out what it holds already.',
    'The same command goes on where it was cut.',
    'Exit codes: 0 done, 1 not.',
  ].join('\n'),
} as const;

/** Requests that GitHub allows an hour, of a person's token. */
const hourly = ({ token }: HistoryQuestion): number => (token === undefined ? 60 : 5_000);

const now = (): number => Math.floor(Date.now() / 1000);

function questionOf(values: {
  cache: string | undefined;
  repo: string | undefined;
  workflow: string;
  since: string | undefined;
}): Omit<HistoryQuestion, 'cost'> {
  if (values.repo === undefined) throw new UserError('Which repository?', 'Give it with --repo owner/name.');
  const token = process.env.GITHUB_TOKEN || undefined;
  const since = values.since ?? (token === undefined ? '2d' : '90d');
  const seconds = durationSeconds(since);
  if (!seconds) throw new UserError(`--since ${since} is no span of time.`, 'Write 90d or 12h.');
  let told = 0;
  let first: { readonly at: number; readonly runs: number } | undefined;
  return {
    url: process.env.GITHUB_API_URL || 'https://api.github.com',
    repository: repositoryOf(values.repo),
    ...(token !== undefined && { token }),
    // A path is as good as the file's name.
    workflow: values.workflow.replace(/^.*\//, ''),
    span: { from: now() - seconds, to: now() },
    cacheFolder: values.cache ?? importCache(repositoryOf(values.repo), process.env),
    say,
    onProgress: ({ runs, of, requests }) => {
      const at = Date.now();
      first ??= { at, runs };
      if (at - told < 2_000 && runs < of) return;
      told = at;
      const left = ((of - runs) * (at - first.at)) / 1_000 / (runs - first.runs);
      say(
        `${runs} of ${of} runs, ${requests} requests${left > 0 ? `, about ${Math.ceil(left)} s left` : ''}`,
      );
    },
  };
}

/** The ledger writes all that it holds at every tenth minute. */
const historyOf = (deployments: readonly Deployment[]): History => ({
  seed: 0,
  end: now() - (now() % 600),
  deployments: deployments.filter(({ finished }) => finished !== undefined && finished < now() - 600),
});

async function firstLook(deployments: readonly Deployment[], port: string, loaded: Loaded): Promise<number> {
  const server = await startWithPast(historyOf(deployments), true, say, loaded.generated);
  try {
    return await showPreview({
      loaded,
      prometheus: server.url,
      recording: undefined,
      dashboards: undefined,
      at: undefined,
      port,
    });
  } finally {
    await server.stop();
  }
}

/** The server that the past is for, as it describes itself; undefined without PROMETHEUS_URL. */
interface Target {
  /** Only asked for where blocks are written. */
  readonly retention: Retention | undefined;
  readonly known: Known;
}

async function targetOf(question: HistoryQuestion, into: boolean): Promise<Target | undefined> {
  const url = process.env.PROMETHEUS_URL?.trim();
  if (!url) return undefined;
  const { prometheus } = prometheusAt(url, 'PROMETHEUS_URL');
  const retention = into ? await retentionOf(prometheus) : undefined;
  return { retention, known: await knownTo(prometheus, question.span.from, now()) };
}

/** Steps to take before anything is written. @throws UserError when the server would not keep it */
function sayBefore(oldest: number, target: Target | undefined, loaded: Loaded): void {
  if (target?.retention === undefined)
    say(
      `It must keep ${daysToKeep(oldest, now())} days (--storage.tsdb.retention.time; the default is 15), or it removes older blocks again.`,
    );
  else {
    checkRetention(target.retention, oldest, now());
    if (target.retention.hasSizeLimit)
      say(`It keeps ${target.retention.text}: what is too large for that is removed, the oldest first.`);
  }
  say(
    `Alerts about this month and the last days judge what is imported too: silence ErrorBudgetExhausted and its like first.\n  ${silenceCommand(generatedRules(loaded.generated))}`,
  );
}

/** @param recordedSince when the first of those began that the server holds already */
async function into(
  deployments: readonly Deployment[],
  folder: string,
  loaded: Loaded,
  recordedSince: number | undefined,
): Promise<void> {
  const server = await startWithPast(historyOf(deployments), false, say, loaded.generated, recordedSince);
  try {
    const blocks = await copyBlocks(server, resolve(folder));
    say(`${blocks} blocks are in ${folder}. Prometheus takes them within a minute.`);
  } finally {
    await server.stop();
  }
}

async function record(deployments: readonly Deployment[]): Promise<number> {
  const { young, old } = divide(deployments, now());
  const failed = await recordAll(young, process.env);
  say(`${young.length - failed.length} of ${young.length} young deployments are recorded.`);
  if (old.length > 0) say(`${old.length} finished more than two hours ago: only --into can write those.`);
  return failed.length === 0 ? 0 : 1;
}

await runMain(async () => {
  const { values } = parseCommand(spec);
  const asked = questionOf(values);
  // The recorder itself records what was read.
  const loaded = await loadPipeline(values.pipeline);
  const question: HistoryQuestion = { ...asked, cost: loaded.pipeline.cost };
  carry(loaded.pipeline);
  const writesBlocks = values.into !== undefined;
  const target = writesBlocks || values.record ? await targetOf(question, writesBlocks) : undefined;
  if (values['dry-run']) {
    const { runs, requests } = await lookAhead(question);
    console.log(`${runs.length} runs; about ${requests} requests are still to be made.`);
    if (requests > hourly(question))
      console.log(
        `GitHub allows ${hourly(question)} an hour: it waits for the next one when they are used up.`,
      );
    if (target !== undefined) {
      const held = runs.filter(({ id, run_attempt }) => target.known.hasId(attemptId(id, run_attempt ?? 1)));
      console.log(`${held.length} of them are recorded already and would be left out.`);
    }
    const oldest = Math.min(...runs.map(({ created_at }) => Date.parse(created_at ?? '') / 1000 || now()));
    if (writesBlocks && runs.length > 0) sayBefore(oldest, target, loaded);
    return 0;
  }
  if (values.into !== undefined) await checkDataFolder(resolve(values.into));
  const read = await readHistory(question);
  const deployments = await withHosts(read.deployments, question.span, process.env, say);
  const history = { ...read, deployments };
  if (read.runs === 0)
    say(`No run of ${question.workflow} was created since then: look further back with --since.`);
  if (values.json) console.log(JSON.stringify(deployments, null, 2));
  else console.log(historyText(history));
  say(`\nNo history says, and panels therefore lack:\n${notKnown.map((one) => `  - ${one}`).join('\n')}`);
  const held = deployments.filter((d) => target?.known.has(d));
  const missing = deployments.filter((d) => !target?.known.has(d));
  if (target !== undefined)
    say(`${held.length} of ${deployments.length} deployments are recorded already and left out.`);
  if (values.into !== undefined && missing.length > 0) {
    sayBefore(Math.min(...missing.map(({ started }) => started)), target, loaded);
    const since = held.length > 0 ? Math.min(...held.map(({ started }) => started)) : undefined;
    await into(missing, values.into, loaded, since);
  }
  const code = values.record && missing.length > 0 ? await record(missing) : 0;
  return values['first-look'] && deployments.length > 0
    ? await firstLook(deployments, values.port, loaded)
    : code;
});
