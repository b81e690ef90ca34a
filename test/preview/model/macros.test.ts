import { describe, expect, it } from 'vitest';
import { interpolate } from '../../../src/panels/interpolate.ts';
import { type Cell, type DataContext, dataMacros, pathSegments } from '../../../src/panels/macros.ts';

const cells: Readonly<Record<string, Cell>> = {
  'Finished at': { raw: 1_768_478_400_000, text: '2026-01-15 12:00:00', numeric: 1_768_478_400_000 },
  id: { raw: 'run 7&8', text: 'run 7&8', numeric: Number.NaN },
};
const context: DataContext = {
  value: { raw: 0.95, text: '95%', numeric: 0.95 },
  time: 1_768_000_000_000,
  fieldName: 'Success',
  fieldLabels: { service: 'api', stage: 'build' },
  seriesName: 'api',
  refId: 'A',
  cell: (name) => cells[name],
};
const inLink = (text: string, fallback?: string): string => interpolate(text, dataMacros(context, fallback));

describe('data links', () => {
  it.each([
    ['${__value.raw}', '0.95'],
    ['${__value}', '0.95'],
    ['${__value.text}', '95%'],
    ['${__value.numeric}', '0.95'],
    ['${__value.time}', '1768000000000'],
    ['${__data.fields.id}', 'run 7&8'],
    ['${__data.fields["Finished at"]}', '2026-01-15 12:00:00'],
    ["${__data.fields['Finished at'].numeric}", '1768478400000'],
    ['${__data.fields[id].raw}', 'run 7&8'],
    ['${__data.fields.nothing}', ''],
    ['${__data.refId}', 'A'],
    ['${__field.name}', 'Success'],
    ['${__field.labels.service}', 'api'],
    ['${__field.labels.missing}', ''],
    ['${__field.labels}', 'service="api", stage="build"'],
    ['${__series.name}', 'api'],
    ['${__unknown.name}', '${__unknown.name}'],
  ])('%s gives %s', (text, written) => {
    expect(inLink(text)).toBe(written);
  });

  it('take the format of the link, or their own', () => {
    expect(inLink('${__data.fields.id}', 'uriencode')).toBe('run%207&8');
    expect(inLink('${__data.fields.id:percentencode}', 'uriencode')).toBe('run%207%268');
  });

  it('say nothing of a value where there is none', () => {
    const nothing = dataMacros({ ...context, value: undefined, time: undefined });
    expect(interpolate('[${__value.text}|${__value.time}]', nothing)).toBe('[|]');
  });
});

it('takes paths apart', () => {
  expect(pathSegments('.fields["a.b"].text')).toEqual(['fields', 'a.b', 'text']);
  expect(pathSegments(".fields['x y'][3]")).toEqual(['fields', 'x y', '3']);
  expect(pathSegments('')).toEqual([]);
});
