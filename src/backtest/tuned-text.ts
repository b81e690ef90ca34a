import { table } from '../lib/terminal.ts';
import type { Trial, Tuned } from './tune.ts';

const difference = (count: number, of: string): string =>
  `${Math.abs(count)} ${count < 0 ? 'fewer' : 'more'} ${of}`;

function proposal({ path, trials, value, proposed }: Tuned): string {
  const at = (one: number): Trial => trials.find((trial) => trial.value === one)!;
  if (proposed === undefined) return 'No value that was tried is better than today’s.';
  const [then, now] = [at(proposed), at(value)];
  const changes = [
    then.false !== now.false && difference(then.false - now.false, 'false firings'),
    then.missed !== now.missed && difference(then.missed - now.missed, 'bad deployments missed'),
  ].filter(Boolean);
  return `Proposed: ${path} ${proposed} in place of ${value}: ${changes.join(', ')}.`;
}

const differs = ({ trials: [first, ...more] }: Tuned): boolean =>
  more.some((one) => JSON.stringify({ ...one, value: 0 }) !== JSON.stringify({ ...first, value: 0 }));
const paths = (tuned: readonly Tuned[]): string => tuned.map(({ path }) => path).join(', ');

/** Candidates and proposals, in words. @param recorded targets that cannot be tried on a history */
export function tunedText(tuned: readonly Tuned[], recorded: readonly string[]): string {
  const alike = tuned.filter((one) => !differs(one));
  return [
    ...tuned
      .filter(differs)
      .flatMap((one) => [
        `${one.path} (${one.alerts.join(', ')})`,
        table([
          ['value', 'fired', 'right', 'false', 'unknown', 'missed'],
          ...one.trials.map((trial) => [
            `${trial.value}${trial.value === one.value ? ' today' : ''}`,
            ...[trial.fired, trial.right, trial.false, trial.unknown, trial.missed].map(String),
          ]),
        ]),
        proposal(one),
        '',
      ]),
    ...(alike.length > 0 ? [`Half to twice made no difference: ${paths(alike)}.`] : []),
    ...(recorded.length > 0
      ? [
          `Not tried, because recorded series have today's value in them: ${recorded.join(', ')}. Change one, record for a while, and compare.`,
        ]
      : []),
    'Nothing was changed. Values stand in pipeline.config.ts, under targets.',
  ].join('\n');
}
