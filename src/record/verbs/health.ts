import { systemClock } from '../../lib/clock.ts';
import { duration, flag, integer, named, number, text } from '../../lib/options.ts';
import { parseTime } from '../../lib/time.ts';
import { labels } from '../../metrics/index.ts';
import { type Push, type Sample, samplesOf } from '../emit.ts';
import {
  type Check,
  checkOnce,
  errorRate,
  type Plan,
  passed,
  type Target,
  verdictOf,
} from '../health-check.ts';
import { example, services, targets } from '../pipeline.ts';
import { farthestAheadMs, formatSeconds, toSeconds } from '../time.ts';
import { type Call, type DeploymentKey, defineVerb, type UnrecordedCall } from '../verb.ts';

const options = {
  service: named(services, 'NAME', 'which service is asked', { required: true }),
  url: text('URL', 'what to ask; healthy is status 200 in time'),
  attempts: integer('N', 'how often to ask at most', {
    default: () => String(targets().health.attempts),
    min: 1,
    max: 1000,
  }),
  interval: duration('TIME', 'from one attempt to the next', {
    default: () => `${targets().health.intervalSeconds}s`,
  }),
  timeout: duration('TIME', 'how long to wait for an answer', { default: '5s' }),
  threshold: number('RATIO', 'share of attempts that must pass', {
    default: () => String(targets().health.least),
    min: 0,
    max: 1,
  }),
  'degraded-above': duration('TIME', 'a slower answer counts as degraded (it passes all the same)'),
  'report-only': flag('exit with 0 with every verdict'),
  'no-error-rate': flag(
    'do not record the share of failed checks as the error rate of the first five minutes',
  ),
  check: text('TIME,STATUS,SECONDS', 'a check that was made already, instead of --url; may be repeated', {
    repeatable: true,
  }),
} as const;
type HealthCall = Call<typeof options>;

/** A check as `--check` gives it; undefined when it cannot be read. */
function parseCheck(given: string, attempt: number): Check | undefined {
  const [time = '', word, seconds = '', ...rest] = given.split(',');
  const atMs = parseTime(time);
  const status = labels.health_status.find((known) => known === word);
  const latencySeconds = seconds.trim() === '' ? Number.NaN : Number(seconds);
  if (atMs === undefined || !status || !(latencySeconds >= 0) || rest.length > 0) return undefined;
  return { attempt, atMs, status, latencySeconds, said: 'reported' };
}

function parseUrl(given: string | undefined): URL | undefined {
  try {
    const url = new URL(given ?? '');
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
  } catch {
    return undefined;
  }
}

const urlProblem = (given: string | undefined): string =>
  given === undefined
    ? '--url is missing: --url https://host.example/health.'
    : '--url is not an http or https URL.';

/** All checks so far: each push repeats the ones before, so that one that was lost does not matter. */
function samplesFor(
  group: DeploymentKey & Pick<HealthCall['values'], 'service'>,
  checks: readonly Check[],
): Sample[] {
  const emit = samplesOf(group);
  const lastOfEach = new Map(checks.map((check) => [check.status, check]));
  return [
    ...checks.flatMap((check) => {
      const attempt = { attempt: String(check.attempt) };
      return [
        emit('deployment_health_check_timestamp_seconds', attempt, toSeconds(check.atMs)),
        emit('deployment_health_check_success', attempt, passed(check) ? 1 : 0),
        emit('deployment_health_check_latency_seconds', attempt, check.latencySeconds),
      ];
    }),
    ...[...lastOfEach.values()].map(({ status, latencySeconds }) =>
      emit('api_health_check_latency_ms', { status }, Math.round(latencySeconds * 1e6) / 1000),
    ),
  ];
}

/** Asks until the verdict is certain. Each check is handed on, and recorded while the next one is waited for. */
async function poll(
  values: Pick<HealthCall['values'], 'interval'>,
  target: Target,
  plan: Plan,
  { io }: Pick<HealthCall, 'io'>,
  onCheck: (checks: readonly Check[]) => void,
): Promise<{ checks: readonly Check[]; verdict: 'healthy' | 'unhealthy' }> {
  let checks: readonly Check[] = [];
  for (let attempt = 1; ; attempt++) {
    const nextAt = performance.now() + values.interval;
    const check = await checkOnce(target, attempt, io);
    checks = [...checks, check];
    io.stderr(
      `Health check ${attempt} of ${plan.attempts}: ${check.status} (${check.said}, ${formatSeconds(check.latencySeconds)})\n`,
    );
    const verdict = verdictOf(checks, plan);
    if (verdict) return { checks, verdict };
    onCheck(checks);
    await systemClock.sleep(Math.max(0, nextAt - performance.now()));
  }
}

