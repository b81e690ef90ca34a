import { Prometheus } from '../../lib/prometheus.ts';
import { say } from '../../lib/terminal.ts';
import { counted } from '../../lib/words.ts';
import { type Ask, asking } from '../../panels/index.ts';
import type { Loaded } from '../../pipeline/index.ts';
import { missingFrom, startSimulation } from '../../preview/index.ts';
import { findProgram } from '../../servers/index.ts';
import type { Subject } from './settings.ts';

/** Answers to queries that are in no recording, because their panel is new. */
export interface Simulation {
  readonly ask: Ask;
  readonly stop: () => Promise<void>;
}

/** One week of the simulation is as fine as graphs draw it: enough for what is looked at first, and a third of the time. */
const weeks = 1;

const start = async (loaded: Loaded): Promise<Simulation> => {
  const { url, stop } = await startSimulation(loaded, weeks);
  return { ask: asking(new Prometheus(url)), stop };
};

/**
 * A simulation for what the recording does not hold, where it lacks anything; without a Prometheus on this machine, a note.
 * @param begin starts it
 */
export async function simulationFor(
  { recording, dashboards }: Pick<Subject, 'recording' | 'dashboards'>,
  loaded: Loaded,
  begin: (loaded: Loaded) => Promise<Simulation> = start,
  hasPrometheus: () => boolean = () => findProgram('prometheus') !== undefined,
): Promise<{ readonly simulation?: Simulation; readonly notes: readonly string[] }> {
  const missing = recording ? await missingFrom(recording, dashboards) : [];
  if (missing.length === 0) return { notes: [] };
  const places = `${counted(missing.length, 'place')} whose query the recording does not hold`;
  if (!hasPrometheus())
    return {
      notes: [`${places}: there is no Prometheus to simulate them (npm run servers -- --fetch).`],
    };
  say(`Simulating deployments for ${places} …`);
  return {
    simulation: await begin(loaded),
    notes: [
      `${places}: they show a simulation that was made for this report; the next recording holds them.`,
    ],
  };
}
