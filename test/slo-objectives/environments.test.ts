import { expect, it } from 'vitest';
import { ruleFiles } from '../relay.ts';

it('counts only deployments to environments that the pipeline file counts', () => {
  const rules = [...(ruleFiles.objectives ?? []), ...(ruleFiles.budgets ?? [])].flatMap(({ rules }) => rules);
  const events = rules.filter((rule) => rule.kind === 'record' && rule.record.endsWith('events:count'));
  expect(events.length).toBeGreaterThan(5);
  for (const { expr } of events) expect(expr.text).toContain('environment=~"production|staging"');
});
