import { carried } from '../pipeline.ts';
import { queuesOf, runnerCosts } from '../runners.ts';
import { defineVerb } from '../verb.ts';
import { recordCost } from './cost.ts';
import { recordQueue } from './queue.ts';

export const jobs = defineVerb({
  name: 'jobs',
  summary: "how long the run's jobs waited for their runners, and what their minutes cost",
  command: 'none',
  timeless: true,
  options: {},
  details: `Reads the jobs of this attempt of the run from GitHub: GITHUB_TOKEN with "actions: read". Of each runner it records the
longest wait of a job, and the price of every started minute where the pipeline file names one (cost.runners). The job
that asks counts until now. Run it in the last job, before finish.

Example:  record.mjs jobs`,
  run: async ({ deployment, env, io, recorder }) => {
    const { runnerJobs } = await import('../result/jobs.ts');
    try {
      const found = await runnerJobs(deployment, env, io.now() / 1000);
      for (const { runner, seconds } of queuesOf(found))
        await recordQueue(recorder, deployment, runner, seconds);
      for (const { resource, amount } of runnerCosts(found, carried().cost))
        await recordCost(recorder, deployment, resource, amount);
    } catch (error) {
      recorder.warnings.push(`Not recorded: the jobs of the run. ${(error as Error).message}`);
    }
    return 0;
  },
});
