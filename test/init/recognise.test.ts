import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { recognise } from '../../src/init/commands.ts';
import { propose } from '../../src/init/propose.ts';
import { readWorkflow } from '../../src/init/workflow.ts';
import { expected } from './expected.ts';

const read = (file: string) =>
  readWorkflow(file, readFileSync(join(import.meta.dirname, 'workflows', file), 'utf8'));

/** The steps of a workflow as `init` reads them, in the form of the expectation. */
function readSteps(file: string): (readonly string[])[] {
  const proposal = propose(read(file));
  return proposal.workflow.jobs.flatMap(({ steps }) =>
    steps.map((step) => {
      const { kind } = recognise(step);
      const sign = kind === 'plumbing' ? '-' : kind === 'unknown' ? '?' : kind;
      const service = proposal.stages.find((s) => s.step === step)?.service;
      return [step.job, step.label, sign, ...(service === undefined ? [] : [service])];
    }),
  );
}

const rows = Object.entries(expected).flatMap(([file, steps]) => {
  const read = readSteps(file);
  expect(read.map(([job, label]) => [job, label])).toEqual(steps.map(([job, label]) => [job, label]));
  return steps.map((step, i) => ({ file, step, read: read[i]! }));
});

it('reads at least nine steps in ten as a person does, with kind and service', () => {
  const wrong = rows.filter(({ step, read }) => step.join() !== read.join());
  const told = wrong.map(
    ({ file, step, read }) => `${file}: ${step.join(' | ')} read as ${read.slice(2).join(' | ')}`,
  );
  expect(wrong.length / rows.length, told.join('\n')).toBeLessThanOrEqual(0.1);
});

it('never takes a step for another kind: what it does not understand, it says', () => {
  const mistaken = rows.filter(({ step, read }) => read[2] !== '?' && read[2] !== step[2]);
  expect(mistaken.map(({ file, step, read }) => `${file}: ${step.join(' | ')} read as ${read[2]}`)).toEqual(
    [],
  );
});
