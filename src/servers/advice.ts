import { EnvironmentFailure } from '../lib/errors.ts';
import { type Generation, type ProgramName, variableOf } from './programs.ts';
import type { System } from './system.ts';

/** Upstream's release archive that holds a program. */
const releaseOf = (name: ProgramName): string =>
  name === 'promtool' ? 'prometheus' : name === 'amtool' ? 'alertmanager' : name;

const unique = (values: readonly string[]): string[] => [...new Set(values)];

const website = 'https://prometheus.io/download';

/** What gets the programs onto a system where they cannot be fetched. */
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
  if (platform !== 'darwin' || formulas.length === 0)
    return `Get them yourself: ${by(releases.join(', '), `set ${variables} or put them on PATH`)}`;
  const rest = releases.includes('pushgateway') ? ` And ${by('pushgateway', 'set PUSHGATEWAY_BIN')}` : '';
  return `Run: brew install ${formulas.join(' ')}${rest && '.'}${rest}`;
}

/** The error when programs are missing and cannot be fetched: why, and the way to get them here. @param mayPass the reason may be gone later */
export function cannotFetch(
  names: readonly ProgramName[],
  generation: Generation,
  system: System,
  why: string,
  mayPass = false,
): EnvironmentFailure {
  const what = `${names.join(', ')} (${generation === 'current' ? 'current' : '2.42'} generation)`;
  const advice = installAdvice(names, generation, system.platform);
  const again = mayPass ? 'Try again: npm run servers -- --fetch\n  ' : '';
  return new EnvironmentFailure(
    `${what} cannot be fetched: ${why}\n  ${again}${advice}`,
    'no server was started.',
  );
}
