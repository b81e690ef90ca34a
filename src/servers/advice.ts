import { EnvironmentFailure } from '../lib/errors.ts';
import type { Order } from './order.ts';
import { type Generation, type ProgramName, variableOf } from './programs.ts';
import { releaseOf } from './releases.ts';

const unique = (values: readonly string[]): string[] => [...new Set(values)];

const website = 'https://prometheus.io/download';

/** How to install the programs on a system where they cannot be fetched. */
export function installAdvice(
  names: readonly ProgramName[],
  generation: Generation,
  platform: NodeJS.Platform,
): string {
  const releases = unique(names.map(releaseOf));
  const variables = names.map((name) => variableOf(name, generation)).join(', ');
  const by = (which: string, what: string): string =>
    `unpack the release of ${which} from ${website}, and ${what}.`;
  if (generation === '2.42')
    return `Get the old generation yourself: ${by(releases.join(', '), `set ${variables}`)} Any Prometheus 2.x does.`;
  // The Pushgateway has no formula of its own.
  const formulas = releases.filter((name) => name !== 'pushgateway');
  if (platform === 'win32')
    return 'Run this in WSL (https://learn.microsoft.com/windows/wsl), where they can be fetched.';
  if (platform !== 'darwin' || formulas.length === 0)
    return `Get them yourself: ${by(releases.join(', '), `set ${variables} or put them on PATH`)}`;
  const rest = releases.includes('pushgateway') ? ` And ${by('pushgateway', 'set PUSHGATEWAY_BIN')}` : '';
  return `Run: brew install ${formulas.join(' ')}${rest && '.'}${rest}`;
}

/** The error when programs are missing and cannot be fetched: why, and the way to get them here. */
export function cannotFetch({ names, generation, system }: Order, why: string): EnvironmentFailure {
  const advice = installAdvice(names, generation, system.platform);
  return new EnvironmentFailure(
    `${names.join(', ')} (${generation} generation) cannot be fetched: ${why}\n  Try again: npm run servers -- --fetch\n  ${advice}`,
    'no server was started.',
  );
}
