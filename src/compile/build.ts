import type { Finding } from '../lib/finding.ts';
import { type Artefacts, renderArtefacts } from './artefacts.ts';
import type { Bundle } from './bundle.ts';
import { tryExamples } from './examples/run.ts';
import { checkTypes } from './types.ts';
import { unreadable } from './unreadable.ts';
import { validate } from './validate.ts';

/** Artefacts of the definitions, and everything that is wrong with them. */
export interface Built {
  readonly findings: readonly Finding[];
  /** Notes for the reader of the findings. */
  readonly notes: readonly string[];
  /** Where nothing is wrong. */
  readonly made?: { readonly bundle: Bundle; readonly artefacts: Artefacts };
}

const isError = ({ severity }: Finding): boolean => severity === 'error';
const noTypes = 'The types were not checked: TypeScript is not installed. Run: npm ci';

/** The definitions, checked and rendered; what ends in an exception is a finding. */
async function readAndRender(load: () => Promise<Bundle>): Promise<Built> {
  try {
    const bundle = await load();
    // Both wait for other processes, the recorder's bundler and promtool; our own checks run meanwhile.
    const rendering = renderArtefacts(bundle).catch((error: unknown) => error);
    const { findings, notes } = await validate(bundle);
    if (findings.some(isError)) return { findings, notes };
    const artefacts = await rendering;
    if (!(artefacts instanceof Map)) throw artefacts;
    return { findings, notes, made: { bundle, artefacts } };
  } catch (error) {
    return { findings: unreadable(error), notes: [] };
  }
}

/**
 * Validates every definition: our checks, promtool's, the types beside them, and, where nothing was found, the
 * examples of the alerts that the change reaches.
 */
export async function build(
  load: () => Promise<Bundle>,
  options: { readonly examples: boolean },
): Promise<Built> {
  const typing = checkTypes();
  const { findings, notes, made } = await readAndRender(load);
  const types = await typing;
  const all = [...(types ?? []), ...findings];
  const said = [...notes, ...(types ? [] : [noTypes])];
  if (!made || all.some(isError)) return { findings: all, notes: said };
  if (!options.examples) return { findings: all, notes: said, made };
  const tried = await tryExamples(made.bundle, made.artefacts);
  const found = [...all, ...tried.findings];
  return { findings: found, notes: [...said, tried.note], ...(!found.some(isError) && { made }) };
}
