/** The programs that tests, the demo and the benchmark run for real. */
export type ProgramName = 'prometheus' | 'promtool' | 'pushgateway' | 'alertmanager' | 'amtool';

/** `current` is Prometheus 3 and what goes with it; `2.42` is the generation of Debian 12, which many still run. */
export type Generation = 'current' | '2.42';

/** A program's version as numbers, and as the program writes it. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly text: string;
}

interface ProgramSpec {
  /** Stem of the environment variable: `<stem>_BIN`, for the old generation `<stem>_2_42_BIN`. */
  readonly variable: string;
  /** Names of the executable, as upstream and as Debian calls it. */
  readonly binaries: readonly string[];
  /** Packages that may hold it, best first: promtool became a package of its own after 2.45. */
  readonly packages: readonly string[];
  /** The first version of the current generation; what is older belongs to the old one. */
  readonly currentSince: readonly [major: number, minor: number];
}

const specs: Readonly<Record<ProgramName, ProgramSpec>> = {
  prometheus: {
    variable: 'PROMETHEUS',
    binaries: ['prometheus'],
    packages: ['prometheus'],
    currentSince: [3, 0],
  },
  promtool: {
    variable: 'PROMTOOL',
    binaries: ['promtool'],
    packages: ['promtool', 'prometheus'],
    currentSince: [3, 0],
  },
  // The Pushgateway's interface is the same in all of 1.x, so that any 1.x from PATH serves either generation.
  pushgateway: {
    variable: 'PUSHGATEWAY',
    binaries: ['pushgateway', 'prometheus-pushgateway'],
    packages: ['prometheus-pushgateway'],
    currentSince: [1, 0],
  },
  // Still 0.x, where the minor number is what breaks: 0.27 removed the first API and changed how matchers are read.
  alertmanager: {
    variable: 'ALERTMANAGER',
    binaries: ['alertmanager', 'prometheus-alertmanager'],
    packages: ['prometheus-alertmanager'],
    currentSince: [0, 27],
  },
  amtool: {
    variable: 'AMTOOL',
    binaries: ['amtool'],
    packages: ['prometheus-alertmanager'],
    currentSince: [0, 27],
  },
};

/** Every program, in the order in which they are listed. */
export const programNames = Object.keys(specs) as readonly ProgramName[];
/** Every generation, in the order in which they are listed. */
export const generations: readonly Generation[] = ['current', '2.42'];

/** The environment variable that names the program's executable, e.g. `PROMTOOL_BIN` or `PROMTOOL_2_42_BIN`. */
export const variableOf = (name: ProgramName, generation: Generation): string =>
  `${specs[name].variable}${generation === 'current' ? '' : '_2_42'}_BIN`;

/** The names that the program's executable may have. */
export const binariesOf = (name: ProgramName): readonly string[] => specs[name].binaries;

/** The Debian packages that may hold the program, best first. */
export const packagesOf = (name: ProgramName): readonly string[] => specs[name].packages;

/** The version in the output of `--version`, or undefined when it is no Prometheus program. */
export function parseVersion(output: string): Version | undefined {
  const match = /\bversion v?((\d+)\.(\d+)\S*)/.exec(output);
  return match ? { major: Number(match[2]), minor: Number(match[3]), text: match[1]! } : undefined;
}

/** Whether a program of this version may stand for the generation. */
export function belongsTo(name: ProgramName, generation: Generation, version: Version): boolean {
  const [major, minor] = specs[name].currentSince;
  if (name === 'pushgateway') return version.major === major;
  const isCurrent = version.major > major || (version.major === major && version.minor >= minor);
  return isCurrent === (generation === 'current');
}

/** A generation's condition on a program's version, in words. */
export function wantedVersion(name: ProgramName, generation: Generation): string {
  const [major, minor] = specs[name].currentSince;
  if (name === 'pushgateway') return '1.x';
  return `${generation === 'current' ? 'at least' : 'below'} ${major}.${minor}`;
}
