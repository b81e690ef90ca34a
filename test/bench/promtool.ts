import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ruleFileText } from '../../src/compile/rules.ts';
import type { RuleGroup } from '../../src/metrics/rule.ts';
import { obtainPrograms } from '../../src/servers/find.ts';
import type { InputSeries } from '../../src/simulator/input-series.ts';

/** One series of a query's result. */
export interface Answer {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const pair = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** A series as promtool prints it: `{__name__="a", b="c"} 1`, or `a{b="c"} 1`. */
function answerOf(text: string): Answer {
  const name = /^[\w:]+(?=\{)/.exec(text)?.[0];
  const labels = Object.fromEntries([...text.matchAll(pair)].map((m) => [m[1], m[2]]));
  return { labels: name ? { __name__: name, ...labels } : labels, value: Number(text.split(' ').at(-1)) };
}

/**
 * Result of a query after rules were evaluated on series, by promtool. It only says what is wrong with an expectation,
 * so it is told to expect nothing.
 */
export async function evaluate(
  groups: readonly RuleGroup[],
  series: readonly InputSeries[],
  interval: number,
  query: { readonly expr: string; readonly at: number },
): Promise<Answer[]> {
  const folder = mkdtempSync(join(tmpdir(), 'promtool-'));
  try {
    writeFileSync(join(folder, 'rules.yml'), ruleFileText(groups));
    const test = {
      rule_files: ['rules.yml'],
      evaluation_interval: `${interval}s`,
      tests: [
        {
          interval: `${interval}s`,
          input_series: series,
          promql_expr_test: [{ expr: query.expr, eval_time: `${query.at}s`, exp_samples: [] }],
        },
      ],
    };
    writeFileSync(join(folder, 'test.yml'), stringify(test));
    const { promtool } = await obtainPrograms(['promtool']);
    const said = await new Promise<string>((resolve) => {
      execFile(promtool, ['test', 'rules', 'test.yml'], { cwd: folder, maxBuffer: 1e8 }, (_, out, err) =>
        resolve(out + err),
      );
    });
    if (said.includes('SUCCESS')) return [];
    const got = /got:\s*(.*)$/m.exec(said)?.[1];
    if (got === undefined) throw new Error(said);
    return got.split(/(?<=\d|NaN|Inf), (?=[\w:]*\{)/).map(answerOf);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
