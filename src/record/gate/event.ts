import { gateVerdicts } from '../../metrics/index.ts';
import { type Push, samplesOf } from '../emit.ts';
import { errorMessage } from '../message.ts';
import { toSeconds } from '../time.ts';
import type { DeploymentKey } from '../verb.ts';
import type { Report } from './verdict.ts';

/** The answer of the gate as an event, so that a team sees what a gate would have refused before it may. */
export function gateEvent(
  report: Report,
  deployment: DeploymentKey,
  { shadow, atMs, env }: { readonly shadow: boolean; readonly atMs: number; readonly env: NodeJS.ProcessEnv },
): Push {
  const group = { ...deployment, gate: report.question };
  const emit = samplesOf(group);
  const decisive = report.checks.filter(({ verdict }) => verdict === report.verdict);
  return {
    method: 'PUT',
    group,
    samples: [
      emit(
        'deployment_gate_verdict_code',
        {},
        gateVerdicts[shadow ? (`would_${report.verdict}` as const) : report.verdict],
      ),
      emit('deployment_gate_asked_timestamp_seconds', {}, toSeconds(atMs)),
      emit(
        'deployment_gate_info',
        {
          checks: decisive.map(({ name }) => name).join(', '),
          message: errorMessage(decisive.map(({ found }) => found).join('; '), env),
        },
        1,
      ),
    ],
    what: `the answer of the gate (${report.verdict}${shadow ? ', shadow' : ''})`,
  };
}
