import type { Line } from './line.ts';
import type { LoadedSystem } from './system.ts';

interface EvaluatedGroups {
  readonly groups: readonly {
    readonly name: string;
    /** Seconds. */
    readonly evaluationTime: number;
    readonly lastEvaluation: string;
    readonly rules: readonly {
      readonly health: string;
      readonly name: string;
      readonly lastError?: string;
    }[];
  }[];
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** How long each group took, evaluation by evaluation, until every group was evaluated so often. */
async function observe({ prometheus }: LoadedSystem, times: number): Promise<Map<string, number[]>> {
  const seen = new Map<string, Map<string, number>>();
  for (;;) {
    const { groups } = await prometheus.get<EvaluatedGroups>('api/v1/rules');
    for (const { name, evaluationTime, lastEvaluation, rules } of groups) {
      const broken = rules.find((rule) => rule.health === 'err');
      if (broken) throw new Error(`${name}: ${broken.name}: ${broken.lastError}`);
      const own = seen.get(name) ?? new Map<string, number>();
      seen.set(name, own);
      // The first one begins before anything was scraped.
      if (evaluationTime > 0) own.set(lastEvaluation, evaluationTime);
    }
    if ([...seen.values()].every((own) => own.size > times)) break;
    await pause(1_000);
  }
  return new Map([...seen].map(([name, own]) => [name, [...own.values()].slice(1)]));
}

/** A group that costs this share of its interval (percent) has a line of its own. */
const worthALine = 1;

/** What one evaluation of each rule group costs, as a share of its interval; the fastest that was seen. */
export async function ruleLines(system: LoadedSystem): Promise<Line[]> {
  system.say(`${system.perDay} a day: rules`);
  const observed = await observe(system, 2);
  const costs = system.groups
    .map(({ name, interval }) => {
      const seconds = Math.min(...(observed.get(name) ?? []));
      return { name, interval, seconds, share: (100 * seconds) / interval };
    })
    .sort((a, b) => b.share - a.share);
  const scale = `${system.perDay} a day`;
  const line = (what: string, { share, seconds, interval }: (typeof costs)[number], more = ''): Line => ({
    what,
    scale,
    value: share,
    unit: '%',
    budget: { atMost: 10 },
    note: `${Math.round(seconds * 1000)} ms every ${interval} s${more}`,
  });
  const large = costs.filter(({ share }, i) => share >= worthALine || i === 0);
  const next = costs[large.length];
  return [
    ...large.map((cost) => line(`rules of ${cost.name}`, cost)),
    ...(next ? [line(`rules of ${costs.length - large.length} others, each`, next, ` (${next.name})`)] : []),
    {
      what: 'all rules',
      scale,
      value: costs.reduce((sum, { share }) => sum + share, 0),
      unit: '%',
      note: 'of one processor',
    },
  ];
}
