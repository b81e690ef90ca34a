/** Does telemetry flow, and if not, why. */

export { reportText } from './render.ts';
export { examine } from './run.ts';
