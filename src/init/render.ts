import { table } from '../lib/terminal.ts';
import { environmentOf, type Proposal } from './propose.ts';

/** The proposal, for a person to agree to. */
export function proposalText(proposal: Proposal): string {
  const { workflow, environments, hosting, stages, unknown } = proposal;
  const rows = stages.map(({ step, kind, service, stage }) => [
    step.job,
    step.label,
    kind,
    service,
    stage,
    ...(environments.length > 1 ? [environmentOf(proposal, step.job)] : []),
  ]);
  const header = [
    'job',
    'step',
    'kind',
    'service',
    'stage',
    ...(environments.length > 1 ? ['environment'] : []),
  ];
  const services = [...hosting].map(([name, host]) => (host === undefined ? name : `${name} (${host})`));
  return [
    `${workflow.file}: ${workflow.name}`,
    `Environments: ${environments.join(', ')}. Services: ${services.join(', ')}.`,
    '',
    table([header, ...rows]),
    ...(unknown.length > 0
      ? [
          '',
          'Not understood, and therefore not recorded:',
          ...unknown.map(({ job, label }) => `  ${job}: ${label}`),
        ]
      : []),
  ].join('\n');
}
