import { wordsOf } from '../metrics/index.ts';
import { carry } from '../record/index.ts';
import { alertmanagerFile } from './alerts/alertmanager.ts';
import { recordingTest } from './alerts/coverage.ts';
import { runbookPages } from './alerts/runbooks.ts';
import { alertTests } from './alerts/tests.ts';
import type { Bundle } from './bundle.ts';
import { checksPage } from './docs/checks.ts';
import { dashboardsPage } from './docs/dashboards.ts';
import { metricsPage } from './docs/metrics.ts';
import { slosPage } from './docs/slos.ts';
import { applicationScrape, imageHash } from './image.ts';
import { manifest } from './manifest.ts';
import { openSloFiles } from './openslo.ts';
import { bundleRecorder } from './recorder.ts';
import { bundleInfoFile, ruleFileText } from './rules.ts';

/** Files by their path below `generated/`, with forward slashes. */
export type Artefacts = ReadonlyMap<string, string>;

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

type Renderer = (bundle: Bundle) => Record<string, string> | Promise<Record<string, string>>;

/** The tests for promtool, made from the examples. */
const tests: readonly Renderer[] = [
  ({ families, ruleFiles }) => alertTests(families, ruleFiles),
  ({ ruleFiles, pipeline }) => recordingTest(ruleFiles, pipeline),
];

/** One renderer for each kind of artefact; each gives files by path. */
const renderers: readonly Renderer[] = [
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
  (bundle) => ({ 'docs/metrics.md': metricsPage(bundle) }),
  () => ({ 'docs/checks.md': checksPage() }),
  ({ objectives }) => ({ 'docs/slos.md': slosPage(objectives) }),
  ({ objectives }) => openSloFiles(objectives),
  ({ families, pipeline }) => runbookPages(families, pipeline),
  ({ families, pipeline }) => alertmanagerFile(families, pipeline),
  ({ pipeline }) => applicationScrape(pipeline),
  ({ pipeline }) => bundleRecorder(pipeline),
];

/**
 * Everything below `generated/`: the same bytes for the same definitions, on any machine. Last the manifest, and the
 * rule that shows a server's version of the bundle, which cannot be part of what it is the version of.
 */
export async function renderArtefacts(
  bundle: Bundle,
  { examples = true }: { readonly examples?: boolean } = {},
): Promise<Artefacts> {
  // The examples are recorded by the real recorder.
  carry(bundle.pipeline);
  const wanted = examples ? [...renderers, ...tests] : renderers;
  const parts = await Promise.all(wanted.map((render) => render(bundle)));
  const inWords = wordsOf(bundle.pipeline);
  const files = parts
    .flatMap((part) => Object.entries(part))
    .map(([path, text]) => [path, inWords(text)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const index = manifest(bundle.pipeline.name, files, imageHash(bundle.pipeline));
  return new Map([
    ...files,
    ['prometheus/rules/bundle.yml', bundleInfoFile(index)],
    ['manifest.json', json(index)],
  ]);
}
