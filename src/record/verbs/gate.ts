import { choice, duration, flag, text } from '../../lib/options.ts';
import { previewOf } from '../pipeline.ts';
import { defineVerb } from '../verb.ts';

/** Names of checks that may be left out. Those before a deployment may not: `--hotfix` is what they know. */
const checks = ['health', 'error-rate', 'live-traffic', 'smoke-tests', 'migrations'] as const;

export const gate = defineVerb({
  name: 'gate',
  summary: 'may this deployment stay, or may we deploy at all?',
  command: 'none',
  needsDeployment: false,
  options: {
    may: choice(['stay', 'deploy'], 'stay|deploy', 'the question', { default: 'stay' }),
    hotfix: flag(
      'with --may deploy: neither a spent error budget nor a critical alert stops it, nor that they cannot be asked',
    ),
    without: choice(checks, 'CHECK', 'this deployment makes no such checks; may be repeated', {
      repeatable: true,
    }),
    wait: duration('TIME', 'ask again until it is decided, for so long', { default: '0s' }),
    watch: duration('TIME', 'after a pass, go on asking for so long: what fails late is refused too', {
      default: '0s',
    }),
    shadow: flag('refuse nothing: record the answer, and exit with 0'),
    interval: duration('TIME', 'from one look to the next, with --wait', { default: '5s', min: 100 }),
    'railway-service': text(
      'ID',
      'where Prometheus does not scrape the application, judge the requests that Railway counted for this service',
      { env: 'RAILWAY_SERVICE_ID' },
    ),
    json: flag('print the answer as JSON'),
  },
  details: `Asks Prometheus (PROMETHEUS_URL, with PROMETHEUS_TOKEN or PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD), and the
Pushgateway for what Prometheus has not scraped yet; a gateway that holds a lot is not asked, but the next scrape waited
for. The answer is recorded as an event of the deployment.

Exits with 0 pass, 1 fail, 2 inconclusive (data is missing, and the answer says which), 3 error (could not ask).
The table goes to stdout, and to GITHUB_STEP_SUMMARY where there is one; GITHUB_OUTPUT gets "verdict", and "reason" for
rollback --reason. Only 1 is a "no": roll back on nothing else.

Examples:  record.mjs gate --wait 6m || [ $? -ne 1 ] || record.mjs rollback --reason health_check_failed -- ./rollback.sh
           record.mjs gate --may deploy`,
  undecided: 3,
  run: async ({ values, deployment, env, io, recorder }) => {
    // A gateway that is not there is no warning: the answer says what could not be asked.
    recorder.warnings.length = 0;
    if (values.may === 'stay' && !deployment.deployment_id) {
      io.stderr(
        'The deployment id is missing: give --deployment-id ID, or set DEPLOYMENT_ID or GITHUB_RUN_ID.\n',
      );
      return 3;
    }
    const [{ gate: run }, { gateEvent }] = await Promise.all([
      import('../gate/run.ts'),
      import('../gate/event.ts'),
    ]);
    const { may: question, hotfix, without, shadow } = values;
    const watching = values.watch > 0;
    const preview = previewOf(values.environment);
    const { report, code } = await run(
      { question, deployment, preview, hotfix, without, watching },
      env,
      io,
      {
        waitMs: values.wait,
        watchMs: values.watch,
        intervalMs: values.interval,
        railwayService: values['railway-service'],
        shadow,
        json: values.json,
        at: values.at,
      },
    );
    // Of a deployment that was never recorded nothing is recorded here either: its id is probably misspelt.
    const known = !report.checks.some(({ name, final }) => name === 'deployment' && final);
    if (deployment.deployment_id && known && values.at === undefined)
      await recorder.record(gateEvent(report, deployment, { shadow, atMs: io.now(), env }), { keep: false });
    return code;
  },
});
