/** The server behind `preview/`: dashboards in a browser without Grafana. */

export { type Bundle, bundlePage } from './bundle.ts';
export { openPreview, recordPreview, showPreview } from './commands.ts';
export { dashboardsIn, readDashboard, readDashboards } from './dashboards.ts';
export { ensureInstalled, previewFolder } from './install.ts';
export { prometheusAt, sourceFrom } from './options.ts';
export { pictureLook, pictureName, picturesIn, stalePictureFindings } from './pictures.ts';
export { missingFrom } from './record.ts';
export {
  parseRecording,
  type RecordedView,
  type Recording,
  readRecording,
  recordingBeside,
} from './recording.ts';
export { startServer } from './server.ts';
export { startSimulation } from './simulation.ts';
export { recordedSource, type Source } from './source.ts';
export { inputHashes, type Stamps, sha256, staleOf, stalePictures, stampName, stampsIn } from './stamp.ts';
