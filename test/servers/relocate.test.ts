import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installData, relocate, workingFolder } from '../../src/servers/relocate.ts';
import { temporaryFolder, write } from './machine.ts';

const original = '/usr/share/prometheus/alertmanager';

test('every occurrence of the data folder becomes relative, and nothing moves', () => {
  const before = `\u0000abc${original}failed${original}/ui/x${original}`;
  const file = write(join(temporaryFolder(), 'program'), before);
  relocate(file);
  const after = readFileSync(file, 'utf8');
  expect(after).toHaveLength(before.length);
  expect(after).not.toContain('/usr/share');
  expect(after.replaceAll('.////share', '/usr/share')).toBe(before);
});

test('a program that embeds its data stays byte for byte', () => {
  const file = write(join(temporaryFolder(), 'program'), 'ELF /usr/share/zoneinfo');
  relocate(file);
  expect(readFileSync(file, 'utf8')).toBe('ELF /usr/share/zoneinfo');
});

test('the data of a package lies where a program that runs beside it looks', () => {
  const folder = temporaryFolder();
  const binary = join(folder, 'cache', 'alertmanager');
  mkdirSync(join(folder, 'cache'));
  expect(workingFolder(binary)).toBeUndefined();
  installData(join(folder, 'unpacked'), join(folder, 'cache'));
  expect(workingFolder(binary)).toBeUndefined();
  write(join(folder, 'unpacked', original, 'default.tmpl'), 'first');
  installData(join(folder, 'unpacked'), join(folder, 'cache'));
  write(join(folder, 'unpacked', original, 'default.tmpl'), 'second');
  installData(join(folder, 'unpacked'), join(folder, 'cache'));
  const cwd = workingFolder(binary)!;
  expect(readFileSync(join(cwd, 'share/prometheus/alertmanager/default.tmpl'), 'utf8')).toBe('second');
});
