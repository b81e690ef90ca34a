import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadBundle } from '../definitions.ts';
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
import { inProject, projectPath } from '../src/lib/root.ts';
import { say } from '../src/lib/terminal.ts';
import { counted } from '../src/lib/words.ts';
import { loadPipeline, PipelineError, pipelineFile } from '../src/pipeline/index.ts';
import { stalePictureFindings } from '../src/preview/index.ts';

const spec = {
  name: 'build',
  summary: 'Validates every definition and writes generated/.',
  options: {
    check: { help: 'write nothing; fail if generated/ is not what the definitions say' },
    json: { help: 'print findings as JSON' },
    out: { value: 'DIR', help: 'the folder that is written (default: generated beside the pipeline file)' },
    'no-examples': { help: 'leave out the tests that are made from the examples of alerts' },
  },
  footer: 'Exit codes: 0 done, 1 findings (nothing is written) or, with --check, generated/ is stale.',
} as const;

const count = (d: Difference): number => d.added.length + d.changed.length + d.removed.length;

/** The first line of a file below `generated/` that is not as it should be, from 1. */
function firstDifference(path: string, wanted: string, folder: string): number {
  const lines = wanted.split('\n');
  const present = readFileSync(join(folder, path), 'utf8').split('\n');
  const first = present.findIndex((line, i) => line !== lines[i]);
  return (first === -1 ? present.length - 1 : first) + 1;
}

/** An error for each file that is not what the definitions say. */
function staleness({ changed, added, removed }: Difference, artefacts: Artefacts, folder: string): Finding[] {
  const shown = projectPath(folder);
  const finding = (path: string, what: string, line = 1): Finding => ({
    id: 'generated-stale',
    severity: 'error',
    summary: `${shown}/${path} ${what}.`,
    place: [shown, ...path.split('/')],
    file: `${shown}/${path}`,
    line,
    fix: 'Run "npm run build" and commit the result. generated/ is never edited by hand.',
  });
  return [
    ...changed.map((path) =>
      finding(
        path,
        'is not what the definitions say',
        firstDifference(path, artefacts.get(path) ?? '', folder),
      ),
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
  "Runbooks are paths in notifications, and no links: the pipeline file does not say where the repository is. Add repository: 'https://github.com/<owner>/<name>'.";

/** The problems of a pipeline file as findings. */
const pipelineFindings = (error: PipelineError, file: string): Finding[] =>
  error.problems.map(({ place, problem, fix }) => ({
    id: 'pipeline-file',
    severity: 'error',
    summary: problem,
    place: place.split('.'),
    file,
    fix,
  }));

await runMain(async () => {
  const { values } = parseCommand(spec);
  const loaded = await loadPipeline(values.pipeline).catch((error: unknown) => {
    if (!(error instanceof PipelineError)) throw error;
    const found = pipelineFindings(error, projectPath(pipelineFile(values.pipeline)));
    process.stdout.write(reportText(found, values.json));
    say(`${found.length} ${found.length === 1 ? 'error' : 'errors'}; nothing was written.`);
    return undefined;
  });
  if (!loaded) return 1;
  const { pipeline } = loaded;
  const bundle = loadBundle(pipeline);
  // Both wait for other processes, the recorder's bundler and promtool; our own checks run meanwhile.
  const [artefacts, { findings, notes }] = await Promise.all([
    renderArtefacts(bundle, { examples: !values['no-examples'] }),
    validate(bundle),
  ]);
  const folder = values.out === undefined ? loaded.generated : resolve(values.out);
  const shown = projectPath(folder);
  const difference = compare(folder, artefacts);
  const errors = findings.filter((f) => f.severity === 'error').length;
  const stale = values.check && errors === 0 ? staleness(difference, artefacts, folder) : [];
  const report = reportText(
    [
      ...findings,
      ...stale,
      ...(errors === 0 && folder === inProject('generated') ? stalePictureFindings(artefacts) : []),
    ],
    values.json,
  );
  process.stdout.write(report);
  for (const note of notes) say(note);
  if (errors > 0) {
    say(`${counted(errors, 'error')}; nothing was written.`);
    return 1;
  }
  if (stale.length > 0) {
    say(`${shown}/ is not what the definitions say: ${stale.length} files. Run "npm run build".`);
    return 1;
  }
  if (!values.check) write(folder, artefacts, difference);
  if (pipeline.repository === '') say(unlinked);
  const size = `${artefacts.size} files`;
  say(values.check ? `${shown}/ is current: ${size}.` : `${shown}/: ${size}, ${count(difference)} written.`);
  return 0;
});
