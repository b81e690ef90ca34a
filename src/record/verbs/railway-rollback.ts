import { duration, text } from '../../lib/options.ts';
import type { Io } from '../io.ts';
import { defineVerb } from '../verb.ts';

/** Options that `rollback --railway` takes too and hands on. */
export const railwayOptions = {
  'railway-service': text('ID', 'with --railway: the service that is rolled back', {
    env: 'RAILWAY_SERVICE_ID',
  }),
  'railway-to': text(
    'ID',
    "with --railway: Railway's id of the deployment to go back to, if not the last good one",
  ),
  url: text('URL', 'with --railway: asked afterwards; three good answers in a row are healthy'),
  timeout: duration('TIME', 'with --railway: how long the rollback, and then becoming healthy, may take', {
    default: '10m',
  }),
} as const;

const urlOf = (given: string | undefined): URL | undefined => {
  try {
    return given === undefined ? undefined : new URL(given);
  } catch {
    return undefined;
  }
};

export const railwayRollback = defineVerb({
  name: 'railway-rollback',
  summary: 'rolls a Railway service back and records nothing; rollback --railway does both',
  command: 'none',
  needsDeployment: false,
  timeless: true,
  undecided: 1,
  options: {
    ...railwayOptions,
    interval: duration('TIME', 'from one look at Railway to the next', { default: '3s', min: 100 }),
  },
  details: `Goes back to the deployment that served before, follows Railway to the end, and asks --url whether it is healthy.
Needs RAILWAY_TOKEN (a project token), or RAILWAY_API_TOKEN with RAILWAY_PROJECT_ID and RAILWAY_ENVIRONMENT_ID.
Exits with 0 when the service is rolled back (and healthy), else with 1.`,
  check: ({ url, 'railway-service': service }) => [
    ...(service ? [] : ['--railway-service is missing: --railway-service ID, or RAILWAY_SERVICE_ID.']),
    ...(url !== undefined && !urlOf(url) ? ['--url is not a URL.'] : []),
  ],
  run: async ({ values, env, io, recorder }) => {
    recorder.warnings.length = 0;
    if (recorder.dryRun) return 0;
    const [{ rollBack }, { EnvironmentFailure }, { systemClock }, { secretRemover }] = await Promise.all([
      import('../railway/rollback.ts'),
      import('../../lib/errors.ts'),
      import('../../lib/clock.ts'),
      import('../secrets.ts'),
    ]);
    const asked = {
      serviceId: values['railway-service'] ?? '',
      to: values['railway-to'],
      url: urlOf(values.url),
      limitMs: values.timeout,
      intervalMs: values.interval,
    };
    const clean = secretRemover(env);
    const say: Io = { ...io, stderr: (text) => io.stderr(typeof text === 'string' ? clean(text) : text) };
    try {
      say.stdout(`${clean(await rollBack(asked, env, say, systemClock))}\n`);
      return 0;
    } catch (error) {
      // Its last line is recorded as the reason; anything but 0 means that it is not rolled back.
      const mistake =
        error instanceof EnvironmentFailure ? '' : 'A mistake in the recorder ended the rollback: ';
      say.stderr(`${mistake}${(error as Error).message}\n`);
      return 1;
    }
  },
});
