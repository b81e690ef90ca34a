import type { FileRule } from '../compile/index.ts';
import { allowedShare, type Objective } from '../slo/index.ts';
import { type Change, code } from './change.ts';

/** An SLO's events, in one word or two: the first words of its definition. Any other SLO counts events. */
const eventsOf = (objectives: readonly Objective[], slo: string | undefined): string => {
  const words = objectives.find(({ id }) => id === slo)?.indicator.events ?? 'Events';
  const [name = ''] = /^\w+( (tests|checks))?/.exec(words) ?? [];
  return name.toLowerCase();
};

/** How many of so many events may be bad: at 100 % none, else at least one, as the error budget has it. */
const allowed = (objective: number, events: number): number =>
  objective === 1 ? 0 : Math.max(1, Number((allowedShare(objective) * events).toFixed(4)));

const spans = [100, 1_000, 10_000, 100_000] as const;

/** Bad events that two objectives allow, of as many as it takes to tell them apart. */
function meaning(from: number, to: number, what: string): string {
  const telling = (events: number): boolean =>
    allowed(from, events) !== allowed(to, events) &&
    [from, to].every((o) => o === 1 || allowedShare(o) * events >= 1);
  const events = spans.find(telling) ?? spans.at(-1)!;
  const count = (objective: number): string => String(allowed(objective, events) || 'none');
  return `of ${events.toLocaleString('en')} ${what} a month ${count(from)} may fail → ${count(to)}`;
}

const value = ({ expr }: FileRule): number => Number(/^vector\(([\d.]+)\)$/.exec(String(expr))?.[1]);

/** "Objective 99 % → 98 %", with what it means for people who deploy. */
export function objectiveChange(
  a: FileRule,
  b: FileRule,
  objectives: readonly Objective[],
): Pick<Change, 'text' | 'risk'> | undefined {
  const name =
    a.record === 'slo:objective:ratio' ? 'objective' : a.record === 'slo:sla:ratio' ? 'SLA' : undefined;
  const [from, to] = [value(a), value(b)];
  if (!name || Number.isNaN(from) || Number.isNaN(to) || from === to) return undefined;
  const percent = (ratio: number): string => code(`${Number((ratio * 100).toFixed(4))} %`);
  const slo = a.labels?.slo;
  return {
    text: `${name} of ${code(slo ?? '')} ${percent(from)} → ${percent(to)}: ${meaning(from, to, eventsOf(objectives, slo))}`,
    ...(to < from && { risk: 'more failures are promised to be acceptable' }),
  };
}
