import { duration, text } from '../../lib/options.ts';
import type { Io } from '../io.ts';
import { defineVerb } from '../verb.ts';

/** Options that `rollback --vercel` takes too and hands on. */
export const vercelOptions = {
  'vercel-to': text(
    'ID',
    "with --vercel: Vercel's id of the deployment (dpl_…) to go back to, if not the one before",
  ),
} as const;

const needs =
  'Needs VERCEL_TOKEN and VERCEL_PROJECT_ID, and VERCEL_ORG_ID where the project belongs to a team.';
const interval = duration('TIME', 'from one look at Vercel to the next', { default: '3s', min: 100 });

/** Runs what talks to Vercel: its sentence goes to stdout, a failure to stderr, and the exit code says which. */
async function attempt(env: NodeJS.ProcessEnv, io: Io, work: (io: Io) => Promise<string>): Promise<number> {
  const { secretRemover } = await import('../secrets.ts');
  const clean = secretRemover(env);
  const say: Io = { ...io, stderr: (chunk) => io.stderr(typeof chunk === 'string' ? clean(chunk) : chunk) };
  try {
    io.stdout(`${clean(await work(say))}\n`);
    return 0;
  } catch (error) {
    // A stage around it records its last line as the reason.
    say.stderr(`${(error as Error).message}\n`);
    return 1;
  }
}

export const vercelWait = defineVerb({
  name: 'vercel-wait',
  summary: 'waits until the newest deployment to production on Vercel is ready; records nothing',
  command: 'none',
  needsDeployment: false,
  timeless: true,
  undecided: 1,
  options: { timeout: duration('TIME', 'how long Vercel may take', { default: '10m' }), interval },
  details: `For a deployment that Vercel makes by itself after a push. ${needs}
Exits with 0 when it is ready, else with 1; in a workflow the output "status" is Vercel's word for it (READY, ERROR, …).`,
  run: async ({ values, env, io, recorder }) => {
    recorder.warnings.length = 0;
    if (recorder.dryRun) return 0;
    const [{ waitUntilReady }, { systemClock }, { writeForRunner }] = await Promise.all([
      import('../vercel/wait.ts'),
      import('../../lib/clock.ts'),
      import('../runner-file.ts'),
    ]);
    const patience = { limitMs: values.timeout, intervalMs: values.interval };
    const output = (state: string): void => writeForRunner(env.GITHUB_OUTPUT, 'status', state);
    return await attempt(env, io, (say) => waitUntilReady(patience, env, say, systemClock, output));
  },
});

export const vercelRollback = defineVerb({
  name: 'vercel-rollback',
  summary: 'rolls production on Vercel back and records nothing; rollback --vercel does both',
  command: 'none',
  needsDeployment: false,
  timeless: true,
  undecided: 1,
  options: {
    ...vercelOptions,
    url: text('URL', 'asked afterwards; three good answers in a row are healthy'),
    timeout: duration('TIME', 'how long the rollback, and then becoming healthy, may take', {
      default: '10m',
    }),
    interval,
  },
  details: `Points production at the deployment that served before, follows Vercel to the end, and asks --url whether it is healthy.
${needs} Until a deployment is promoted, later pushes are not served.
Exits with 0 when it is rolled back (and healthy), else with 1.`,
  check: ({ url }) => (url === undefined || URL.canParse(url) ? [] : ['--url is not a URL.']),
  run: async ({ values, env, io, recorder }) => {
    recorder.warnings.length = 0;
    if (recorder.dryRun) return 0;
    const [{ rollBack }, { systemClock }] = await Promise.all([
      import('../vercel/rollback.ts'),
      import('../../lib/clock.ts'),
    ]);
    const asked = {
      to: values['vercel-to'],
      url: values.url === undefined ? undefined : new URL(values.url),
      limitMs: values.timeout,
      intervalMs: values.interval,
    };
    return await attempt(env, io, (say) => rollBack(asked, env, say, systemClock));
  },
});