const targetOf = (values: HealthCall['values'], url: URL): Target => ({
  url,
  timeoutMs: values.timeout,
  degradedAboveMs: values['degraded-above'],
});

function sayVerdict({ io }: Pick<HealthCall, 'io'>, checks: readonly Check[], verdict: string): void {
  const good = checks.filter(passed).length;
  io.stdout(`${verdict}: ${good} of ${checks.length} health checks passed\n`);
}

/** Makes the checks, records them as they come, and all of them at the end. */
async function live(
  call: HealthCall,
  pushOf: (checks: readonly Check[], last: boolean) => Push,
): Promise<number> {
  const { values, recorder, io } = call;
  let underWay: Promise<unknown> | undefined;
  const record = (checks: readonly Check[]): void => {
    // One at a time, so that an older push cannot overtake a newer one; a skipped one is in the next.
    underWay ??= recorder
      .record(pushOf(checks, false), { keep: false, warn: false, budgetMs: values.interval })
      .finally(() => {
        underWay = undefined;
      });
  };
  const target = targetOf(values, parseUrl(values.url)!);
  const { checks, verdict } = await poll(values, target, values, call, record);
  await underWay;
  const recorded = await recorder.record(pushOf(checks, true));
  recorder.say(recorded, `${checks.length} health checks of ${values.service}`);
  sayVerdict({ io }, checks, verdict);
  return verdict === 'healthy' || values['report-only'] ? 0 : 1;
}

/** Makes the checks without recording them: a wrong label must not turn an unhealthy deployment into a healthy one. */
async function unrecorded({ values, io }: UnrecordedCall<typeof options>): Promise<number> {
  if (values.check && values.check.length > 0) return 0;
  const url = parseUrl(values.url);
  if (!url) return values['report-only'] ? 0 : 1;
  const all = values as HealthCall['values'];
  const { checks, verdict } = await poll(all, targetOf(all, url), all, { io }, () => {});
  sayVerdict({ io }, checks, verdict);
  return verdict === 'healthy' || all['report-only'] ? 0 : 1;
}

export const health = defineVerb({
  name: 'health',
  summary: 'asks a service whether it is healthy, records each check, and decides',
  command: 'none',
  undecided: 1,
  options,
  details:
    () => `Asks up to 30 times, 5 s apart, and stops as soon as the verdict is certain. Records each check with its time and
latency, and at the end the share that failed in the first five minutes as the error rate.

Exits with 0 when the service is healthy and 1 when it is not (or --url is missing); --report-only always gives 0.

Examples:  record.mjs health --service ${example().service} --url "$API_URL/health"
           record.mjs health --service ${example().service} --check 1767225600,healthy,0.12 --check 1767225605,unhealthy,5`,
  runsNow: ({ check }) => check.length === 0,
  check: (values, _command, now) => {
    if (values.check.length === 0) return parseUrl(values.url) ? [] : [urlProblem(values.url)];
    const wrong = values.check.filter((given) => !parseCheck(given, 1));
    const ahead = values.check.filter((given) => (parseCheck(given, 1)?.atMs ?? 0) > now + farthestAheadMs);
    return [
      ...(values.url === undefined ? [] : ['--check is for checks that were made already: leave --url out.']),
      ...ahead.map((given) => `--check "${given}" lies in the future: give the time when it was made.`),
      ...wrong.map(
        (given) =>
          `--check "${given}" is not TIME,STATUS,SECONDS with a status of ${labels.health_status.join(', ')}.`,
      ),
    ];
  },
  unrecorded,
  run: async (call) => {
    const { values, deployment, at, recorder } = call;
    const group = { ...deployment, service: values.service };
    const pushOf = (checks: readonly Check[], last: boolean): Push => ({
      method: 'POST',
      group,
      samples: [
        ...samplesFor(group, checks),
        ...(last && !values['no-error-rate']
          ? [samplesOf(group)('post_deployment_error_rate', {}, errorRate(checks))]
          : []),
      ],
      what: `${checks.length} health checks of ${values.service}`,
    });
    const given = values.check.flatMap((text, i) => parseCheck(text, i + 1) ?? []);
    const example: Check = { attempt: 1, atMs: at, status: 'healthy', latencySeconds: 0, said: 'not asked' };
    if (given.length === 0 && !recorder.dryRun) return await live(call, pushOf);
    const push = pushOf(given.length > 0 ? given : [example], true);
    recorder.say(await recorder.record(push), push.what);
    return 0;
  },
});
