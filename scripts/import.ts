import { resolve } from 'node:path';
import {
  checkDataFolder,
  copyBlocks,
  divide,
  type HistoryQuestion,
  historyText,
  importCache,
  lookAhead,
  notKnown,
  readHistory,
  recordAll,
  startWithPast,
} from '../src/import/index.ts';
import { parseCommand } from '../src/lib/args.ts';
import { durationSeconds } from '../src/lib/duration.ts';
import { runMain, UserError } from '../src/lib/errors.ts';
import { say } from '../src/lib/terminal.ts';
import { type Loaded, loadPipeline } from '../src/pipeline/index.ts';
import { showPreview } from '../src/preview/index.ts';
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
    'The same command goes on where it was cut.',
    'Exit codes: 0 done, 1 not.',
  ].join('\n'),
} as const;

const day = 86_400;
const now = (): number => Math.floor(Date.now() / 1000);

function questionOf(values: {
  cache: string | undefined;
  repo: string | undefined;
  workflow: string;
  since: string | undefined;
}): HistoryQuestion {
  if (values.repo === undefined) throw new UserError('Which repository?', 'Give it with --repo owner/name.');
  const token = process.env.GITHUB_TOKEN || undefined;
  const since = values.since ?? (token === undefined ? '2d' : '90d');
  const seconds = durationSeconds(since);
  if (!seconds) throw new UserError(`--since ${since} is no span of time.`, 'Write 90d or 12h.');
  let told = 0;
  return {
    url: process.env.GITHUB_API_URL || 'https://api.github.com',
    repository: values.repo,
    ...(token !== undefined && { token }),
    workflow: values.workflow,
    span: { from: now() - seconds, to: now() },
    cacheFolder: values.cache ?? importCache(values.repo, process.env),
    say,
    onProgress: ({ runs, of, requests }) => {
      if (Date.now() - told < 2_000 && runs < of) return;
      told = Date.now();
      say(`${runs} of ${of} runs, ${requests} requests`);
    },
  };
}

/** The ledger writes whatever it holds at every tenth minute. */
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

async function into(deployments: readonly Deployment[], folder: string, loaded: Loaded): Promise<void> {
  const oldest = Math.min(...deployments.map(({ started }) => started));
  // Before anything is written, because both have to be done first.
  say(
    `It must keep ${Math.ceil((now() - oldest) / day) + 1} days (--storage.tsdb.retention.time; the default is 15), or it removes older blocks again.`,
  );
  say(
    'Alerts about this month and the last days judge what is imported too: silence ErrorBudgetExhausted and its like first.',
  );
  const server = await startWithPast(historyOf(deployments), false, say, loaded.generated);
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
  const question = questionOf(values);
  // The recorder itself records what was read.
  const loaded = await loadPipeline(values.pipeline);
  carry(loaded.pipeline);
  if (values['dry-run']) {
    const { runs, requests } = await lookAhead(question);
    console.log(`${runs.length} runs; about ${requests} requests are still to be made.`);
    return 0;
  }
  if (values.into !== undefined) await checkDataFolder(resolve(values.into));
  const history = await readHistory(question);
  const { deployments } = history;
  if (values.json) console.log(JSON.stringify(deployments, null, 2));
  else console.log(historyText(history));
  say(`\nNo history says, and panels therefore lack:\n${notKnown.map((one) => `  - ${one}`).join('\n')}`);
  if (deployments.length === 0) return 0;
  if (values.into !== undefined) await into(deployments, values.into, loaded);
  const code = values.record ? await record(deployments) : 0;
  return values['first-look'] ? await firstLook(deployments, values.port, loaded) : code;
});
