import { objectives } from '../slo/index.ts';
import { snapshotAt, snapshotIn } from '../src/compile/index.ts';
import { differences } from '../src/diff/index.ts';
import { parseCommand } from '../src/lib/args.ts';
import { runMain } from '../src/lib/errors.ts';
import { loadPipeline } from '../src/pipeline/index.ts';
import { carry } from '../src/record/index.ts';
import { checkPictures, compareWithBase, takeCurrent } from '../src/review/index.ts';

const spec = {
  name: 'screenshots',
  summary: 'Takes a picture of every dashboard and of every panel, without a Grafana.',
  options: {
    out: { value: 'DIR', help: 'where to write the pictures', default: 'screenshots' },
    base: { value: 'REF', help: 'compare with the dashboards of this commit: before, after and report.html' },
    check: { help: 'take none: fail when the pictures in --out are not those of today' },
    theme: { value: 'THEME', help: 'dark or light', default: 'dark' },
    width: { value: 'PIXELS', help: 'width of the page', default: '1600' },
    scale: { value: 'NUMBER', help: 'device pixels for each pixel of the page', default: '1' },
    prometheus: { value: 'URL', help: 'live data from this Prometheus; without it, the recording' },
    at: { value: 'TIME', help: 'with --prometheus: what counts as now (Unix seconds or an ISO date)' },
    recording: {
      value: 'FILE',
      help: 'the recording to use (default preview/fixture.json beside the pipeline file)',
    },
    dashboards: {
      value: 'DIR',
      help: 'the dashboards (default those in generated/ beside the pipeline file)',
    },
  },
  footer: [
    'Writes DIR/<uid>.png and DIR/<uid>/<panel id>-<title>.png; the same input gives the same bytes.',
    'With --base: DIR/before, DIR/after, DIR/compare and DIR/report.html, one file with everything inside.',
    'Needs Chromium: on the PATH, or named by CHROMIUM_BIN.',
    'Exits 0; 1 when something failed, or when --check finds pictures that are out of date.',
  ].join('\n'),
} as const;

await runMain(async () => {
  const { values } = parseCommand(spec);
  const loaded = await loadPipeline(values.pipeline);
  // A simulation is recorded by the recorder, which has its pipeline from here.
  carry(loaded.pipeline);
  const options = { ...values, loaded };
  if (values.check) return await checkPictures(options);
  return values.base === undefined
    ? await takeCurrent(options)
    : await compareWithBase(
        options,
        values.base,
        differences(snapshotAt(values.base), snapshotIn(loaded.generated), objectives(loaded.pipeline)),
      );
});
