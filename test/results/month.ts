import type { DeploymentResult } from '../../src/record/result/model.ts';
import { failures } from '../../src/record/result/words.ts';
import type { MonthlyReport, ReportedDeployment } from '../../src/report/index.ts';
import { parseMonth } from '../../src/report/month.ts';
import { shareLeft } from '../../src/slo/index.ts';
import { objectives } from '../relay.ts';
import { noon } from './examples.ts';

const month = parseMonth('2026-11', Date.UTC(2026, 11, 4) / 1000);

const reported = (result: DeploymentResult): ReportedDeployment => ({
  id: result.id,
  environment: result.environment,
  finished: result.finished ?? 0,
  outcome: result.outcome,
  ...(result.rollback && { rollbackReason: result.rollback.reason }),
  spent: result.budget?.spent ?? 0,
  costUsd: result.costs.reduce((sum, { amount }) => sum + amount, 0),
  runUrl: result.runUrl,
  actor: result.actor,
  version: result.version,
  failures: failures(result).map(({ what, message }) => ({ stage: what, message })),
  isHotfix: false,
});

/** How often each stage ran and failed. */
function stagesOf(results: readonly DeploymentResult[]): MonthlyReport['stages'] {
  const all = results.flatMap(({ stages }) => stages).filter(({ name }) => !name.endsWith(' rollback'));
  return [...new Set(all.map(({ name }) => name))].sort().map((name) => {
    const own = all.filter((stage) => stage.name === name);
    const [service = '', stage = ''] = name.split(' ');
    return {
      environment: 'production',
      service,
      stage,
      p50: undefined,
      p95: own.find(({ p95 }) => p95 !== undefined)?.p95,
      runs: own.length,
      failures: own.filter(({ status }) => status === 'failure').length,
    };
  });
}

/** A month with these deployments in it and nothing else. */
export function monthOf(results: readonly DeploymentResult[]): MonthlyReport {
  const deployments = results.map(reported);
  const { length } = deployments;
  const good = deployments.filter(({ outcome }) => outcome === 'success').length;
  const spent = deployments.reduce((sum, one) => sum + one.spent, 0);
  const reliability = objectives.find(({ id }) => id === 'deployment-reliability')!;
  const left = shareLeft(reliability.objective, length, spent);
  const last = Math.floor(noon / 86_400) * 86_400 - 1 + 86_400;
  const before = Array.from({ length: 23 }, (_, i) => [month.from + (i + 1) * 86_400 - 1, 1] as const);
  const after = Array.from({ length: 7 }, (_, i) => [last + i * 86_400, left] as const);
  return {
    month,
    at: month.to,
    environments: ['production'],
    deployments,
    objectives: [
      {
        slo: reliability.id,
        environment: 'production',
        objective: reliability.objective,
        good: good / length,
        agreement: reliability.agreement?.objective,
        agreementGood: good / length,
        left,
        days: [...before, ...after],
      },
    ],
    stages: stagesOf(results),
    flaky: [],
    alerts: [
      {
        alert: 'DeploymentFailed',
        severity: 'warning',
        environment: 'production',
        seconds: 1_800,
        right: 2,
        false: 0,
        unknown: 0,
      },
    ],
    dora: {
      production: {
        'environment:production_deployments:count': length - 1,
        'environment:change_failure:ratio': 0.5,
      },
    },
    doraBefore: {},
  };
}
