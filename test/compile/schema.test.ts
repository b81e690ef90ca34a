import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { deriveDashboardSchema, schemaFile } from '../../src/compile/schema/derive.ts';
import { validatorOf } from '../../src/compile/schema/validator.ts';
import { inProject } from '../../src/lib/root.ts';
import { dashboards } from '../relay.ts';

const cache = inProject('node_modules', '.cache', 'validators');

describe('the schema of dashboards', () => {
  it('is what the types of the SDK say; "npm run schema" fixes it', () => {
    expect(deriveDashboardSchema() === readFileSync(schemaFile, 'utf8')).toBe(true);
  }, 120_000);

  it('accepts every dashboard of this project', () => {
    const validate = validatorOf(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);
    for (const { json, definition } of dashboards()) {
      expect(validate(json), definition.uid).toBe(true);
      expect(validate({ ...json, uid: 7 }), definition.uid).toBe(false);
    }
  });
});

describe('a compiled validator', () => {
  // A schema of this run only, so that it cannot be in the cache already.
  const title = randomBytes(8).toString('hex');
  const schema = { title, type: 'object', required: ['a'], properties: { a: { type: 'number' } } };
  const before = new Set(existsSync(cache) ? readdirSync(cache) : []);
  const added = (): string[] => readdirSync(cache).filter((name) => !before.has(name) && isOurs(name));
  const isOurs = (name: string): boolean => readFileSync(join(cache, name), 'utf8').includes(title);
  afterAll(() => {
    for (const name of added()) rmSync(join(cache, name));
  });

  it('says what is wrong', () => {
    const validate = validatorOf(schema);
    expect(validate({ a: 1 })).toBe(true);
    expect(validate({ a: 'x', b: 1 })).toBe(false);
    expect(validate.errors?.map((e) => e.instancePath)).toEqual(['/a']);
  });

  it('is kept, and is not another schema’s', () => {
    validatorOf(schema);
    expect(added()).toHaveLength(1);
    expect(validatorOf({ ...schema, required: ['b'] })({ a: 1 })).toBe(false);
    expect(validatorOf(schema)({ a: 1 })).toBe(true);
    expect(added()).toHaveLength(2);
  });

  it('is made anew when what was kept cannot be read', () => {
    const other = { ...schema, required: ['c'] };
    const known = new Set(added());
    validatorOf(other);
    const [name = ''] = added().filter((one) => !known.has(one));
    writeFileSync(join(cache, name), `// ${title}\nthis is no program`);
    // Loaded modules stay loaded until they are forgotten.
    delete createRequire(import.meta.url).cache[realpathSync(join(cache, name))];
    expect(validatorOf(other)({ c: 1, a: 1 })).toBe(true);
    expect(readFileSync(join(cache, name), 'utf8')).not.toContain('this is no program');
  });
});
