import { EnvironmentFailure, explain } from '../lib/errors.ts';
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

/** Every program of every generation. */
export function listPrograms(system: System = hostSystem): Row[] {
  return generations.flatMap((generation) =>
    programNames.map((program) => {
      const found = locateProgram(program, generation, system);
      return {
        program,
        generation,
        version: (found && askVersion(found.path)?.text) ?? null,
        where: found?.where ?? null,
        path: found?.path ?? null,
        variable: variableOf(program, generation),
      };
    }),
  );
}

/** Fetches every missing program. @throws EnvironmentFailure that names what failed in each generation */
export async function obtainAll(system: System = hostSystem): Promise<void> {
  const problems: string[] = [];
  for (const generation of generations)
    try {
      await obtainPrograms(programNames, generation, system);
    } catch (error) {
      if (!(error instanceof EnvironmentFailure)) throw error;
      problems.push(explain(error));
    }
  if (problems.length > 0) throw new EnvironmentFailure(problems.join('\n'));
}
