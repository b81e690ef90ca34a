import { deploymentsIn, judge, missed } from './backtest/deployments.ts';
import { markdown, type Report, text } from './backtest/render.ts';
import { alertsOf, type Replay, replayAlert, type Span } from './backtest/replay.ts';
import { seconds } from './diff/change.ts';
import { type Snapshot, snapshotAt, snapshotIn } from './diff/snapshot.ts';
import { parseCommand } from './lib/args.ts';
import { runMain, UserError } from './lib/errors.ts';
import { Prometheus } from './lib/prometheus.ts';
import { inProject } from './lib/root.ts';
import { say } from './lib/terminal.ts';
import { authorization } from './lib/url.ts';

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
      help: 'also with the alerts of this commit, to see what a changed threshold would change',
    },
    at: { value: 'SECONDS', help: 'what counts as now (Unix seconds)' },
    format: { value: 'FORMAT', help: 'text, markdown or json', default: 'text' },
    json: { help: 'the same as --format json' },
  },
  footer:
    'Credentials: PROMETHEUS_TOKEN, or PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD. Exits 0 whatever it found, 1 when it\ncould not ask.',
} as const;

async function replays(
  prometheus: Prometheus,
  bundle: Snapshot,
  span: Span,
  only: string | undefined,
): Promise<Replay[]> {
  const alerts = alertsOf(bundle).filter((rule) => only === undefined || rule.alert === only);
  if (alerts.length === 0)
    throw new UserError(
      only ? `There is no alert "${only}".` : 'There are no alerts.',
      'See generated/docs/alerts.md',
    );
  const found: Replay[] = [];
  for (const [index, rule] of alerts.entries()) {
    say(`${index + 1}/${alerts.length} ${rule.alert}`);
    found.push(await replayAlert(prometheus, rule, span));
  }
  return found;
}

function duration(text: string, option: string): number {
  const value = seconds(text);
  if (value <= 0)
    throw new UserError(`${option} ${text} is no duration.`, 'Write something like 30d, 12h or 1m.');
  return value;
}

await runMain(async () => {
  const { values } = parseCommand(spec);
  const url = values.prometheus ?? process.env.PROMETHEUS_URL;
  if (!url) throw new UserError('Say which Prometheus to ask: --prometheus URL, or PROMETHEUS_URL.');
  const prometheus = new Prometheus(url, authorization('PROMETHEUS'), 120_000);
  const step = duration(values.step, '--step');
  const to = Math.floor((values.at === undefined ? Date.now() / 1000 : Number(values.at)) / step) * step;
  if (!Number.isFinite(to)) throw new UserError(`--at ${values.at} is no time.`, 'Give Unix seconds.');
  const span = { from: to - duration(values.since, '--since'), to, step };
  // Asked first: a server that cannot be reached is said once, and not for each alert.
  const deployments = await deploymentsIn(prometheus, span);
  const now = await replays(prometheus, snapshotIn(inProject('generated')), span, values.alert);
  const before =
    values.compare === undefined
      ? undefined
      : await replays(prometheus, snapshotAt(values.compare), span, values.alert);
  const report: Report = {
    from: span.from,
    to,
    deployments: deployments.length,
    bad: deployments.filter((d) => d.bad).length,
    alerts: judge(now, deployments),
    missed: missed(now, deployments),
    ...(before && { before: Object.fromEntries(before.map((r) => [r.alert, r.firings.length])) }),
  };
  const format = values.json ? 'json' : values.format;
  console.log(
    format === 'json'
      ? JSON.stringify(report, null, 2)
      : format === 'markdown'
        ? markdown(report)
        : text(report),
  );
  return 0;
});
