import { duration, named, text } from '../../lib/options.ts';
import type { Io } from '../io.ts';
import { errorMessage } from '../message.ts';
import { example, services } from '../pipeline.ts';
import type { RailwayEnd } from '../railway/wait.ts';
import { defaultErrorType, stageEndSamples } from '../stages.ts';
import { defineVerb } from '../verb.ts';
import { logUrl, stageOptions } from './staged.ts';

export const railwayWait = defineVerb({
  name: 'railway-wait',
  summary:
    "waits until the newest deployment of a Railway service serves; with --service, records Railway's steps",
  command: 'none',
  needsDeployment: false,
  timeless: true,
  undecided: 1,
  options: {
    'railway-service': text('ID', 'the service', { env: 'RAILWAY_SERVICE_ID' }),
    service: named(services, 'NAME', "record Railway's steps as stages of this service"),
    'log-url': stageOptions['log-url'],
    timeout: duration('TIME', 'how long Railway may take', { default: '10m' }),
    interval: duration('TIME', 'from one look at Railway to the next', { default: '3s', min: 100 }),
  },
  details:
    () => `"railway up --ci" ends when the image is built; until the new version serves, the old one answers the health checks.
Needs the same token as railway-rollback. Exits with 0 when it serves, else with 1; in a workflow the output "status"
is Railway's word for it (SUCCESS, FAILED, CRASHED, …). With --service, Railway's steps (BUILD_IMAGE, HEALTHCHECK, …)
become stages of that service, railway_build_image and so on, with their error; where the token may not ask for them, it
says so and goes on.

Example:  record.mjs railway-wait --service ${example().service}`,
  check: ({ 'railway-service': service }) =>
    service ? [] : ['--railway-service is missing: --railway-service ID, or RAILWAY_SERVICE_ID.'],
  run: async (call) => {
    const { values, deployment, env, io, recorder } = call;
    const records = values.service !== undefined && deployment.deployment_id !== '';
    if (!records) recorder.warnings.length = 0;
    if (values.service !== undefined && !records)
      io.stderr(
        "Railway's steps are not recorded: give --deployment-id ID, or set DEPLOYMENT_ID or GITHUB_RUN_ID.\n",
      );
    if (recorder.dryRun) return 0;
    const [{ waitUntilServing }, { stagesOf }, { systemClock }, { secretRemover }, { writeForRunner }] =
      await Promise.all([
        import('../railway/wait.ts'),
        import('../railway/steps.ts'),
        import('../../lib/clock.ts'),
        import('../secrets.ts'),
        import('../runner-file.ts'),
      ]);
    const clean = secretRemover(env);
    const say: Io = { ...io, stderr: (chunk) => io.stderr(typeof chunk === 'string' ? clean(chunk) : chunk) };
    const asked = {
      serviceId: values['railway-service'] ?? '',
      limitMs: values.timeout,
      intervalMs: values.interval,
      steps: records,
    };
    const recordSteps = async ({ steps, serves }: RailwayEnd): Promise<void> => {
      for (const { stage, startedMs, finishedMs, status, errorType, message } of stagesOf(
        steps ?? [],
        serves,
      )) {
        const group = { ...deployment, service: values.service ?? '', stage };
        const end = {
          startedMs,
          finishedMs: finishedMs ?? io.now(),
          status,
          logUrl: logUrl(call),
          ...(message !== undefined && {
            error: { type: errorType ?? defaultErrorType(stage), message: errorMessage(message, env) },
          }),
        };
        const what = `stage ${stage} of ${group.service} (${status})`;
        await recorder.record({ method: 'PUT', group, samples: stageEndSamples(group, end), what });
      }
    };
    try {
      const served = await waitUntilServing(asked, env, say, systemClock, async (end) => {
        writeForRunner(env.GITHUB_OUTPUT, 'status', end.status);
        if (records) await recordSteps(end);
      });
      say.stdout(`${clean(served)}\n`);
      return 0;
    } catch (error) {
      // Run as a stage, its last line is recorded as the reason.
      say.stderr(`${(error as Error).message}\n`);
      return 1;
    }
  },
});
