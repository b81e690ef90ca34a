import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { slosPage } from '../../src/compile/docs/slos.ts';
import { openSloFiles } from '../../src/compile/openslo.ts';
import { openSloSchema } from '../../src/compile/schema/openslo.ts';
import { validatorOf } from '../../src/compile/schema/validator.ts';
import { objectives } from '../relay.ts';
import { broken, type Change, good } from './openslo-documents.ts';

const validate = validatorOf(openSloSchema);
/** Problems of a document. */
const errors = (document: unknown): string =>
  validate(document) ? '' : JSON.stringify(validate.errors, null, 2);

/** A good document with one change. */
function changed([of, path, value]: Change): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(good[of]));
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  const parent = steps.reduce((at, step) => (at as Record<string, unknown>)[step], copy) as Record<
    string,
    unknown
  >;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

describe('OpenSLO', () => {
  const files = Object.entries(openSloFiles(objectives));

  it('has a file for the service and for each SLO', () => {
    expect(files.map(([path]) => path)).toEqual(
      expect.arrayContaining(objectives.map((o) => `openslo/${o.id}.yml`)),
    );
    expect(files).toHaveLength(objectives.length + 1);
  });

  it.each(files)('is valid: %s', (_, text) => {
    expect(errors(parse(text))).toBe('');
  });

  it('and the page say the objective', () => {
    const page = slosPage(objectives);
    for (const o of objectives) expect(page).toContain(o.text);
  });
});

describe('the schema of OpenSLO v1', () => {
  it.each(Object.entries(good))('accepts %s', (_, document) => {
    expect(errors(JSON.parse(JSON.stringify(document)))).toBe('');
  });

  it.each(
    broken.map((change) => [change[0], change[1], JSON.stringify(change[2])?.slice(0, 60), change] as const),
  )('refuses %s in which %s is %s', (_of, _path, _value, change) => {
    expect(errors(changed(change))).not.toBe('');
  });
});
