import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build, compare, type Difference, staleness, write } from '../src/compile/index.ts';
import { parseCommand } from '../src/lib/args.ts';
import { runMain } from '../src/lib/errors.ts';
import { type Finding, findingAnnotation, findingText, lineOf } from '../src/lib/finding.ts';
import { inProject, projectPath } from '../src/lib/root.ts';
import { say } from '../src/lib/terminal.ts';
import { counted } from '../src/lib/words.ts';
import { generatedFor, loadPipeline } from '../src/pipeline/index.ts';
import { stalePictureFindings } from '../src/preview/index.ts';

const spec = {
  name: 'build',
  summary: 'Validates every definition, types and examples of alerts included, and writes generated/.',
  options: {
    check: { help: 'write nothing; fail if generated/ is not what the definitions say' },
    'no-examples': { help: 'leave out the examples of the alerts that the change reaches' },
    out: { value: 'DIR', help: 'write into this folder instead of generated/ beside the pipeline file' },
    json: { help: 'print findings as JSON' },
  },
  footer: 'Exit codes: 0 done, 1 findings (nothing is written) or, with --check, generated/ is stale.',
} as const;

const count = (d: Difference): number => d.added.length + d.changed.length + d.removed.length;

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
  'Runbooks are paths in notifications, and no links: the pipeline file does not say where the repository is. Add repository: "https://github.com/<owner>/<name>".';

await runMain(async () => {
  const { values } = parseCommand(spec);
  const folder = values.out === undefined ? generatedFor(values.pipeline) : resolve(values.out);
  const own = folder === inProject('generated');
  // Read here, so that a pipeline file or a definition that cannot be read is a finding too.
  const load = async () =>
    (await import('../definitions.ts')).loadBundle((await loadPipeline(values.pipeline)).pipeline);
  const { findings, notes, made } = await build(load, { examples: !values['no-examples'] });
  const artefacts = made?.artefacts ?? new Map<string, string>();
  const difference = compare(folder, artefacts);
  const stale = values.check && made ? staleness(difference, artefacts, folder) : [];
  const pictures = made && own ? stalePictureFindings(artefacts) : [];
  process.stdout.write(reportText([...findings, ...stale, ...pictures], values.json));
  for (const note of notes) say(note);
  if (!made) {
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    say(`${counted(errors, 'error')}; nothing was written.`);
    return 1;
  }
  if (stale.length > 0) {
    say(
      `${projectPath(folder)}/ is not what the definitions say: ${stale.length} files. Run "npm run build".`,
    );
    return 1;
  }
  if (!values.check) write(folder, artefacts, difference);
  if (made.bundle.pipeline.repository === '') say(unlinked);
  const name = `${projectPath(folder)}/`;
  say(
    values.check
      ? `${name} is current: ${artefacts.size} files.`
      : `${name}: ${artefacts.size} files, ${count(difference)} written.`,
  );
  return 0;
});
