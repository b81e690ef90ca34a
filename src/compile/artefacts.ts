import { alertmanagerFile } from './alerts/alertmanager.ts';
import { recordingTest } from './alerts/coverage.ts';
import { runbookPages } from './alerts/runbooks.ts';
import { alertTests } from './alerts/tests.ts';
import type { Bundle } from './bundle.ts';
import { checksPage } from './docs/checks.ts';
import { dashboardsPage } from './docs/dashboards.ts';
import { metricsPage } from './docs/metrics.ts';
import { slosPage } from './docs/slos.ts';
import { imageHash } from './image.ts';
import { manifest } from './manifest.ts';
import { openSloFiles } from './openslo.ts';
import { bundleRecorder } from './recorder.ts';
import { bundleInfoFile, ruleFileText } from './rules.ts';

/** Files by their path below `generated/`, with forward slashes. */
export type Artefacts = ReadonlyMap<string, string>;

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** One renderer for each kind of artefact; each gives files by path. */
const renderers: readonly ((bundle: Bundle) => Record<string, string> | Promise<Record<string, string>>)[] = [
  (bundle) =>
    Object.fromEntries(
      bundle.dashboards.map((d) => [`grafana/dashboards/${d.definition.uid}.json`, json(d.json)]),
    ),
  (bundle) =>
    Object.fromEntries(
      Object.entries(bundle.ruleFiles).map(([name, groups]) => [
        `prometheus/rules/${name}.yml`,
        ruleFileText(groups),
      ]),
    ),
  (bundle) => ({ 'docs/dashboards.md': dashboardsPage(bundle.dashboards) }),
  () => ({ 'docs/metrics.md': metricsPage() }),
  () => ({ 'docs/checks.md': checksPage() }),
  ({ objectives }) => ({ 'docs/slos.md': slosPage(objectives) }),
  ({ objectives }) => openSloFiles(objectives),
  ({ families, ruleFiles }) => alertTests(families, ruleFiles),
  ({ ruleFiles }) => recordingTest(ruleFiles),
  ({ families }) => runbookPages(families),
  ({ families }) => alertmanagerFile(families),
  bundleRecorder,
];

/**
 * Everything below `generated/`: the same bytes for the same definitions, on any machine. Last the manifest, and the
 * rule that shows a server's version of the bundle, which cannot be part of what it is the version of.
 */
export async function renderArtefacts(bundle: Bundle): Promise<Artefacts> {
  const parts = await Promise.all(renderers.map((render) => render(bundle)));
  const files = parts.flatMap((part) => Object.entries(part)).sort(([a], [b]) => (a < b ? -1 : 1));
  const index = manifest(bundle.pipeline.name, files, imageHash());
  return new Map([
    ...files,
    ['prometheus/rules/bundle.yml', bundleInfoFile(index)],
    ['manifest.json', json(index)],
  ]);
}
