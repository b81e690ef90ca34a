import { and, binary, max, metric, target, type Vector } from '../../src/metrics/index.ts';

/** Failures of a stage or a smoke test that were chance, when they are many and not few among many deployments. */
export const flakyPart = (): Vector<'environment' | 'part'> => {
  const failures = max(metric('environment_part:flaky_failures:count', { window: '30d' }), {
    by: ['environment', 'part'],
  });
  const deployments = max(metric('environment:deployments:count', { window: '30d' }), {
    by: ['environment'],
  });
  return and(
    binary(failures, '>=', target('flaky.failures')),
    binary(
      binary(failures, '/', deployments, { on: ['environment'], groupLeft: [] }),
      '>',
      target('flaky.share'),
    ),
  );
};
