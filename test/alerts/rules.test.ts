import { describe, expect, it } from 'vitest';
import { rulesBehind } from '../../src/compile/alerts/dependencies.ts';
import { commonSubject, inhibitRules } from '../../src/compile/alerts/inhibition.ts';
import { questionsOf } from '../../src/compile/alerts/questions.ts';
import { alertGroups } from '../../src/compile/alerts/rules.ts';
import { runbookPages } from '../../src/compile/alerts/runbooks.ts';
import { runbookFolder } from '../../src/pipeline/index.ts';
import { alerts, annotationsOf, dashboards, families, pipeline, ruleFiles } from '../relay.ts';

const named = (name: string) => alerts.find((alert) => alert.name === name)!;

describe('the rule group', () => {
  const rules = alertGroups(families).flatMap((group) => group.rules);

  it('evaluates those that silence others after them', () => {
    const place = new Map(rules.map((rule, i) => [rule.alert, i]));
    for (const { name, inhibitedBy = [] } of alerts)
      for (const by of inhibitedBy)
        expect(place.get(by), `${by} after ${name}`).toBeGreaterThan(place.get(name)!);
  });

  it('labels each with its severity, and says where it is defined', () => {
    const failed = rules.find(({ alert }) => alert === 'DeploymentFailed');
    expect(failed?.labels).toEqual({ severity: 'critical' });
    expect(failed?.source).toMatch(/alerts\/deployments\.ts$/);
  });
});

describe('a gap in the data', () => {
  const rules = alertGroups(families).flatMap((group) => group.rules);

  it('ends no alert about a deployment, an environment or an SLO', () => {
    for (const rule of rules) {
      const minutes = Number.parseInt(rule.keepFiringFor ?? '0', 10);
      const least = { deployment: 5, environment: 5, slo: 5, system: 0 }[named(rule.alert).about];
      expect(minutes, rule.alert).toBeGreaterThanOrEqual(least);
    }
  });

  it('is told of in the runbook', () => {
    expect(runbookPages(families, pipeline)['docs/runbooks/DeploymentFailed.md']).toContain(
      'It ends when it has not been true for 5m',
    );
  });
});

describe('annotations', () => {
  it('open the troubleshooting dashboard on the deployment, and name the run', () => {
    const annotations = annotationsOf(named('DeploymentFailed'));
    expect(annotations.dashboard_url).toContain(
      '/d/deployment-troubleshooting/?var-environment={{ $labels.environment | urlquery }}&var-deployment={{ $labels.deployment_id | urlquery }}&from=',
    );
    expect(annotations.run_url).toContain('label "run_url"');
  });

  it('open the SLO dashboard on the SLO, and the overview on the environment', () => {
    expect(annotationsOf(named('ErrorBudgetExhausted')).dashboard_url).toMatch(
      /\/d\/deployment-slo\/\?var-environment=.*&var-slo=/,
    );
    expect(annotationsOf(named('RollbacksIncreasing')).dashboard_url).toMatch(
      /\/d\/deployment-pipeline\/\?var-environment=/,
    );
  });

  it('lead to a dashboard that exists and set variables that it has', () => {
    const built = new Map(dashboards().map(({ definition }) => [definition.uid, definition]));
    for (const alert of alerts) {
      const url = new URL(annotationsOf(alert).dashboard_url!.replaceAll(/\{\{.*?\}\}/g, 'x'));
      const dashboard = built.get(url.pathname.split('/')[2] ?? '');
      expect(dashboard, alert.name).toBeDefined();
      const known = dashboard?.variables.map(({ model }) => `var-${model.name}`) ?? [];
      const asked = [...url.searchParams.keys()].filter((name) => name.startsWith('var-'));
      expect(known, alert.name).toEqual(expect.arrayContaining(asked));
    }
  });

  it('number what is to be done', () => {
    expect(annotationsOf(named('DeploymentFailed')).action).toMatch(/^1\. .*\n2\. /);
  });
});

