import { existsSync, readFileSync } from 'node:fs';
import { loadBundle } from '../definitions.ts';
import { runbooksAreLinked } from '../src/alerts/index.ts';
import {
  type Artefacts,
  compare,
  type Difference,
  renderArtefacts,
  validate,
  write,
} from '../src/compile/index.ts';
import { parseCommand } from '../src/lib/args.ts';
import { runMain } from '../src/lib/errors.ts';
import { type Finding, findingAnnotation, findingText, lineOf } from '../src/lib/finding.ts';
import { inProject } from '../src/lib/root.ts';
import { say } from '../src/lib/terminal.ts';
import { counted } from '../src/lib/words.ts';
import { stalePictureFindings } from '../src/preview/index.ts';

const spec = {
  name: 'build',
  summary: 'Validates every definition and writes generated/.',
  options: {
    check: { help: 'write nothing; fail if generated/ is not what the definitions say' },
    json: { help: 'print findings as JSON' },
  },
  footer: 'Exit codes: 0 done, 1 findings (nothing is written) or, with --check, generated/ is stale.',
} as const;

const count = (d: Difference): number => d.added.length + d.changed.length + d.removed.length;

/** The first line of a file below `generated/` that is not as it should be, from 1. */
function firstDifference(path: string, wanted: string): number {
  const lines = wanted.split('\n');
  const present = readFileSync(inProject('generated', path), 'utf8').split('\n');
  const first = present.findIndex((line, i) => line !== lines[i]);
  return (first === -1 ? present.length - 1 : first) + 1;
}

/** An error for each file that is not what the definitions say. */
function staleness({ changed, added, removed }: Difference, artefacts: Artefacts): Finding[] {
  const finding = (path: string, what: string, line = 1): Finding => ({
    id: 'generated-stale',
    severity: 'error',
    summary: `generated/${path} ${what}.`,
    place: ['generated', ...path.split('/')],
    file: `generated/${path}`,
    line,
    fix: 'Run "npm run build" and commit the result. generated/ is never edited by hand.',
  });
  return [
    ...changed.map((path) =>
      finding(path, 'is not what the definitions say', firstDifference(path, artefacts.get(path) ?? '')),
    ),
    ...added.map((path) => finding(path, 'is missing')),
    ...removed.map((path) => finding(path, 'is left over: no definition makes it')),
  ];
}

/** The line to annotate; of a picture, and of a file that is not there, the first. */
function annotatedLine(finding: Finding): number {
  const file = inProject(finding.file);
  return existsSync(file) && !file.endsWith('.png') ? lineOf(finding, readFileSync(file, 'utf8')) : 1;
}

function reportText(findings: readonly Finding[], asJson: boolean): string {
  if (asJson) return `${JSON.stringify(findings, null, 2)}\n`;
  const texts = findings.map((finding) => `${findingText(finding)}\n\n`);
  const annotations =
    process.env.GITHUB_ACTIONS === 'true'
      ? findings.map((finding) => `${findingAnnotation(finding, annotatedLine(finding))}\n`)
      : [];
  return [...texts, ...annotations].join('');
}

const unlinked =
  'Runbooks are paths in notifications, and no links: package.json does not say where the repository is. Add "repository": "https://github.com/<owner>/<name>".';

await runMain(async () => {
  const { values } = parseCommand(spec);
  const bundle = loadBundle();
  // Both wait for other processes, the recorder's bundler and promtool; our own checks run meanwhile.
  const [artefacts, { findings, notes }] = await Promise.all([renderArtefacts(bundle), validate(bundle)]);
  const folder = inProject('generated');
  const difference = compare(folder, artefacts);
  const errors = findings.filter((f) => f.severity === 'error').length;
  const stale = values.check && errors === 0 ? staleness(difference, artefacts) : [];
  const report = reportText(
    [...findings, ...stale, ...(errors === 0 ? stalePictureFindings(artefacts) : [])],
    values.json,
  );
  process.stdout.write(report);
  for (const note of notes) say(note);
  if (errors > 0) {
    say(`${counted(errors, 'error')}; nothing was written.`);
    return 1;
  }
  if (stale.length > 0) {
    say(`generated/ is not what the definitions say: ${stale.length} files. Run "npm run build".`);
    return 1;
  }
  if (!values.check) write(folder, artefacts, difference);
  if (!runbooksAreLinked) say(unlinked);
  const size = `${artefacts.size} files`;
  say(
    values.check ? `generated/ is current: ${size}.` : `generated/: ${size}, ${count(difference)} written.`,
  );
  return 0;
});
