import { describe, expect, it } from 'vitest';
import { type Change, code, segments } from '../../src/diff/change.ts';
import { fileChanges } from '../../src/diff/files.ts';
import { fenced, literal, markdown, sentence } from '../../src/diff/markdown.ts';
import { terminalText } from '../../src/diff/render.ts';
import { tokenDiff } from '../../src/diff/tokens.ts';

const change = (more: Partial<Change> = {}): Change => ({
  area: 'dashboard',
  place: ['d', 'p'],
  text: 'changed',
  ...more,
});

describe('code in a sentence', () => {
  it.each([
    ['plain', '`plain`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['a``b`c', '```a``b`c```'],
    ['', '`""`'],
    ['two\n\nlines', '`two ⏎ lines`'],
  ])('%j is %s, and comes out of it again', (value, text) => {
    expect(code(value)).toBe(text);
    expect(segments(`before ${text} after`)).toEqual([
      { code: false, text: 'before ' },
      { code: true, text: value === '' ? '""' : value.replaceAll('\n\n', ' ⏎ ') },
      { code: false, text: ' after' },
    ]);
  });
});

describe('text of others in Markdown', () => {
  it.each([
    ['@everybody look', '@&#8203;everybody look'],
    ['![x](https://evil.example/a.png)', '!\\[x\\](https:&#8203;//evil.example/a.png)'],
    ['<img src=x>', '&lt;img src=x&gt;'],
    ['a\n# Heading', 'a # Heading'],
    ['*bold* and _more_ ~~gone~~', '\\*bold\\* and \\_more\\_ \\~\\~gone\\~\\~'],
    ['see #12 on www.evil.example', 'see #&#8203;12 on www.&#8203;evil.example'],
    ['a ` b', 'a \\` b'],
    ['&#64;x', '&amp;#&#8203;64;x'],
    ['a | b', 'a \\| b'],
  ])('%j mean nothing', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });

  it('are shown as they are inside code, where entities would be read as such', () => {
    expect(sentence(`number ${code('x < 3 | y & @z')} grew`)).toBe('number `x < 3 | y & @z` grew');
  });

  it('cannot break out of a title', () => {
    const text = markdown([
      change({
        place: ['d', '@all `x` <b>\n## Heading'],
        text: `renamed: ${code('a ` <b>')} → ${code('![x](y)')}`,
      }),
    ]);
    expect(text).toContain(
      '- **d › @&#8203;all \\`x\\` &lt;b&gt; ## Heading**: renamed: ``a ` <b>`` → `![x](y)`.\n',
    );
    expect(text).not.toMatch(/^## Heading/m);
  });

  it('cannot close the block that they stand in', () => {
    expect(fenced('a\n```\n# out\n`````')).toBe('``````\na\n```\n# out\n`````\n``````');
    const text = markdown([change({ before: 'a', after: '```\n</details>\n# out' })]);
    expect(text).toContain('  ````diff\n  - a\n  + ```\n  + </details>\n  + # out\n  ````\n');
  });
});

describe('a comment’s length', () => {
  const long = (i: number, risk: boolean): Change =>
    change({
      place: ['d', `panel ${String(i).padStart(4, '0')}`],
      before: `sum(${'a'.repeat(900)}_before_${i})`,
      after: `sum(${'a'.repeat(900)}_after_${i})`,
      ...(risk && { risk: 'look' }),
    });
  const most = 60_000;

  it('leaves room for what the build said below the limit of GitHub', () => {
    for (const count of [1, 30, 60, 200, 1_000, 5_000])
      expect(
        markdown(Array.from({ length: count }, (_, i) => long(i, i % 7 === 0))).length,
      ).toBeLessThanOrEqual(most);
    expect(
      markdown([long(0, true), change({ text: 'x'.repeat(100_000), before: 'y'.repeat(200_000) })]).length,
    ).toBeLessThanOrEqual(most);
  });

  it('is used up: texts before and after of risks come first, and as many as there is room for', () => {
    const text = markdown([...Array.from({ length: 60 }, (_, i) => long(i, false)), long(99, true)]);
    expect(text).toContain('+ sum('.padEnd(906, 'a'));
    expect(text.indexOf('_after_99')).toBeGreaterThan(0);
    expect(text.indexOf('_after_99')).toBeLessThan(text.indexOf('_after_0)'));
    expect(text.match(/<details>/g)!.length).toBeGreaterThan(20);
    expect(text.match(/^- \*\*/gm)).toHaveLength(61);
    expect(text).toContain('`npm run diff` shows all');
    expect(text.length).toBeGreaterThan(most * 0.9);
  });

  it('says nothing of room where there is enough', () => {
    const text = markdown([long(1, false)]);
    expect(text).not.toContain('left out');
    expect(text).toContain('_before_1');
  });
});

describe('the terminal', () => {
  it('shows below a sentence what differs, with a little around it', () => {
    const [before, after] = [
      'sum by (environment) (rate(a_total{b="c"}[5m])) / 3',
      'sum by (environment) (rate(a_total{b="c"}[10m])) / 3',
    ];
    expect(terminalText([change({ text: `window ${code('5m')} → ${code('10m')}`, before, after })])).toBe(
      [
        'Dashboards',
        '  d › p: window 5m → 10m',
        '    - … ="c"}[5m])) / 3',
        '    + … ="c"}[10m])) / 3',
        '',
        '1 change, 0 to look at twice.',
      ].join('\n'),
    );
  });

  it('shows one text where there is one, and obeys nothing in it', () => {
    const text = terminalText([change({ place: ['d\u001b[2J'], text: 'added', after: 'up\n> 1' })]);
    expect(text).toContain('    + up ⏎ > 1');
    expect(text).not.toContain('\u001b[2J');
  });

  it('shows the texts of several sentences about one expression once', () => {
    const both = { before: 'a', after: 'b' };
    expect(
      terminalText([change({ text: 'one', ...both }), change({ text: 'two', ...both })]).match(/\+ b/g),
    ).toHaveLength(1);
  });

  it('marks risks', () => {
    expect(terminalText([change({ risk: 'it is gone' }), change()])).toContain(
      'Look twice\n! d › p: changed (it is gone)',
    );
  });
});

describe('what differs between two texts', () => {
  it.each([
    ['a + b', 'a + c', 'a + b', 'a + c'],
    ['a', 'a b', 'a', 'a b'],
    ['same', 'same', 'same', 'same'],
    [
      '1 2 3 4 5 6 7 8 9 x 1 2 3 4 5 6 7 8',
      '1 2 3 4 5 6 7 8 9 y 1 2 3 4 5 6 7 8',
      '… 4 5 6 7 8 9 x 1 2 3 4 5 6 …',
      '… 4 5 6 7 8 9 y 1 2 3 4 5 6 …',
    ],
  ])('%s and %s', (before, after, minus, plus) => {
    expect(tokenDiff(before, after)).toEqual({ before: minus, after: plus });
  });
});

describe('files of unknown kinds', () => {
  const files = (more: Record<string, string>) =>
    new Map(
      Object.entries({
        'record.mjs': '1',
        'docs/a.md': '1',
        'docs/b.md': '1',
        'grafana/dashboards/d.json': '1',
        'prometheus/rules/x.yml': '1',
        ...more,
      }),
    );

  it('are named all the same, and those that only follow are counted', () => {
    expect(fileChanges(files({}), files({}))).toEqual([]);
    const found = fileChanges(
      files({ 'openslo/old.yml': '1' }),
      files({
        'record.mjs': '2',
        'docs/a.md': '2',
        'docs/b.md': '2',
        'grafana/dashboards/d.json': '2',
        'prometheus/rules/x.yml': '2',
        'openslo/new.yml': '1',
      }),
    );
    expect(found.map(({ area, place, text }) => `${area} ${place.join()}: ${text}`)).toEqual([
      'file openslo/old.yml: removed',
      'file openslo/new.yml: added',
      'file record.mjs: changed (no words for it)',
      'file docs/: 2 pages of the documentation changed',
    ]);
    expect(markdown(found)).toContain('### Other files');
  });

  it('are not guessed at where one side has no manifest', () => {
    expect(fileChanges(new Map(), files({}))).toEqual([]);
  });
});
