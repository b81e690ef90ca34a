import { EnvironmentFailure } from '../lib/errors.ts';
import { type Generation, type ProgramName, variableOf } from './programs.ts';
import type { System } from './system.ts';

/** Upstream's release archive that holds a program. */
const releaseOf = (name: ProgramName): string =>
  name === 'promtool' ? 'prometheus' : name === 'amtool' ? 'alertmanager' : name;

const unique = (values: readonly string[]): string[] => [...new Set(values)];

/** What installs the programs on a system where they cannot be fetched. */
export function installAdvice(
  names: readonly ProgramName[],
  generation: Generation,
  platform: NodeJS.Platform,
): string {
  const releases = unique(names.map(releaseOf));
  const variables = names.map((name) => variableOf(name, generation)).join(', ');
  const archive = `unpack the release of ${releases.join(', ')} from https://prometheus.io/download and set ${variables}`;
  if (generation === '2.42')
    return `For the old generation ${archive}; any 2.x of Prometheus does (2.42 is what Debian 12 has).`;
  const formulas = releases.filter((name) => name !== 'pushgateway');
  if (platform !== 'darwin' || formulas.length === 0)
    return `${archive[0]!.toUpperCase()}${archive.slice(1)} to the paths of the programs, or put them on PATH.`;
  const rest = releases.includes('pushgateway')
    ? ' The Pushgateway: unpack its release from https://prometheus.io/download and set PUSHGATEWAY_BIN.'
    : '';
  return `Run: brew install ${formulas.join(' ')}.${rest}`;
}

/** The error when programs are missing and cannot be fetched: why, and the way to get them here. */
export function cannotFetch(
  names: readonly ProgramName[],
  generation: Generation,
  system: System,
  why: string,
): EnvironmentFailure {
  const what = `${names.join(', ')} (${generation === 'current' ? 'current' : '2.42'} generation)`;
  return new EnvironmentFailure(
    `${what} cannot be fetched: ${why}\n  ${installAdvice(names, generation, system.platform)}`,
    'no server was started.',
  );
}
