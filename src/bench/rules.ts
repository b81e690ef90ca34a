import type { RuleGroup } from '../metrics/index.ts';
import type { Line } from './line.ts';
import type { LoadedSystem } from './system.ts';

/** Cost of one evaluation of a group. */
interface Cost {
  readonly group: RuleGroup;
  /** Seconds, with nothing else to do. */
  readonly alone: number;
  /** Seconds, beside all other groups. */
  readonly beside: number;
  /** Of its interval, with nothing else to do; percent. */
  readonly share: number;
}

/** The fastest of two evaluations of each rule of a group, one after the other, seconds. */
async function evaluate({ prometheus }: LoadedSystem, { rules }: RuleGroup, at: number): Promise<number> {
  let sum = 0;
  for (const { expr } of rules) {
    const first = await prometheus.queryStats(expr.text, at);
    const second = await prometheus.queryStats(expr.text, at);
    sum += Math.min(first.seconds, second.seconds);
  }
  return sum;
}

/** A group that costs this share of its interval (percent) has a line of its own. */
const worthALine = 1;

const describe = ({ group, alone, beside }: Cost): string => {
  const ms = (seconds: number): string => `${Math.round(seconds * 1000)} ms`;
  return `${ms(alone)} every ${group.interval} s; ${ms(beside)} beside all others`;
};

/** The groups that cost most, the most costly of the others, and all together. */
function linesOf(costs: readonly Cost[], scale: string): Line[] {
  const line = (what: string, cost: Cost, more = ''): Line => ({
    what,
    scale,
    value: cost.share,
    unit: '%',
    budget: { atMost: 10 },
    note: describe(cost) + more,
  });
  const large = costs.filter(({ share }, i) => share >= worthALine || i === 0);
  const next = costs[large.length];
  const all = costs.reduce((sum, { share }) => sum + share, 0);
  return [
    ...large.map((cost) => line(`rules of ${cost.group.name}`, cost)),
    ...(next
      ? [line(`rules of ${costs.length - large.length} others, each`, next, ` (${next.group.name})`)]
      : []),
    { what: 'all rules', scale, value: all, unit: '%', note: 'of one processor' },
  ];
}

/**
 * Cost of one evaluation of each rule group, as a share of its interval. It is the last thing to be measured on a
 * system: rules are not evaluated any more while each is asked by itself.
 */
export async function ruleLines(system: LoadedSystem): Promise<Line[]> {
  const scale = `${system.perDay} a day`;
  system.say(`${scale}: rules`);
  const beside = await system.evaluationTimes();
  const at = await system.pauseRules();
  const costs: Cost[] = [];
  for (const group of system.groups) {
    const alone = await evaluate(system, group, at);
    const share = (100 * alone) / group.interval;
    costs.push({ group, alone, beside: beside.get(group.name) ?? Number.NaN, share });
  }
  return linesOf(
    costs.sort((a, b) => b.share - a.share),
    scale,
  );
}
