/** The budgets, measured. */

export { benchmarks } from './benchmarks.ts';
export { asJson, type Benchmark, type BenchOptions, cells, header, keeps, type Measured } from './line.ts';
export { scales } from './prometheus.ts';
export { validateMany } from './validation.ts';
