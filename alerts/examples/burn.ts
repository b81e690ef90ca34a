import { constantly, type Examples, series } from '../../src/alerts/index.ts';
import type { SloWindow } from '../../src/metrics/index.ts';
import type { Targets } from '../../src/pipeline/index.ts';
import { deployment, failedStage } from '../../src/simulator/index.ts';
import { causes } from '../../src/slo/index.ts';
import { says } from './says.ts';

const ended = (id: string, started: number, ok: boolean) =>
  deployment({
    id,
    started,
    finished: started + 180,
    reported: ok ? 'success' : 'failure',
    stages: ok ? [] : [failedStage('api', 'build', started + 10, started + 170)],
  });

const named = (bad: number): string[] => Array.from({ length: bad }, (_, i) => `100${i + 1}`);

/** The ledger's series for so many bad deployments. */
const blaming = (bad: number) =>
  named(bad).flatMap((deployment_id, i) =>
    Object.values(causes).map((cause) =>
      series(
        'culprit_deployment_slo:finished_timestamp_seconds:max',
        { environment: 'production', deployment_id, slo: 'deployment-reliability', cause },
        constantly(60 * i, 10),
      ),
    ),
  );

/** Burn rates by window, and how many deployments went wrong in each long window. */
const rates4 = (rates: Partial<Record<SloWindow, number>>, bad: number) => {
  const slo = { environment: 'production', slo: 'deployment-reliability' } as const;
  return Object.entries(rates)
    .flatMap(([window, rate]) => [
      series(
        'environment_slo:burn_rate:ratio',
        { ...slo, window: window as SloWindow },
        constantly(rate, 10),
      ),
      series(
        'environment_slo:bad_deployments:count',
        { ...slo, window: window as SloWindow },
        constantly(bad, 10),
      ),
    ])
    .concat(blaming(bad));
};

type Words = (names: string) => string;
const fast: Words = (names) =>
  `One deployment after the other fails; in the last 6h: ${names}. At this rate a month's budget is gone within hours.`;
const slow: Words = (names) =>
  `Now and then something goes wrong, in the last 3d with ${names}, and it adds up: the month's budget will not last.`;

const burns = (rate: string, words: Words, deployments: readonly string[]) =>
  says(
    { slo: 'deployment-reliability' },
    `The error budget of deployment-reliability in production burns ${rate} times faster than allowed`,
    words(deployments.join(', ')),
    deployments,
  );

/** How many times faster than allowed it burns when this share fails. */
const burning = (share: number, { deployments: { objective } }: Targets): string =>
  (share / (1 - objective)).toFixed(1);

export const errorBudgetBurnFast = (targets: Targets): Examples => ({
  fires: [
    {
      title: 'A burst: five deployments in a row fail within twenty minutes.',
      deployments: [1, 2, 3, 4, 5].map((n) => ended(`100${n}`, 300 + n * 240, false)),
      at: 1740,
      notifications: [burns(burning(1, targets), fast, named(5))],
    },
    {
      title: 'Over one hour a little faster than 14.4 times.',
      series: rates4({ '1h': 15, '15m': 15, '6h': 5.5, '30m': 5.5 }, 3),
      at: 300,
      notifications: [burns('15.0', fast, named(3))],
    },
    {
      title: 'Over six hours a little faster than six times.',
      series: rates4({ '1h': 7, '15m': 7, '6h': 7, '30m': 7 }, 3),
      at: 300,
      notifications: [burns('7.0', fast, named(3))],
    },
  ],
  silent: [
    {
      title: 'One of two deployments fails: far faster than allowed, and only one event.',
      deployments: [ended('1001', 600, true), ended('1002', 900, false)],
      at: 1200,
    },
    {
      title: 'Both long windows burn a little too slowly.',
      series: rates4({ '1h': 13, '15m': 20, '6h': 5.5, '30m': 20 }, 3),
      at: 300,
    },
    {
      title: 'Both short windows burn a little too slowly: it is over.',
      series: rates4({ '1h': 20, '15m': 13, '6h': 20, '30m': 5.5 }, 3),
      at: 300,
    },
    {
      title: 'Everything burns, and only two deployments went wrong.',
      series: rates4({ '1h': 20, '15m': 20, '6h': 20, '30m': 20 }, 2),
      at: 300,
    },
  ],
});

/** A deployment every twenty minutes, of which these fail. */
const leaking = (failing: readonly number[]) =>
  Array.from({ length: 24 }, (_, i) => ended(String(100 + i), 1200 * i + 600, !failing.includes(i)));

export const errorBudgetBurnSlow = (targets: Targets): Examples => ({
  step: 1200,
  fires: [
    {
      title: 'A slow leak: two of the twenty-four deployments of a working day fail, the second one lately.',
      deployments: leaking([3, 22]),
      at: 24 * 1200,
      notifications: [burns(burning(2 / 24, targets), slow, ['103', '122'])],
    },
    {
      title: 'Over a day a little faster than three times.',
      step: 60,
      series: rates4({ '1d': 3.5, '2h': 3.5, '3d': 0.5, '6h': 0.5 }, 2),
      at: 300,
      notifications: [burns('3.5', slow, named(2))],
    },
    {
      title: 'Over three days a little faster than allowed.',
      step: 60,
      series: rates4({ '1d': 1.5, '2h': 1.5, '3d': 1.5, '6h': 1.5 }, 2),
      at: 300,
      notifications: [burns('1.5', slow, named(2))],
    },
  ],
  silent: [
    {
      title: 'One of the twenty-four fails.',
      deployments: leaking([22]),
      at: 24 * 1200,
    },
    {
      title: 'Both long windows burn a little too slowly.',
      step: 60,
      series: rates4({ '1d': 2.5, '2h': 20, '3d': 0.5, '6h': 20 }, 2),
      at: 300,
    },
    {
      title: 'Both short windows burn a little too slowly: it is over.',
      step: 60,
      series: rates4({ '1d': 20, '2h': 2.5, '3d': 20, '6h': 0.5 }, 2),
      at: 300,
    },
    {
      title: 'Everything burns, and only one deployment went wrong.',
      step: 60,
      series: rates4({ '1d': 20, '2h': 20, '3d': 20, '6h': 20 }, 1),
      at: 300,
    },
  ],
});
