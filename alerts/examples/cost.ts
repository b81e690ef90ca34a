import type { Examples } from '../../src/alerts/index.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import { deployment } from '../../src/simulator/index.ts';
import { says } from './says.ts';

/** Deployments for ten cents each (ten of them), and then one that costs so much and finishes at 1350. @param unit what a dollar is */
const costing = (usd: number, { usual = 0.1, before = 10, unit = 1 } = {}) =>
  Array.from({ length: before + 1 }, (_, i) => {
    const finished = 1350 - (before - i) * 120;
    return deployment({
      id: String(100 + i),
      started: finished - 90,
      finished,
      costs: [
        {
          resource: 'railway_compute',
          time: finished,
          usd: Number((unit * (i === before ? usd : usual)).toFixed(6)),
        },
      ],
    });
  });

const farMore = (id: string, amount: number, currency: string) => {
  const usd = amount.toFixed(2);
  return says(
    { deployment_id: id },
    `Deployment ${id} to production cost ${usd} ${currency}, far more than usual`,
    `By resource: railway_compute ${usd} ${currency}. Version 2.0.0 from main by ada.`,
  );
};

export function deploymentCostUnusual({ cost: { currency }, targets }: Pipeline): Examples {
  // The examples are told for a limit of ten cents more.
  const unit = targets.cost.extra / 0.1;
  const told = (usd: number, more: { usual?: number; before?: number } = {}) =>
    costing(usd, { unit, ...more });
  const sentences = (id: string, usd: number) => farMore(id, usd * unit, currency);
  return {
    fires: [
      {
        title: 'After ten deployments for ten cents each, one costs a dollar.',
        deployments: told(1),
        at: 1440,
        notifications: [sentences('110', 1)],
      },
      {
        title: 'One costs a little more than three times the average, its own price included.',
        deployments: told(0.45),
        at: 1440,
        notifications: [sentences('110', 0.45)],
      },
      {
        title: 'After ten deployments for a cent each, one costs a little more than ten cents more.',
        deployments: told(0.13, { usual: 0.01 }),
        at: 1440,
        notifications: [sentences('110', 0.13)],
      },
      {
        title: 'What is usual is known from ten deployments on, itself included.',
        deployments: told(1, { before: 9 }),
        at: 1440,
        notifications: [sentences('109', 1)],
      },
      {
        title: 'It finished more than a quarter of an hour ago, and was told of until just now.',
        deployments: told(1),
        at: 1350 + 1110,
        notifications: [sentences('110', 1)],
      },
    ],
    silent: [
      {
        title: 'After ten deployments for ten cents each, one costs twenty-five.',
        deployments: told(0.25),
        at: 1440,
      },
      {
        title:
          'After ten deployments for a cent each, one costs eleven: not yet ten cents more than the average.',
        deployments: told(0.11, { usual: 0.01 }),
        at: 1440,
      },
      {
        title: 'After eight deployments what is usual is not known.',
        deployments: told(1, { before: 8 }),
        at: 1440,
      },
    ],
    over: [
      {
        title: 'It finished twenty minutes ago.',
        deployments: told(1),
        at: 1350 + 900 + 300 + 30,
      },
    ],
  };
}
