import { buildBenchmark } from './build.ts';
import { importBenchmark } from './import.ts';
import type { Benchmark } from './line.ts';
import { prometheusBenchmark, troubleshootingBenchmark } from './prometheus.ts';
import { proofBenchmark } from './proof.ts';
import { recorderBenchmark } from './recorder.ts';
import { transportBenchmark } from './transport.ts';
import { validationBenchmark } from './validation.ts';

/** Every benchmark; one more is one line. */
export const benchmarks: readonly Benchmark[] = [
  buildBenchmark,
  validationBenchmark,
  recorderBenchmark,
  transportBenchmark,
  prometheusBenchmark,
  troubleshootingBenchmark,
  proofBenchmark,
  importBenchmark,
];
