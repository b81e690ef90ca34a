import { parseCommand } from '../src/lib/args.ts';
import { runMain } from '../src/lib/errors.ts';
import { loadPipeline } from '../src/pipeline/index.ts';
import { updatePictures } from '../src/review/index.ts';

const spec = {
  name: 'pictures',
  summary: 'Takes the pictures of the dashboards that the README and the docs show, on simulated data.',
  options: {},
  footer:
    'Takes those that are out of date, as the build warns. Needs Chromium, as "npm run screenshots" does.',
} as const;

await runMain(async () => {
  await updatePictures(await loadPipeline(parseCommand(spec).values.pipeline));
  return 0;
});
