import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { definePipeline } from '../../src/pipeline/index.ts';
import { carry } from '../../src/record/index.ts';
import { doomedGroups, finishedForMs } from '../../src/record/sweep.ts';
import { pipeline } from '../relay.ts';
import { jobEnv, pushes, record } from './helpers.ts';

beforeEach(() =>
  carry(
    definePipeline({
      name: 'Shop',
      environments: { live: { kind: 'production' } },
      services: { shop: {} },
      stages: { apply: { kind: 'deploy' } },
      grafana: 'https://grafana.example',
      metrics: {
        shop_image_bytes: {
          unit: 'bytes',
          help: 'Size of the image.',
          labels: { service: ['shop', 'cart'], platform: 'open' },
        },
        shop_coverage_ratio: { unit: 'ratio', help: 'Share of lines that tests reach.' },
      },
    }),
  ),
);
afterEach(() => carry(pipeline));

const image = (...rest: string[]): string[] => ['metric', '--name', 'shop_image_bytes', '--value', ...rest];
const warningsOf = async (argv: readonly string[]): Promise<readonly string[]> =>
  (await record([...argv, '--dry-run'], jobEnv())).warnings;

describe('a metric of the pipeline file', () => {
  it('has a group for each set of its labels, under its own name', async () => {
    const [push] = await pushes(
      image('1.5e8', '--label', 'platform=linux/amd64', '--label', 'service=shop'),
      jobEnv(),
    );
    expect(push).toMatchObject({
      method: 'PUT',
      group: {
        environment: 'live',
        metric: 'shop_image_bytes',
        service: 'shop',
        platform: 'linux/amd64',
      },
      samples: [{ metric: 'shop_image_bytes', labels: {}, value: 1.5e8 }],
    });
  });

  it('is printed with its help and type', async () => {
    const { stdout } = await record(
      ['metric', '--name', 'shop_coverage_ratio', '--value', '0.81', '--dry-run'],
      jobEnv(),
    );
    expect(stdout).toContain('/metric/shop_coverage_ratio\n');
    expect(stdout).toContain('# HELP shop_coverage_ratio Share of lines that tests reach.');
    expect(stdout).toContain('# TYPE shop_coverage_ratio gauge\nshop_coverage_ratio 0.81');
  });

  it.each([
    [
      ['metric', '--name', 'shop_imagebytes', '--value', '1'],
      /no metric "shop_imagebytes"\. Did you mean shop_image_bytes\?/,
    ],
    [
      ['metric', '--name', 'x', '--value', '1'],
      /It has shop_image_bytes, shop_coverage_ratio\. Add it to metrics in pipeline\.config\.ts/,
    ],
    [image('1', '--label', 'service=shop'), /needs --label platform=VALUE/],
    [image('1', '--label', 'service', '--label', 'platform=a'), /--label "service" is not NAME=VALUE/],
    [
      image('1', '--label', 'service=shop', '--label', 'platform=a', '--label', 'zone=b'),
      /has no label "zone"\. It has service, platform/,
    ],
    [
      image('1', '--label', 'service=shop', '--label', 'platform=a', '--label', 'service=cart'),
      /--label service is given twice/,
    ],
    [image('many', '--label', 'service=shop', '--label', 'platform=a'), /--value/],
  ])('is refused when the file says otherwise: %j', async (argv, problem) => {
    expect((await warningsOf(argv)).join('\n')).toMatch(problem);
    expect(await pushes(argv, jobEnv())).toEqual([]);
  });

  it('keeps a value of a label that the file does not list, and says so', async () => {
    const argv = image('1', '--label', 'service=search', '--label', 'platform=a');
    expect((await pushes(argv, jobEnv()))[0]?.group.service).toBe('search');
    expect(await warningsOf(argv)).toEqual([expect.stringContaining('The service "search"')]);
  });

  it('is removed from the gateway with its deployment', () => {
    const own = { job: 'deployment-pipeline', environment: 'live', deployment_id: '1' };
    const at = (seconds: number) => ({ metrics: [{ value: String(seconds) }] });
    const doomed = doomedGroups(
      [
        { labels: own, push_time_seconds: at(10), deployment_finished_timestamp_seconds: at(10) },
        { labels: { ...own, metric: 'shop_image_bytes', service: 'shop' }, push_time_seconds: at(20) },
        { labels: { ...own, zone: 'eu' }, push_time_seconds: at(20) },
      ],
      finishedForMs + 30_000,
      finishedForMs,
    );
    const { job: _, ...group } = own;
    expect(doomed.flatMap(({ groups }) => groups)).toEqual([
      { ...group, metric: 'shop_image_bytes', service: 'shop' },
      group,
    ]);
  });
});
