import { loadBundle } from '../definitions.ts';
import {
  type AlertPair,
  classify,
  deploymentsAround,
  difference,
  firesAlike,
  markdown,
  missed,
  type Options,
  optionsOf,
  pairsOf,
  type Replay,
  type Report,
  replayAlert,
  text,
  tune,
  tunedText,
  within,
} from '../src/backtest/index.ts';
import { snapshotAt, snapshotIn } from '../src/compile/index.ts';
import { parseCommand } from '../src/lib/args.ts';
import { runMain, UserError } from '../src/lib/errors.ts';
import { say } from '../src/lib/terminal.ts';
import { nearest } from '../src/lib/words.ts';
import { loadPipeline } from '../src/pipeline/index.ts';

const spec = {
  name: 'backtest',
  summary:
    'Says when each alert would have fired in a time that is over, for how long, and for which deployments.',
  options: {
    since: { value: 'TIME', help: 'how far back to look, such as 7d', default: '30d' },
    prometheus: { value: 'URL', help: 'the Prometheus with the history; else PROMETHEUS_URL' },
    step: { value: 'TIME', help: 'from one evaluation to the next', default: '1m' },
    alert: { value: 'NAME', help: 'only this alert' },
    compare: {
      value: 'REF',
      help: 'also with the alerts of this commit: which firings appear and vanish',
    },
    tune: { help: 'also with other values of the targets: proposes better ones, and writes nothing' },
    at: { value: 'SECONDS', help: 'what counts as now (Unix seconds)' },
    format: { value: 'FORMAT', help: 'text (default), markdown or json' },
    json: { help: 'the same as --format json' },
  },
  footer:
    'Credentials: PROMETHEUS_TOKEN, or PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD. Exits 0 also when alerts would have\nfired wrongly, 1 when it could not ask for any alert.',
} as const;

function chosen(pairs: readonly AlertPair[], only: string | undefined): readonly AlertPair[] {
  if (pairs.length === 0) throw new UserError('There are no alerts.', 'Run: npm run build');
  if (only === undefined) return pairs;
  const found = pairs.filter(({ alert }) => alert === only);
  if (found.length > 0) return found;
  const near = nearest(
    only,
    pairs.map(({ alert }) => alert),
  );
  throw new UserError(
    `There is no alert "${only}".`,
    near ? `Is ${near} meant?` : 'See generated/docs/alerts.md',
  );
}

/** An alert's replays; one replay is both when nothing changed. */
interface Replayed {
  readonly pair: AlertPair;
  readonly before: Replay | undefined;
  readonly now: Replay | undefined;
}

async function replayAll(pairs: readonly AlertPair[], { prometheus, span }: Options): Promise<Replayed[]> {
  const found: Replayed[] = [];
  for (const [index, pair] of pairs.entries()) {
    say(`${index + 1}/${pairs.length} ${pair.alert}`);
    const now = pair.now && (await replayAlert(prometheus, pair.now, span));
    const alike = pair.before && pair.now && firesAlike(pair.before, pair.now);
    const before = alike ? now : pair.before && (await replayAlert(prometheus, pair.before, span));
    found.push({ pair, before, now });
  }
  return found;
}

const print = (report: Report, format: Options['format']): void =>
  console.log(
    format === 'json'
      ? JSON.stringify(report, null, 2)
      : format === 'markdown'
        ? markdown(report)
        : text(report),
  );

const side = (replayed: readonly Replayed[], which: 'before' | 'now'): Replay[] =>
  replayed.flatMap((r) => r[which] ?? []);

await runMain(async () => {
  const { values } = parseCommand(spec);
  const { pipeline, generated } = await loadPipeline(values.pipeline);
  const { alert: only, compare: ref } = values;
  const options = optionsOf(values, process.env, Math.floor(Date.now() / 1000));
  const { prometheus, span, format } = options;
  if (values.tune && ref !== undefined)
    throw new UserError('--tune and --compare cannot both be.', 'Tune first, change the file, then compare.');
  const before = ref === undefined ? undefined : snapshotAt(ref);
  const pairs = chosen(pairsOf(before, snapshotIn(generated)), only);
  // Asked first: a server that cannot be reached is said once, and not for each alert.
  const deployments = await deploymentsAround(prometheus, span, pipeline.targets);
  if (values.tune) {
    const found = await tune({
      pipeline,
      rulesOf: (one) => loadBundle(one).ruleFiles,
      replay: (rule) => replayAlert(prometheus, rule, span),
      deployments,
      span,
      ...(only !== undefined && { only }),
      say,
    });
    console.log(format === 'json' ? JSON.stringify(found, null, 2) : tunedText(found.tuned, found.recorded));
    return 0;
  }
  const replayed = await replayAll(pairs, options);
  const now = side(replayed, 'now');
  const inTime = within(deployments, span);
  print(
    {
      from: span.from,
      to: span.to,
      deployments: inTime.length,
      bad: inTime.filter((d) => d.bad).length,
      alerts: classify(now, deployments, span),
      missed: missed(now, deployments, span),
      ...(only !== undefined && { only }),
      ...(ref !== undefined && {
        compared: {
          ref,
          alerts: replayed.map((r) => difference(r.pair, r.before, r.now)),
          missed: missed(side(replayed, 'before'), deployments, span),
        },
      }),
    },
    format,
  );
  const all = [...now, ...side(replayed, 'before')];
  if (all.some(({ error }) => error === undefined)) return 0;
  say('No alert could be asked.');
  return 1;
});
