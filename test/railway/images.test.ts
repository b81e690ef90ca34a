import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../src/lib/root.ts';

/** Services of docs/railway.md that are built from this repository, with the path of their volume. */
const services = [
  ...readFileSync(inProject('docs', 'railway.md'), 'utf8').matchAll(
    /^\| `(\w+)` \| `(railway\/\w+\/Dockerfile)` \| `(\/\w+)` \|/gm,
  ),
].map(([, name = '', dockerfile = '', volume = '']) => ({ name, dockerfile, volume }));

/** Start of an image: where files are copied to, and the command. */
function needed(dockerfile: string): string[] {
  const lines = readFileSync(inProject(dockerfile), 'utf8').split('\n');
  const copied = lines.filter((l) => /^(COPY|ADD) /.test(l)).map((l) => l.trim().split(/\s+/).at(-1) ?? '');
  const run = lines
    .filter((l) => /^(ENTRYPOINT|CMD|RUN) /.test(l))
    .flatMap((l) => l.match(/\/[\w/.-]+/g) ?? []);
  return [...copied, ...run];
}

describe('docs/railway.md', () => {
  const page = readFileSync(inProject('docs', 'railway.md'), 'utf8');
  const named = (text: string): string[] => [
    ...new Set(
      text.match(/\b(WEB|PUSHGATEWAY|APPLICATION|ALERTMANAGER|SLACK|PAGERDUTY)_[A-Z_]+|EXTERNAL_URL/g),
    ),
  ];

  it.each(services)('names every variable that $name explains in its start script', ({ name }) => {
    const script = readFileSync(inProject('railway', name, 'start.sh'), 'utf8');
    const comment = script.split('\n').filter((l) => l.startsWith('#'));
    for (const variable of named(comment.join('\n'))) expect(page).toContain(variable);
  });

  it('names no variable that no start script reads', () => {
    const scripts = ['common.sh', ...services.map((s) => `${s.name}/start.sh`)]
      .map((path) => readFileSync(inProject('railway', path), 'utf8'))
      .join('\n');
    for (const variable of named(page).filter((v) => v !== 'PUSHGATEWAY_URL'))
      expect(scripts).toContain(variable);
  });

  it('uses the service names that the configuration expects on the private network', () => {
    const script = readFileSync(inProject('railway', 'prometheus', 'start.sh'), 'utf8');
    const hosts = [...script.matchAll(/:-(\w+)\.railway\.internal/g)].map((m) => m[1]);
    expect(hosts).toEqual(['pushgateway', 'alertmanager']);
    for (const host of hosts) expect(services.map((s) => s.name)).toContain(host);
  });

  it('says after each step what is to be expected', () => {
    const steps = page.split(/^## (?=\d\. )/m).slice(1);
    expect(steps).toHaveLength(8);
    for (const step of steps) expect(step.split(/^## /m)[0]).toMatch(/^Expect/m);
  });
});

describe('the images of Railway', () => {
  it('are in the table of the documentation', () => {
    expect(services.map((s) => s.name).sort()).toEqual(['alertmanager', 'prometheus', 'pushgateway']);
  });

  it.each(services)('$name needs nothing below its volume, which hides it', ({ dockerfile, volume }) => {
    const paths = needed(dockerfile);
    expect(paths.length).toBeGreaterThan(2);
    expect(paths.filter((path) => `${path}/`.startsWith(`${volume}/`))).toEqual([]);
  });

  it.each(services)('$name copies files that exist, and runs only what it copies', ({ dockerfile }) => {
    const copies = readFileSync(inProject(dockerfile), 'utf8')
      .split('\n')
      .filter((l) => l.startsWith('COPY '))
      .map((l) => l.trim().split(/\s+/).slice(1));
    const inside = copies.flatMap((words) => {
      const [target = '', ...sources] = [...words].reverse();
      for (const source of sources) expect(() => readFileSync(inProject(source))).not.toThrow(/ENOENT/);
      return target.endsWith('/') ? sources.map((s) => `${target}${s.split('/').at(-1)}`) : [target];
    });
    const text = readFileSync(inProject(dockerfile), 'utf8');
    const script = /^ENTRYPOINT \["sh", "([^"]+)"\]$/m.exec(text)?.[1];
    expect(inside).toContain(script);
    // The start scripts source it from the folder above their own.
    expect(inside).toContain('/etc/railway/common.sh');
  });
});
