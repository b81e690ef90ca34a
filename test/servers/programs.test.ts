import { describe, expect, test } from 'vitest';
import { belongsTo, parseVersion, programNames, variableOf } from '../../src/servers/programs.ts';

const version = (text: string) => parseVersion(`prometheus, version ${text} (branch: HEAD)`)!;

describe('versions', () => {
  test.each([
    ['prometheus, version 3.5.3+ds1 (branch: debian/sid, revision: 3.5.3+ds1-6)', 3, 5, '3.5.3+ds1'],
    ['promtool, version 2.42.0+ds (branch: debian/sid)\n  go version: go1.19.8', 2, 42, '2.42.0+ds'],
    ['alertmanager, version 0.33.1 (branch: HEAD)', 0, 33, '0.33.1'],
    ['prometheus, version v3.10.0-rc.1', 3, 10, '3.10.0-rc.1'],
  ])('reads %j', (output, major, minor, text) => {
    expect(parseVersion(output)).toEqual({ major, minor, text });
  });

  test('does not take the version of the compiler for that of the program', () => {
    expect(parseVersion('go version go1.27.1')).toBeUndefined();
    expect(parseVersion('')).toBeUndefined();
  });

  test.each([
    ['prometheus', '3.0.0', 'current'],
    ['prometheus', '4.1.0', 'current'],
    ['prometheus', '2.55.1', '2.42'],
    ['promtool', '2.42.0', '2.42'],
    ['alertmanager', '0.27.0', 'current'],
    ['alertmanager', '1.0.0', 'current'],
    ['amtool', '0.26.0', '2.42'],
  ] as const)('%s %s is of the generation %s and of no other', (name, text, generation) => {
    const other = generation === 'current' ? '2.42' : 'current';
    expect(belongsTo(name, generation, version(text))).toBe(true);
    expect(belongsTo(name, other, version(text))).toBe(false);
  });

  test('any Pushgateway 1.x serves both generations, a 0.x neither', () => {
    for (const generation of ['current', '2.42'] as const) {
      expect(belongsTo('pushgateway', generation, version('1.5.1'))).toBe(true);
      expect(belongsTo('pushgateway', generation, version('1.11.2'))).toBe(true);
      expect(belongsTo('pushgateway', generation, version('0.10.0'))).toBe(false);
    }
  });
});

test('variables are named after program and generation', () => {
  expect(variableOf('prometheus', 'current')).toBe('PROMETHEUS_BIN');
  expect(variableOf('promtool', '2.42')).toBe('PROMTOOL_2_42_BIN');
  const all = programNames.flatMap((name) => [variableOf(name, 'current'), variableOf(name, '2.42')]);
  expect(new Set(all).size).toBe(all.length);
});
