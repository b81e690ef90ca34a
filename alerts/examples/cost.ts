import type { Examples } from '../../src/alerts/index.ts';
import { deployment } from '../../src/simulator/index.ts';
import { says } from './says.ts';

/** Deployments for ten cents each (ten of them), and then one that costs so much and finishes at 1350. */
const costing = (usd: number, { usual = 0.1, before = 10 } = {}) =>
  Array.from({ length: before + 1 }, (_, i) => {
    const finished = 1350 - (before - i) * 120;
    return deployment({
      id: String(100 + i),
      started: finished - 90,
      finished,
      costs: [{ resource: 'railway_compute', time: finished, usd: i === before ? usd : usual }],
    });
  });

const farMore = (id: string, usd: string) =>
  says(
    { deployment_id: id },
    `Deployment ${id} to production cost ${usd} USD, far more than usual`,
    `By resource: railway_compute ${usd} USD. Version 2.0.0 from main by ada.`,
  );

export const deploymentCostUnusual: Examples = {
  fires: [
    {
      title: 'After ten deployments for ten cents each, one costs a dollar.',
      deployments: costing(1),
      at: 1440,
      notifications: [farMore('110', '1.00')],
    },
    {
      title: 'One costs a little more than three times the average, its own price included.',
      deployments: costing(0.45),
      at: 1440,
      notifications: [farMore('110', '0.45')],
    },
    {
      title: 'After ten deployments for a cent each, one costs a little more than ten cents more.',
      deployments: costing(0.13, { usual: 0.01 }),
      at: 1440,
      notifications: [farMore('110', '0.13')],
    },
    {
      title: 'What is usual is known from ten deployments on, itself included.',
      deployments: costing(1, { before: 9 }),
      at: 1440,
      notifications: [farMore('109', '1.00')],
    },
    {
      title: 'It finished more than a quarter of an hour ago, and was told of until just now.',
      deployments: costing(1),
      at: 1350 + 1110,
      notifications: [farMore('110', '1.00')],
    },
  ],
  silent: [
    {
      title: 'After ten deployments for ten cents each, one costs twenty-five.',
      deployments: costing(0.25),
      at: 1440,
    },
    {
      title:
        'After ten deployments for a cent each, one costs eleven: not yet ten cents more than the average.',
      deployments: costing(0.11, { usual: 0.01 }),
      at: 1440,
    },
    {
      title: 'After eight deployments what is usual is not known.',
      deployments: costing(1, { before: 8 }),
      at: 1440,
    },
  ],
  over: [
    {
      title: 'It finished twenty minutes ago.',
      deployments: costing(1),
      at: 1350 + 900 + 300 + 30,
    },
  ],
};
