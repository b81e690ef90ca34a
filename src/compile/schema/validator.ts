import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { ErrorObject } from 'ajv';
import { inProject } from '../../lib/root.ts';

/** Whether a value has the shape of a schema; if not, what is wrong with it is in `errors`. */
export interface Validator {
  (value: unknown): boolean;
  readonly errors?: readonly ErrorObject[] | null;
}

const require = createRequire(import.meta.url);

/** Compiles a schema to the text of a module. */
function compile(schema: object): string {
  const { Ajv } = require('ajv') as typeof import('ajv');
  const standalone = require('ajv/dist/standalone') as typeof import('ajv/dist/standalone');
  const ajv = new Ajv({ allErrors: true, strict: false, code: { source: true } });
  return standalone.default(ajv, ajv.compile(schema));
}

/** Writes a file at once, so that it is never read half. */
function keep(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}

/**
 * The validator of a schema. Compiling one takes longer than a whole build that has it, so it is kept in the cache of
 * node_modules under a name made from the schema's content.
 */
export function validatorOf(schema: object): Validator {
  const { version } = require('ajv/package.json') as { version: string };
  const key = createHash('sha256')
    .update(`${version}\n${JSON.stringify(schema)}`)
    .digest('hex');
  const file = inProject('node_modules', '.cache', 'validators', `${key.slice(0, 16)}.cjs`);
  try {
    return require(file) as Validator;
  } catch {
    keep(file, compile(schema));
    return require(file) as Validator;
  }
}
