import { describe, expect, it } from 'vitest';
import { literalIn, objectWith, written } from '../../src/pull/source.ts';

const text = `
// title: 'A' in a comment, and "a quote
const one = () => stat({ title: 'A', unit: 's', thresholds: steps(red, [1, yellow], [20, green]), links: [{ title: 'B' }] });
const two = () => stat({ title: \`C\`, description: 'It\\'s {odd}', width: 6, nested: { width: 7 }, max: 2 * limits.max });
const text = "title: 'A'";
`;
const at = (key: string, value: string | number, title = 'A') => {
  const literal = literalIn(text, objectWith(text, 'title', title)!, key, value);
  return literal && text.slice(literal.from, literal.to);
};

describe('finding a literal', () => {
  it('in the object that has the title, and not in comments and texts', () => {
    expect(at('unit', 's')).toBe("'s'");
    expect(at('thresholds', 20)).toBe('20');
    expect(at('description', "It's {odd}", 'C')).toBe("'It\\'s {odd}'");
    expect(at('width', 6, 'C')).toBe('6');
  });
  it('not where it is made by code, is another one, or is there twice', () => {
    expect(at('max', 4, 'C')).toBeUndefined();
    expect(at('unit', 'ms')).toBeUndefined();
    expect(at('thresholds', 2)).toBeUndefined();
    const twice = "const a = { title: 'A', list: [1, 1] };";
    expect(literalIn(twice, objectWith(twice, 'title', 'A')!, 'list', 1)).toBeUndefined();
    expect(objectWith(`${twice}${twice}`, 'title', 'A')).toBeUndefined();
    expect(objectWith(text, 'title', 'Z')).toBeUndefined();
  });
  it('writes values as this project does', () => {
    expect(written(0.5)).toBe('0.5');
    expect(written("It's\\\n")).toBe("'It\\'s\\\\\\n'");
  });
});
