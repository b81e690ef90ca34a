/** Real servers for tests, the demo and the benchmarks: found, fetched, started, ended. */

export { findProgram, obtainPrograms } from './find.ts';
export { listPrograms, obtainAll, type Row } from './list.ts';
export {
  freePort,
  prometheusConfig,
  type Rules,
  type RunningPrometheus,
  type RunningServer,
  startAlertmanager,
  startPrometheus,
  startPushgateway,
  stopAll,
} from './start.ts';
