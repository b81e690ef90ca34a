import { describe, expect, it } from 'vitest';
import type { Outcome, Plan, PlannedChange } from '../../src/provision/model.ts';
import { kept, leftAlone, toApply } from '../../src/provision/model.ts';
import {
  outcomeMarkdown,
  outcomeTable,
  planMarkdown,
  planTable,
  summary,
} from '../../src/provision/render.ts';

const change = (
  action: PlannedChange['action'],
  id: string,
  more: Partial<PlannedChange> = {},
): PlannedChange => ({
  target: 'grafana',
  kind: 'dashboard',
  id,
  title: `Title ${id}`,
  action,
  details: [],
  ...more,
});
const plan: Plan = {
  environment: 'production',
  version: '0123456789ab',
  destinations: [{ target: 'grafana', where: 'https://grafana.example (Grafana 13)', how: 'by its API' }],
  changes: [
    change('create', 'new'),
    change('update', 'changed', { details: ['title "A" becomes "B"', 'panel "x": query A | query B'] }),
    change('unchanged', 'same'),
    change('edited', 'by-hand', { details: ['by maria'], needs: '--force' }),
    change('delete', 'old', { details: ['no longer defined'], needs: '--prune' }),
    change('unhealthy', 'sick', { details: ['does not answer'] }),
  ],
  notes: ['a note'],
};

describe('a plan', () => {
  it('tells what is applied, what is left alone and what is kept', () => {
    expect(toApply(plan).map((c) => c.id)).toEqual(['new', 'changed']);
    expect(leftAlone(plan).map((c) => c.id)).toEqual(['by-hand', 'sick']);
    expect(kept(plan).map((c) => c.id)).toEqual(['old']);
    expect(summary(plan)).toBe(
      '2 changes to apply, 1 unchanged, 2 left alone, 1 no longer defined and kept (--prune deletes).',
    );
  });

  it('as a table', () => {
    expect(planTable(plan)).toBe(`Provision version 0123456789ab to production
  https://grafana.example (Grafana 13): by its API

action            object                             what
+ create          dashboard new "Title new"
~ update          dashboard changed "Title changed"  title "A" becomes "B"
                                                     panel "x": query A | query B
! edited by hand  dashboard by-hand "Title by-hand"  by maria
                                                     left alone without --force
- delete          dashboard old "Title old"          no longer defined
                                                     left alone without --prune
x unhealthy       dashboard sick "Title sick"        does not answer

note: a note
2 changes to apply, 1 unchanged, 2 left alone, 1 no longer defined and kept (--prune deletes).`);
  });

  it('as Markdown, with cells that cannot break out of the table', () => {
    const text = planMarkdown(plan);
    expect(text).toContain(
      '| update | dashboard `changed` `Title changed` | `title "A" becomes "B"`<br>`panel "x": query A \\| query B` |',
    );
    expect(text).toContain('<details><summary>1 unchanged</summary>');
    expect(text.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(7);
  });

  it('that is empty says so in one line', () => {
    const empty = { ...plan, changes: [change('unchanged', 'a')], notes: [] };
    expect(planTable(empty).split('\n').at(-1)).toBe('0 changes to apply, 1 unchanged.');
    expect(planTable(empty)).not.toContain('action');
  });
});

describe('what others wrote', () => {
  const title = '@everyone [x](https://evil.example) <img src=x> `a` ``b`` \\| \u001b[2J\u202e\r\nnext';
  const hostile: Plan = {
    ...plan,
    destinations: [{ target: 'grafana', where: `https://grafana.example, folder "${title}"` }],
    changes: [
      change('edited', 'slo', {
        title,
        details: [
          'changed since it was applied, last by @maria; bringing it back means:',
          `title "${title}"`,
        ],
      }),
    ],
    notes: [title],
  };
  const failed: Outcome[] = [{ state: 'failed', change: hostile.changes[0]!, reason: title }];
  /** Parts that Markdown shows as text: without code, whose backticks are as many on both sides. */
  const outsideCode = (text: string): string => text.replace(/(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/g, '');

  it('mentions no one, links nowhere and ends no cell in Markdown', () => {
    for (const text of [planMarkdown(hostile), outcomeMarkdown(failed)]) {
      expect(outsideCode(text)).not.toMatch(/@|evil|img|next/);
      for (const sign of ['\u001b', '\u202e', '\r']) expect(text).not.toContain(sign);
      const cells = text
        .split('\n')
        .filter((line) => line.startsWith('|'))
        // As the table's own grammar cuts it: a backslash keeps the next character from being a bar.
        .map((line) => [...line.matchAll(/(?:\\.|[^|])+/g)].length);
      expect(new Set(cells)).toEqual(new Set([3]));
    }
    expect(planMarkdown(hostile)).toContain('bringing it back means:`<br>`');
  });

  it('commands no terminal', () => {
    for (const text of [planTable(hostile), outcomeTable(failed)]) {
      for (const sign of ['\u001b', '\u202e', '\r']) expect(text).not.toContain(sign);
      expect(text).toContain('@everyone');
    }
    expect(planTable(hostile)).not.toMatch(/^next/m);
  });
});

describe('outcomes', () => {
  const outcomes: Outcome[] = [
    { state: 'done', change: change('create', 'a') },
    { state: 'already', change: change('create', 'b') },
    { state: 'failed', change: change('update', 'c'), reason: 'line one\nline two' },
    { state: 'failed', change: change('update', 'd'), reason: 'line one\nline two' },
    { state: 'not done', change: change('update', 'e'), reason: 'interrupted' },
  ];
  it('say each reason once, and what to do', () => {
    const text = outcomeTable(outcomes);
    expect(text.match(/line one/g)).toHaveLength(1);
    expect(text).toContain('for the same reason');
    expect(text).toContain('2 of 5 changes applied, 2 failed, 1 not done. Run it again to complete it.');
    const many = Array.from(
      { length: 40 },
      (_, i): Outcome => ({ state: 'done', change: change('create', `d${i}`) }),
    );
    expect(outcomeTable(many)).toBe('done      create 40 dashboards\n\n40 of 40 changes applied.');
    expect(outcomeTable(outcomes.slice(0, 2))).toContain('2 of 2 changes applied.');
    expect(outcomeMarkdown(outcomes)).toContain(
      '| failed | update dashboard `c` `Title c` | `line one`<br>`line two` |',
    );
  });
});
