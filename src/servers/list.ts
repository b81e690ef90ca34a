import { EnvironmentFailure, explain, UserError } from '../lib/errors.ts';
import { locateProgram, obtainPrograms } from './find.ts';
import { type Generation, generations, type ProgramName, programNames, variableOf } from './programs.ts';
import { hostSystem, type System } from './system.ts';
import { askVersion } from './version.ts';

/** One program as `npm run servers` lists it; what is missing has no path. */
export interface Row {
  readonly program: ProgramName;
  readonly generation: Generation;
  readonly version: string | null;
  readonly where: 'environment' | 'PATH' | 'cache' | null;
  readonly path: string | null;
  readonly variable: string;
}

function rowOf(program: ProgramName, generation: Generation, system: System): Row {
  const found = locateProgram(program, generation, system);
  return {
    program,
    generation,
    version: (found && askVersion(found.path)?.text) ?? null,
    where: found?.where ?? null,
    path: found?.path ?? null,
    variable: variableOf(program, generation),
  };
}

/** Every program of every generation. @throws UserError that names every variable that points nowhere */
export function listPrograms(system: System = hostSystem): Row[] {
  const problems: UserError[] = [];
  const rows: Row[] = [];
  for (const generation of generations)
    for (const program of programNames)
      try {
        rows.push(rowOf(program, generation, system));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        problems.push(error);
      }
  if (problems.length > 0) throw new UserError(problems.map(explain).join('\n'));
  return rows;
}

/** Fetches every missing program; gives what could not be fetched. Each generation is tried. */
export async function obtainAll(system: System = hostSystem): Promise<EnvironmentFailure[]> {
  const failures: EnvironmentFailure[] = [];
  for (const generation of generations)
    try {
      await obtainPrograms(programNames, generation, system);
    } catch (error) {
      if (!(error instanceof EnvironmentFailure)) throw error;
      failures.push(error);
    }
  return failures;
}
