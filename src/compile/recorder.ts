import { build } from 'esbuild';
import { root } from '../lib/root.ts';
import type { Pipeline } from '../pipeline/index.ts';

const banner = `#!/usr/bin/env node
// The deployment recorder: one file, no dependencies, Node 20 or newer. Generated from src/record/; do not edit.
//
//   PUSHGATEWAY_URL=https://gateway.example node record.mjs stage --service api --stage build -- docker build .
//
// Verbs and options: node record.mjs --help`;

const actionBanner =
  '// The GitHub action of action.yml; record.mjs beside it does the work. Generated from src/record/; do not edit.';

async function bundleOne(entry: string, header: string): Promise<string> {
  const result = await build({
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Readable in a review: names and line breaks stay.
    minifySyntax: true,
    legalComments: 'none',
    charset: 'utf8',
    banner: { js: header },
    write: false,
    logLevel: 'silent',
  });
  return result.outputFiles[0]!.text;
}

/** The recorder as files below `generated/`, by path. Deterministic to the byte. */
export async function bundleRecorder(
  pipeline: Pipeline,
): Promise<Record<'record.mjs' | 'record-action.mjs', string>> {
  const data = `const PIPELINE = ${JSON.stringify(pipeline, null, 2)};`;
  const [recorder, action] = await Promise.all([
    bundleOne('src/record/cli.ts', `${banner}\n\n// Data of the pipeline file.\n${data}`),
    bundleOne('src/record/action/cli.ts', actionBanner),
  ]);
  return { 'record.mjs': recorder, 'record-action.mjs': action };
}
