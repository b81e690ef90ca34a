/** Small changes of source code, to find out which of them no test notices. */

export { type Mutant, mutantsOf } from './mutants.ts';
