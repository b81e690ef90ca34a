import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { alert, type Runbook } from '../../src/alerts/alert.ts';
import { severities } from '../../src/alerts/severity.ts';
import { label, text } from '../../src/alerts/text.ts';
import { examplesFile } from '../../src/compile/alerts/example-input.ts';
import { inProject } from '../../src/lib/root.ts';
import { metric } from '../../src/metrics/index.ts';
import { alerts, families } from '../relay.ts';

const runbook: Runbook = {
  meaning: 'It is.',
  impact: 'It is bad.',
  diagnosis: [{ question: 'Is it?', query: metric('up') }],
  mitigation: ['Fix it.'],
};
const good = {
  name: 'ItIs',
  severity: 'high',
  about: 'environment',
  expr: metric('environment:deployments_active:count'),
  forReason: 'None.',
  summary: text`It is in ${label('environment')}`,
  description: text`Yes.`,
  runbook,
  examples: {
    fires: [{ title: 'It is.', at: 60, notifications: [{ labels: {}, summary: '', description: '' }] }],
    silent: [{ title: 'It is not.', at: 60 }],
  },
} as const;

describe('an alert', () => {
  it('compiles with everything that it needs', () => {
    expect(alert(good).name).toBe('ItIs');
  });

  it('does not compile without a runbook, its reason for the hold, or an example', () => {
    const { runbook: _r, ...withoutRunbook } = good;
    // @ts-expect-error no runbook
    alert(withoutRunbook);
    const { forReason: _h, ...withoutHold } = good;
    // @ts-expect-error no reason for the hold
    alert(withoutHold);
    // @ts-expect-error no near miss
    alert({ ...good, examples: { fires: good.examples.fires } });
    // @ts-expect-error a firing example that says nothing
    alert({ ...good, examples: { fires: good.examples.silent, silent: good.examples.silent } });
    // @ts-expect-error a list of near misses without any
    alert({ ...good, examples: { fires: good.examples.fires, silent: [] } });
    // @ts-expect-error a runbook without a way out
    alert({ ...good, runbook: { ...runbook, mitigation: [] } });
    expect(true).toBe(true);
  });

  it('does not compile with a label that its expression does not leave', () => {
    // @ts-expect-error the expression leaves the environment only
    alert({ ...good, summary: text`${label('deployment_id')}` });
    // @ts-expect-error an alert about a deployment must name it
    alert({ ...good, about: 'deployment' });
    // @ts-expect-error there is no such severity
    alert({ ...good, severity: 'urgent' });
    expect(true).toBe(true);
  });
});

describe('all alerts', () => {
  it('have names of their own, in CamelCase', () => {
    const names = alerts.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^([A-Z][a-z0-9]*)+(P95High)?$/.test(name))).toEqual([]);
  });

  it('include those of the design document, with their severities and holds', () => {
    const of = (name: string) => {
      const found = alerts.find((one) => one.name === name);
      return [found?.severity, found?.for ?? 'at once'];
    };
    expect(of('DeploymentSuccessRateLow')).toEqual(['high', '30m']);
    expect(of('PostDeploymentHealthChecksFailing')).toEqual(['critical', '2m']);
    expect(of('RollbacksIncreasing')).toEqual(['high', 'at once']);
    expect(of('DeploymentFailed')).toEqual(['critical', '2m']);
    expect(of('HealthCheckFailuresPostDeploy')).toEqual(['critical', '2m']);
    expect(of('DatabaseMigrationFailed')).toEqual(['critical', '2m']);
    expect(of('SmokeTestsFailingPostDeploy')).toEqual(['high', '2m']);
    expect(of('DeploymentTakingTooLong')[0]).toBe('high');
    expect(of('DatabaseMigrationSlow')[0]).toBe('high');
    expect(of('HighErrorRatePostDeploy')[1]).toBe('2m');
  });

  it('tell different stories, and the page of an alert names the deployment that it is about', () => {
    for (const { name, about, examples } of alerts) {
      const titles = [...examples.fires, ...examples.silent, ...(examples.over ?? [])].map((e) => e.title);
      expect(new Set(titles).size, name).toBe(titles.length);
      if (about !== 'deployment') continue;
      for (const { labels, summary, description } of examples.fires.flatMap((e) => e.notifications))
        expect(`${summary} ${description}`, name).toMatch(
          new RegExp(`deployment ${labels.deployment_id}\\b`, 'i'),
        );
    }
  });

  it('have their stories in the file of the same name', () => {
    for (const family of families) {
      const file = examplesFile(family);
      expect(existsSync(inProject(file)), file).toBe(true);
    }
  });

  it('are in one family each', () => {
    expect(families.flatMap((family) => family.alerts)).toEqual(alerts);
    expect(new Set(families.map(({ name }) => name)).size).toBe(families.length);
  });
});

describe('severities', () => {
  it('page in production only', () => {
    expect(Object.values(severities).map((s) => s.elsewhere)).not.toContain('pager');
    expect(severities.critical.receiver).toBe('pager');
  });
});