describe('the rules behind an alert', () => {
  const behind = (text: string, given?: readonly string[]) => rulesBehind([text], ruleFiles, given);
  const names = (text: string, given?: readonly string[]) =>
    Object.values(behind(text, given)).flatMap((groups) =>
      groups.flatMap(({ rules }) => rules.flatMap((rule) => (rule.kind === 'record' ? [rule.record] : []))),
    );

  it('are those that it reads, directly or not, and no others, in the order of the data', () => {
    expect(Object.keys(behind('environment:deployments:count{window="1h"}'))).toEqual([
      'ledger',
      'indicators',
    ]);
    expect(names('deployment:outcome:code')).toContain('deployment:outcome:code');
    expect(names('deployment:outcome:code')).not.toContain('deployment:cost_usd:sum');
    expect(names('environment:deployments:count{window="1h"}')).toContain('deployment:outcome:code');
    expect(names('up == 0')).toEqual([]);
  });

  it('are not those of a series that the test brings itself', () => {
    expect(names('deployment:outcome:code', ['deployment:outcome:code'])).toEqual([]);
  });
});

describe('inhibition', () => {
  it('compares what both alerts are about', () => {
    expect(commonSubject('deployment', 'deployment')).toEqual(['environment', 'deployment_id']);
    expect(commonSubject('slo', 'slo')).toEqual(['environment', 'slo']);
    expect(commonSubject('deployment', 'environment')).toEqual(['environment']);
    expect(commonSubject('system', 'deployment')).toEqual([]);
  });

  it('demands of both sides every label that it compares: two missing labels are equal to Alertmanager', () => {
    for (const rule of inhibitRules(alerts))
      for (const label of rule.equal)
        for (const matchers of [rule.source_matchers, rule.target_matchers])
          expect(matchers).toContain(`${label}=~".+"`);
  });

  it('has a source for every alert that is to be silenced', () => {
    const targets = inhibitRules(alerts).map(({ target_matchers }) => target_matchers[0]);
    for (const { name, inhibitedBy = [] } of alerts)
      if (inhibitedBy.length > 0)
        expect(
          targets.some((matcher) => matcher?.includes(name)),
          name,
        ).toBe(true);
  });
});

describe('what alerts ask', () => {
  it('is found again in templates, with the labels that are put in', () => {
    const labels = new Set(['environment', 'deployment_id']);
    const asked = questionsOf(families, () => labels).filter(({ place }) =>
      place.includes('DeploymentFailed'),
    );
    expect(asked.map(({ text }) => text)).toContain(
      'max by (service, stage, error_type, message) (deployment_error_info{environment="$environment",deployment_id="$deployment_id"})',
    );
    expect(asked.some(({ place }) => place.includes('runbook'))).toBe(true);
  });
});

describe('runbooks', () => {
  const pages = runbookPages(families, pipeline);

  it('have a page for each alert, and a list of all', () => {
    expect(Object.keys(pages)).toHaveLength(alerts.length + 1);
    for (const { name } of alerts) expect(pages['docs/alerts.md']).toContain(`(runbooks/${name}.md)`);
  });

  it('link only to pages that exist', () => {
    for (const [path, text] of Object.entries(pages))
      for (const [, target = ''] of text.matchAll(/\]\(([^)]+)\)/g)) {
        const file = new URL(target, `file:///${path}`).pathname.slice(1);
        expect(Object.keys(pages), `${path} → ${target}`).toContain(file);
      }
  });

  it('are linked where the repository is known', () => {
    const there = 'https://github.com/relay/observability/blob/main/generated/docs/runbooks';
    expect(runbookFolder({ repository: 'https://github.com/relay/observability' })).toBe(there);
    expect(runbookFolder({ repository: '' })).toBe('generated/docs/runbooks');
  });

  it('are where the annotation says', () => {
    for (const alert of alerts)
      expect(Object.keys(pages).map((path) => `generated/${path}`)).toContain(
        annotationsOf(alert).runbook_url,
      );
  });

  it('hold all that a person on call needs', () => {
    const page = pages['docs/runbooks/DeploymentFailed.md']!;
    for (const heading of ['Meaning', 'Impact', 'Diagnosis', 'Mitigation', 'When it fires', 'Examples'])
      expect(page).toContain(`## ${heading}`);
    expect(page).toContain(
      'deployment_error_info{environment="<environment>",deployment_id="<deployment_id>"}',
    );
  });
});
