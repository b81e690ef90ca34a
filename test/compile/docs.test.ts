import { describe, expect, it } from 'vitest';
import { checks } from '../../src/compile/checks/index.ts';
import { checksPage } from '../../src/compile/docs/checks.ts';
import { dashboardsPage } from '../../src/compile/docs/dashboards.ts';
import { bundleWith } from './good.ts';

describe('the page of checks', () => {
  const page = checksPage();

  it.each(checks.map((check) => [check.id, check] as const))('explains %s', (id, check) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${id}\` | ${check.severity} |`));
    expect(row).toContain(check.why);
    for (const rule of check.rules ?? []) expect(page).toContain(`| \`${rule.id}\` | \`${id}\` |`);
  });
});

describe('the page of dashboards', () => {
  it('has every row and panel, and what each means', () => {
    const page = dashboardsPage(bundleWith().dashboards);
    for (const text of [
      '## Good',
      '### Numbers',
      '- **Success rate**: What it means.',
      'test/compile/good.ts',
    ])
      expect(page).toContain(text);
  });
});
