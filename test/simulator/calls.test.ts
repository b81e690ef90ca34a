import { describe, expect, test } from 'vitest';
import {
  deployment,
  failedStage,
  health,
  migration,
  rollback,
  smokeTest,
} from '../../src/simulator/builders.ts';
import { recorderCalls } from '../../src/simulator/calls.ts';
import { simulate } from '../../src/simulator/history.ts';

const start = 1_760_000_000;
const lines = (d: Parameters<typeof recorderCalls>[0], options = {}) =>
  recorderCalls(d, options).map(({ time, argv }) => `${time - start} ${argv.join(' ')}`);

describe('invocations of the recorder', () => {
  test('tell the deployment in order of time, with the times of the events', () => {
    const d = deployment({
      started: start,
      previousId: '1000',
      stages: [failedStage('api', 'build', start + 30, start + 50)],
      migrations: [migration(start + 1, start + 21)],
      rollbacks: [rollback(start + 60, start + 90, { ok: false })],
      costs: [{ resource: 'vercel_build', time: start + 400, usd: 0.02 }],
    });
    expect(lines(d)).toEqual([
      `0 start --triggered-at ${start - 10}.000 --started-at ${start}.000 --version 2.0.0 --triggered-by github_actions --previous-deployment-id 1000`,
      `1 migration --migration-name alembic_head --started-at ${start + 1}.000 --status running`,
      `21 migration --migration-name alembic_head --started-at ${start + 1}.000 --status success --finished-at ${start + 21}.000 --count 1`,
      `30 stage-start --service api --stage build --at ${start + 30}.000`,
      `50 stage-finish --service api --stage build --status failure --started-at ${start + 30}.000 --at ${start + 50}.000 --error-type command_failed --error-message exit status 1`,
      `60 rollback --reason manual --service api --previous-deployment-id 1000 --started-at ${start + 60}.000 --status running`,
      `90 rollback --reason manual --service api --previous-deployment-id 1000 --started-at ${start + 60}.000 --status failure --finished-at ${start + 90}.000`,
      `290 finish --outcome success --finished-at ${start + 290}.000 --triggered-by github_actions`,
      `400 cost --resource vercel_build --amount 0.02`,
    ]);
  });

  test('report health checks together, or after each', () => {
    const d = { ...deployment({ started: start, health: health(start, 'x.') }) };
    const of = (options = {}) => lines(d, options).filter((line) => line.includes(' health '));
    expect(of()).toEqual([
      `5.079999923706055 health --service api --check ${start}.000,unhealthy,5 --check ${start + 5}.000,healthy,0.08`,
    ]);
    expect(of({ health: 'each' })).toHaveLength(2);
    expect(of({ health: 'each' })[0]).toBe(
      `5 health --service api --check ${start}.000,unhealthy,5 --no-error-rate`,
    );
  });

  test('are made by a clock that is right and say what the runner’s clock says', () => {
    const [first] = recorderCalls(deployment({ started: start, clockOffset: 30 }));
    expect(first?.time).toBe(start);
    expect(first?.argv).toContain(`${start + 30}.000`);
  });

  test('never go back in time, and an unfinished deployment has no finish', () => {
    for (const d of simulate({ seed: 3, end: start, days: 3, perDay: 60 }).deployments) {
      const calls = recorderCalls(d, { health: 'each' });
      const times = calls.map(({ time }) => time);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(calls.some(({ argv }) => argv[0] === 'finish')).toBe(d.finished !== undefined);
    }
  });

  test('say the rest as GitHub’s runner would', () => {
    const d = deployment({
      id: '77-2',
      started: start,
      environment: 'staging',
      smokeTests: [smokeTest('a', start)],
    });
    for (const { env } of recorderCalls(d))
      expect(env).toMatchObject({
        DEPLOYMENT_ENVIRONMENT: 'staging',
        GITHUB_RUN_ID: '77',
        GITHUB_RUN_ATTEMPT: '2',
        GITHUB_EVENT_NAME: 'push',
      });
  });
});
