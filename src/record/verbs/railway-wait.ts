import { duration, text } from '../../lib/options.ts';
import type { Io } from '../io.ts';
import { defineVerb } from '../verb.ts';

export const railwayWait = defineVerb({
  name: 'railway-wait',
  summary: 'waits until the newest deployment of a Railway service serves; records nothing',
  command: 'none',
  needsDeployment: false,
  timeless: true,
  undecided: 1,
  options: {
    'railway-service': text('ID', 'the service', { env: 'RAILWAY_SERVICE_ID' }),
    timeout: duration('TIME', 'how long Railway may take', { default: '10m' }),
    interval: duration('TIME', 'from one look at Railway to the next', { default: '3s', min: 100 }),
  },
  details: `"railway up --ci" ends when the image is built; until the new version serves, the old one answers the health checks.
Needs the same token as railway-rollback. Exits with 0 when it serves, else with 1; in a workflow the output "status"
is Railway's word for it (SUCCESS, FAILED, CRASHED, …).`,
  check: ({ 'railway-service': service }) =>
    service ? [] : ['--railway-service is missing: --railway-service ID, or RAILWAY_SERVICE_ID.'],
  run: async ({ values, env, io, recorder }) => {
    recorder.warnings.length = 0;
    if (recorder.dryRun) return 0;
    const [{ waitUntilServing }, { systemClock }, { secretRemover }, { writeForRunner }] = await Promise.all([
      import('../railway/wait.ts'),
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
    };
    const output = (status: string): void => writeForRunner(env.GITHUB_OUTPUT, 'status', status);
    try {
      say.stdout(`${clean(await waitUntilServing(asked, env, say, systemClock, output))}\n`);
      return 0;
    } catch (error) {
      // Run as a stage, its last line is recorded as the reason.
      say.stderr(`${(error as Error).message}\n`);
      return 1;
    }
  },
});
