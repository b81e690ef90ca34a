import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Finding } from '../lib/finding.ts';
import { inProject, projectPath, root } from '../lib/root.ts';

const compiler = inProject('node_modules', 'typescript', 'bin', 'tsc');
/** `alerts/burn.ts(12,5): error TS2741: …`; lines that go on with an error are indented. */
const line = /^(?<file>\S.*)\((?<line>\d+),\d+\): error (?<code>TS\d+): (?<message>.*)$/;

/** The findings in what the compiler prints. */
export function typeFindings(output: string): Finding[] {
  const findings: Finding[] = [];
  let details: string[] = [];
  for (const text of output.split('\n')) {
    const found = line.exec(text)?.groups;
    const last = findings.at(-1);
    if (found) {
      details = [];
      const file = projectPath(inProject(found.file ?? ''));
      findings.push({
        id: 'types',
        severity: 'error',
        summary: found.message ?? '',
        place: [file, `line ${found.line}`],
        file,
        line: Number(found.line),
        fix: `Correct it there (${found.code}).`,
      });
    } else if (last && text.startsWith(' ')) {
      details.push(text.trim());
      findings[findings.length - 1] = { ...last, details: details.join('\n  ') };
    }
  }
  return findings;
}

/** The compiler ends before it needs 2 GiB on this tree, and collecting garbage until then is a quarter of its work. */
const withoutCollecting = { GOGC: 'off', GOMEMLIMIT: '2GiB' } as const;

/**
 * Everything that does not compile, as findings, from a compiler that runs beside everything else.
 * @returns undefined where the compiler is not installed
 */
export function checkTypes(): Promise<Finding[] | undefined> {
  if (!existsSync(compiler)) return Promise.resolve(undefined);
  const args = [compiler, '--noEmit', '--pretty', 'false', '-p', '.'];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26, env: { ...withoutCollecting, ...process.env } },
      (error, out, err) => {
        const findings = typeFindings(out);
        if (error === null || findings.length > 0) resolve(findings);
        else
          resolve([
            {
              id: 'types',
              severity: 'error',
              summary: 'The types cannot be checked.',
              place: ['tsconfig.json'],
              file: 'tsconfig.json',
              details: `${out}${err}`.trim(),
              fix: 'Correct what the compiler names.',
            },
          ]);
      },
    );
  });
}
