import {
  binary,
  countValues,
  errorTypes,
  labelReplace,
  namesOf,
  rollbackReasons,
  sum,
  type Vector,
} from '../../metrics/index.ts';

/**
 * A count for each name of an enumeration, with the name as a label. Values are counted all at once and named
 * afterwards: one selection of the facts for each name would cost as many times as much as there are names.
 */
export function countByCode<L extends string, B extends L, N extends string>(
  v: Vector<L>,
  by: readonly B[],
  label: N,
  codes: Readonly<Record<string, number>>,
): Vector<B | N> {
  const counted: Vector<string> = countValues('code', binary(v, '>', 0), { by });
  const named = Object.entries(codes).reduce(
    (result, [name, code]) => labelReplace(result, label, name, 'code', String(code)),
    counted,
  );
  return sum(named, { by: [...by, label] }) as Vector<B | N>;
}

const pick = (codes: Readonly<Record<string, number>>, names: readonly string[]): Record<string, number> =>
  Object.fromEntries(names.map((name) => [name, codes[name]!]));
/** Reasons of rollbacks, as a count by them names them. */
export const reasonCodes = pick(rollbackReasons, namesOf(rollbackReasons, 'none'));
/** Types of errors. */
export const errorCodes = pick(errorTypes, namesOf(errorTypes, 'none'));
