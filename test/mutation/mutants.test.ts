import { expect, it } from 'vitest';
import { mutantsOf } from '../../src/mutation/mutants.ts';

const changes = (source: string): string[] => mutantsOf(source).map(({ change }) => change);

it.each<[source: string, changes: readonly string[]]>([
  ['const a = b === c;', ['b === c → b !== c']],
  ['const a = b && !c;', ['b && !c → b || !c']],
  ['const a = true;', ['true → false']],
  ['const a = 9;', ['9 → 10']],
  ["binary(a, '==', b)", ["'==' → '!='"]],
  ['if (a) b();', ['a → !(a)']],
  ['const a = b ? c : d;', ['b → !(b)']],
  ['list.some(f)', ['some → every']],
  ['firstOf(a, b, c)', ['a, b → b, a', 'b, c → c, b']],
  ["const a = (b as 'x' | 7)!;", []],
  ["type A = 1 | true; interface B { c: '==' } import x from '+';", []],
])('of %j', (source, expected) => {
  expect(changes(source)).toEqual(expected);
});

it('say where they are, also behind letters of several bytes, and change nothing else', () => {
  const source = "/** “a → b” */\nconst a = '…';\nconst c = 1 > 2;\n";
  const [more] = mutantsOf(source);
  expect(more).toEqual({ line: 3, change: '1 > 2 → 1 >= 2', text: source.replace('>', '>=') });
  expect(mutantsOf(source).map(({ line }) => line)).toEqual([3, 3, 3]);
});
