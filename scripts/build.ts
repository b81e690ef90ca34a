import { runbooksAreLinked } from '../alerts/config.ts';
import { renderArtefacts } from './build/artefacts.ts';
import { loadBundle } from './build/bundle.ts';
import { stalePictures } from './build/pictures.ts';
import { validate } from './build/validate.ts';
import { compare, type Difference, write } from './build/write.ts';
import { parseCommand } from './lib/args.ts';
import { runMain, UserError } from './lib/errors.ts';
import { type Finding, findingAnnotation, findingText } from './lib/finding.ts';
import { inProject } from './lib/root.ts';
import { say } from './lib/terminal.ts';

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

function staleness(d: Difference): UserError {
  const lines = [
    ...d.changed.map((path) => `  changed: generated/${path}`),
    ...d.added.map((path) => `  missing: generated/${path}`),
    ...d.removed.map((path) => `  left over: generated/${path}`),
  ];
  return new UserError(
    `generated/ is not what the definitions say:\n${lines.join('\n')}`,
    'Run "npm run build" and commit the result. generated/ is never edited by hand.',
  );
}

function report(findings: readonly Finding[], asJson: boolean): void {
  if (asJson) console.log(JSON.stringify(findings, null, 2));
  else for (const finding of findings) console.log(`${findingText(finding)}\n`);
  if (process.env.GITHUB_ACTIONS === 'true' && !asJson)
    for (const finding of findings) console.log(findingAnnotation(finding));
}

await runMain(async () => {
  const { values } = parseCommand(spec);
  const bundle = loadBundle();
  // Both wait for other processes, the recorder's bundler and promtool; our own checks run meanwhile.
  const [artefacts, findings] = await Promise.all([renderArtefacts(bundle), validate(bundle)]);
  report(findings, values.json);
  const errors = findings.filter((f) => f.severity === 'error').length;
  if (errors > 0) {
    say(`${errors} ${errors === 1 ? 'error' : 'errors'}; nothing was written.`);
    return 1;
  }
  if (!runbooksAreLinked)
    say(
      'Runbooks are paths in notifications, and no links: package.json does not say where the repository is. Add "repository": "https://github.com/<owner>/<name>".',
    );
  const folder = inProject('generated');
  const difference = compare(folder, artefacts);
  if (values.check) {
    if (count(difference) > 0) throw staleness(difference);
    for (const stale of stalePictures(artefacts)) say(findingText(stale));
    say(`generated/ is current: ${artefacts.size} files.`);
    return 0;
  }
  write(folder, artefacts, difference);
  say(`generated/: ${artefacts.size} files, ${count(difference)} written.`);
  return 0;
});
