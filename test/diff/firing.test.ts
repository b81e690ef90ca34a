import { describe, expect, it } from 'vitest';
import { firingRisk } from '../../src/diff/firing.ts';

const less = 'it fires less easily than before';
const unclear = 'it may fire at other times';
const share = 'sum(rate(http_requests_total{status_code="500"}[5m])) / sum(rate(http_requests_total[5m]))';
const usual = 'sum(rate(http_requests_total[1h] offset 20m)) / sum(rate(http_requests_total[2h] offset 20m))';

describe('a changed alert', () => {
  it.each([
    // A number moves: whether that is less depends on the sign in front of it, and on the side where it stands.
    ['x > 600', 'x > 900', less],
    ['x > 900', 'x > 600', undefined],
    ['x < 0.95', 'x < 0.9', less],
    ['x < 0.9', 'x < 0.95', undefined],
    ['x < -0.000001', 'x < -0.5', less],
    ['x < -0.5', 'x < -0.000001', undefined],
    ['600 < x', '900 < x', less],
    ['x > time() - 86400', 'x > time() - 3600', less],
    ['x > time() - 3600', 'x > time() - 86400', undefined],
    ['time() - x > 60', 'time() - x > 30', undefined],
    ['-1 * (x - time()) > 600', '-1 * (x - time()) > 900', less],
    ['-1 * (x - 5) > 600', '-1 * (x - 9) > 600', undefined],
    ['-1 * (x - 9) > 600', '-1 * (x - 5) > 600', less],
    ['x > 2 * duration_seconds:avg', 'x > 3 * duration_seconds:avg', less],
    ['x / 100 > 1', 'x / 200 > 1', unclear],
    ['rate(a_total[5m]) / 100 > 1', 'rate(a_total[5m]) / 200 > 1', less],
    ['x > 3', 'x >= 3', undefined],
    ['x >= 3', 'x > 3', less],
    ['x > 3', 'x < 3', unclear],
    ['x == 4', 'x == 5', unclear],
    ['x != 4', 'x != 5', unclear],
    // Uncertain differences are not claimed.
    ['x > 2 * budget_left', 'x > 3 * budget_left', unclear],
    ['sum(x{a="b"}) > 1', 'sum(x) > 1', unclear],
    ['x > 1', 'y > 1', unclear],
    ['rate(x[5m]) > 1', 'rate(x[1h]) > 1', unclear],
    // Conditions come, go and move.
    ['x > 1', 'x > 1 and y', less],
    ['x > 1 and y', 'x > 1', undefined],
    ['x > 1', 'x > 1 unless on (a) y', less],
    ['x > 1 unless on (a) y', 'x > 1', undefined],
    ['x < 0.9 unless y >= 3', 'x < 0.9 unless y >= 5', undefined],
    ['x < 0.9 unless y >= 5', 'x < 0.9 unless y >= 3', less],
    ['x > 1 and y > 3', 'x > 1 and y > 5', less],
    ['x > 1 and y > 3', 'x > 2 and y > 1', unclear],
    [`x > 1 unless ${share} <= 3 * (${usual})`, `x > 1 unless ${share} <= 6 * (${usual})`, less],
    ['x > 1 or y > 1', 'x > 1', less],
    ['x > 1', 'x > 1 or y > 1', undefined],
    ['x > 1 unless (y or z)', 'x > 1 unless y', undefined],
    ['x', 'x > 1', less],
    ['x > 1', 'x', undefined],
    // Matchers choose series.
    ['x > 1', 'x{environment="production"} > 1', less],
    ['x{environment="production"} > 1', 'x > 1', undefined],
    ['max(x) > 1', 'max(x{a="b"}) > 1', less],
    ['min(x) > 1', 'min(x{a="b"}) > 1', unclear],
    ['min(x) < 1', 'min(x{a="b"}) < 1', less],
    ['count(x) > 1', 'count(x{a="b"}) > 1', less],
    ['absent(x{a="b"})', 'absent(x)', less],
    ['absent(x)', 'absent(x{a="b"})', undefined],
    ['x{a="b"} > 1', 'x{a="c"} > 1', unclear],
    ['a unless b{c="d"}', 'a unless b', less],
  ])('%s → %s', (before, after, risk) => {
    expect(firingRisk(before, after)).toBe(risk);
  });

  it('that reads nothing any more fires always or never', () => {
    expect(firingRisk('deployment:failed > time() - 60', 'vector(0) > 1')).toContain('always or never');
  });
});
