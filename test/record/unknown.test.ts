import { afterEach, describe, expect, it } from 'vitest';
import { definePipeline } from '../../src/pipeline/index.ts';
import { carry } from '../../src/record/index.ts';
import { pipeline } from '../relay.ts';
import { jobEnv, pushes, record } from './helpers.ts';

afterEach(() => carry(pipeline));

describe('words that the pipeline file does not know', () => {
  it.each([
    [['stage-start', '--service', 'payments', '--stage', 'build'], 'service', 'payments'],
    [['stage-start', '--service', 'api', '--stage', 'paint it black'], 'stage', 'paint_it_black'],
    [['cost', '--resource', 'x'.repeat(80), '--amount', '1'], 'resource', 'x'.repeat(64)],
    [['cost', '--resource', 'vercel_build', '--amount', '1', '--environment', 'qa'], 'environment', 'qa'],
  ])('%j is recorded under its own name', async (argv, label, value) => {
    const [push] = await pushes(argv, jobEnv());
    expect(push?.group[label]).toBe(value);
    const { code, warnings } = await record([...argv, '--dry-run', '--strict'], jobEnv());
    expect(code).toBe(0);
    expect(warnings).toEqual([expect.stringContaining('pipeline.config.ts')]);
  });

  it('of a rollback are another reason, and the info series has the word', async () => {
    const found = await pushes(['rollback', '--reason', 'deploy_failed', '--', 'true'], jobEnv());
    const samples = found.flatMap((push) => push.samples);
    const labelsOf = (metric: string) => samples.find((sample) => sample.metric === metric)?.labels;
    expect(labelsOf('deployment_rollback_total')).toMatchObject({ reason: 'other', status: 'success' });
    expect(labelsOf('deployment_rollback_info')).toMatchObject({ reason: 'deploy_failed' });
  });

  it('of a pattern of previews are one environment', async () => {
    carry(
      definePipeline({
        name: 'Shop',
        environments: { live: { kind: 'production' }, 'pr-*': { kind: 'preview' } },
        services: { shop: {} },
        stages: { apply: { kind: 'deploy' } },
        grafana: 'https://grafana.example',
      }),
    );
    const argv = ['stage-start', '--service', 'shop', '--stage', 'apply'];
    const [preview] = await pushes([...argv, '--environment', 'pr-12'], jobEnv());
    expect(preview?.group.environment).toBe('preview');
    const [usual] = await pushes(argv, jobEnv());
    expect(usual?.group.environment).toBe('live');
    const previewOf = async (...where: string[]) => {
      const [start] = await pushes(['start', '--no-sweep', ...where], jobEnv());
      return start?.samples.find(({ metric }) => metric === 'deployment_info')?.labels.preview;
    };
    expect(await previewOf('--environment', 'pr-12')).toBe('pr-12');
    expect(await previewOf()).toBe('');
  });
});
