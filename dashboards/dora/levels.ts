import { colour, graded } from '../../src/dashboards/index.ts';

const hour = 3_600;
const day = 24 * hour;

/**
 * Levels of performance as the Accelerate State of DevOps Report of 2023 found them: green is its elite and high
 * level, yellow its medium one, red the rest.
 */
export const levels = {
  /** Deployments a day: at least one a week; at least one a month. */
  frequency: graded(0, colour.bad, [1 / 30, colour.warning], [1 / 7, colour.good]),
  /** Seconds: under a week; under a month. */
  leadTime: graded(0, colour.good, [7 * day, colour.warning], [30 * day, colour.bad]),
  /** Share of deployments: at most 10 %; at most 15 %. */
  changeFailRate: graded(0, colour.good, [0.1, colour.warning], [0.15, colour.bad]),
  /** Seconds: under a day; under a week. */
  recoveryTime: graded(0, colour.good, [day, colour.warning], [7 * day, colour.bad]),
} as const;
