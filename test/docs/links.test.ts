import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inProject, projectPath } from '../../src/lib/root.ts';

const markdownIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.md'))
        .map((name) => join(folder, name))
    : [];
const pages = [
  ...readdirSync(inProject())
    .filter((name) => name.endsWith('.md'))
    .map((name) => inProject(name)),
  inProject('test', 'README.md'),
  ...markdownIn(inProject('docs')),
  ...markdownIn(inProject('generated', 'docs')),
];

/** GitHub's anchor of a heading. */
const anchor = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
const anchors = (text: string): string[] =>
  [...text.matchAll(/^#+\s+(.+)$/gm)].map((m) => anchor(m[1] ?? ''));

/** Links of a page to files of the project, code left out. */
const links = (text: string): string[] =>
  [...text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)]
    .map((m) => m[1] ?? '')
    .filter((url) => !/^[a-z]+:/.test(url));

describe('the documentation', () => {
  it('has pages', () => expect(pages.length).toBeGreaterThan(5));

  it.each(pages.map((page) => [projectPath(page), page]))('leads nowhere wrong: %s', (_, page) => {
    const text = readFileSync(page, 'utf8');
    const wrong = links(text).filter((url) => {
      const [path = '', fragment] = url.split('#');
      const target = path === '' ? page : join(dirname(page), decodeURIComponent(path));
      if (!existsSync(target)) return true;
      return (
        fragment !== undefined &&
        target.endsWith('.md') &&
        !anchors(readFileSync(target, 'utf8')).includes(fragment)
      );
    });
    expect(wrong).toEqual([]);
  });

  it('names only commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync(inProject('package.json'), 'utf8')) as { scripts: object };
    const unknown = pages.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/npm run (?:--silent |-s )?([a-z-]+)/g)]
        .map((m) => m[1] ?? '')
        .filter((name) => !(name in scripts))
        .map((name) => `${projectPath(page)}: npm run ${name}`),
    );
    expect(unknown).toEqual([]);
  });
});
