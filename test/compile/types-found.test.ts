import { describe, expect, it } from 'vitest';
import { typeFindings } from '../../src/compile/types.ts';
import { unreadable } from '../../src/compile/unreadable.ts';
import { UserError } from '../../src/lib/errors.ts';
import { inProject } from '../../src/lib/root.ts';

describe('what the compiler prints', () => {
  it('becomes a finding for each error, with what it goes on to say', () => {
    const output = [
      "alerts/burn.ts(12,5): error TS2741: Property 'hold' is missing in type '{ name: string; }'.",
      "  The expected type comes from property 'hold'",
      "slo/post-deployment-health.ts(3,1): error TS1005: ';' expected.",
      '',
    ].join('\n');
    expect(typeFindings(output)).toEqual([
      {
        id: 'types',
        severity: 'error',
        summary: "Property 'hold' is missing in type '{ name: string; }'.",
        details: "The expected type comes from property 'hold'",
        place: ['alerts/burn.ts', 'line 12'],
        file: 'alerts/burn.ts',
        line: 12,
        fix: 'Correct it there (TS2741).',
      },
      {
        id: 'types',
        severity: 'error',
        summary: "';' expected.",
        place: ['slo/post-deployment-health.ts', 'line 3'],
        file: 'slo/post-deployment-health.ts',
        line: 3,
        fix: 'Correct it there (TS1005).',
      },
    ]);
    expect(typeFindings('')).toEqual([]);
  });
});

describe('an exception while definitions are read', () => {
  it('is a finding at the innermost definition', () => {
    const error = new TypeError("Cannot read properties of undefined (reading 'template')");
    error.stack = [
      `TypeError: ${error.message}`,
      `    at annotationsOf (${inProject('src/compile/alerts/rules.ts')}:30:1)`,
      `    at file://${inProject('alerts/health-checks.ts')}:20:5`,
      `    at ${inProject('alerts/index.ts')}:1:1`,
    ].join('\n');
    expect(unreadable(error)[0]).toMatchObject({
      id: 'definition-unreadable',
      summary: `Reading it ends with: ${error.message}.`,
      file: 'alerts/health-checks.ts',
      line: 20,
    });
  });

  it('stays the sentence that it is', () => {
    expect(() => unreadable(new UserError('No such file.'))).toThrow('No such file.');
  });
});
