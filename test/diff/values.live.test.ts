import { afterAll, beforeAll, expect, it } from 'vitest';
import { differences } from '../../src/diff/diff.ts';
import { withReplays } from '../../src/diff/replayed.ts';
import { withValues } from '../../src/diff/values.ts';
import { Prometheus } from '../../src/lib/prometheus.ts';
import { freePort } from '../../src/servers/index.ts';
import { type RunningPrometheus, startPrometheus } from '../../src/servers/start.ts';
import { edited, parts, snapshot } from './base.ts';

let server: RunningPrometheus;
beforeAll(async () => {
  server = await startPrometheus({
    rules: [
      {
        name: 'fixed.yml',
        text: JSON.stringify({
          groups: [
            {
              name: 'fixed',
              interval: '1s',
              rules: [
                {
                  record: 'environment:deployment_success:ratio',
                  expr: 'vector(0.75)',
                  labels: { environment: 'production', window: '1d' },
                },
                {
                  record: 'environment:deployment_success:ratio',
                  expr: 'vector(0.5)',
                  labels: { environment: 'production', window: '7d' },
                },
              ],
            },
          ],
        }),
      },
    ],
  });
});
afterAll(() => server.stop());

it('says what a changed expression gives now, before and after', async () => {
  const prometheus = new Prometheus(server.url);
  while ((await prometheus.query('environment:deployment_success:ratio')).length < 2)
    await new Promise((r) => setTimeout(r, 200));
  const after = edited(
    parts(),
    [
      'set',
      'rate.targets.0.expr',
      'environment:deployment_success:ratio{environment=~"$environment", window="1d"}',
    ],
    ['set', 'rate.description', 'Other words'],
  );
  const changes = await withValues(
    differences(snapshot(parts()), snapshot(after)),
    prometheus,
    Date.now() / 1000,
  );
  expect(changes.map((c) => c.text).sort()).toEqual([
    'description changed',
    'matcher `window="$window"` → `window="1d"`; now 0.5 → 0.75',
  ]);
});

it('says how often a changed alert would have fired', async () => {
  const prometheus = new Prometheus(server.url);
  const before = snapshot(parts());
  const after = snapshot(
    edited(parts(), ['set', 'low.expr', 'environment:deployment_success:ratio{window="1d"} < 0.7']),
  );
  const now = Math.ceil(Date.now() / 60_000) * 60;
  const [change] = await withReplays(differences(before, after), before, after, prometheus, now);
  expect(change?.text).toBe('number `0.95` → `0.7`; in the last 7 days it would have fired 1 → 0 times');
});

it('fails once when the Prometheus cannot be reached, and not at every expression', async () => {
  const after = edited(parts(), ['set', 'low.expr', 'up < 0.7'], ['set', 'slow.expr', 'up > 3']);
  const changes = differences(snapshot(parts()), snapshot(after));
  const closed = new Prometheus(`http://127.0.0.1:${await freePort()}`, {}, 500);
  await expect(withValues(changes, closed, 1)).rejects.toThrow(/cannot be reached/);
});

it('says of an expression that is refused that it is, and asks on', async () => {
  const after = edited(
    parts(),
    ['set', 'low.expr', 'vector(1) + on () no_such('],
    ['set', 'slow.expr', 'vector(3)'],
  );
  const changes = await withValues(
    differences(snapshot(parts()), snapshot(after)),
    new Prometheus(server.url),
    Date.now() / 1000,
  );
  const said = changes.map((c) => c.text).join('\n');
  expect(said).toMatch(/→ refused \(`Prometheus refused: /);
  expect(said).toContain('; now nothing → 3');
});
