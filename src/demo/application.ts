import { createServer } from 'node:http';
import { random } from '../simulator/index.ts';
import { close, listen, type Receiver } from './notifications.ts';

/** Buckets of durations in seconds; those of milliseconds are a thousand times as much. */
const bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;
const endpoints = ['/api/v1/knowledge', '/api/v1/notes', '/beta'] as const;
const external = ['supabase', 'embeddings'] as const;

class Histogram {
  readonly #counts = bounds.map(() => 0);
  #sum = 0;
  #count = 0;

  observe(seconds: number): void {
    bounds.forEach((bound, i) => {
      if (seconds <= bound) this.#counts[i]! += 1;
    });
    this.#sum += seconds;
    this.#count += 1;
  }

  lines(name: string, labels: string, scale = 1): string[] {
    const bucket = (le: string, count: number): string => `${name}_bucket{${labels},le="${le}"} ${count}`;
    return [
      ...bounds.map((bound, i) => bucket(String(bound * scale), this.#counts[i]!)),
      bucket('+Inf', this.#count),
      `${name}_sum{${labels}} ${this.#sum * scale}`,
      `${name}_count{${labels}} ${this.#count}`,
    ];
  }
}

/** Counters and histograms by the text of their labels. */
class Series<T> {
  readonly #all = new Map<string, T>();
  constructor(readonly make: () => T) {}
  of(labels: string): T {
    const found = this.#all.get(labels) ?? this.make();
    this.#all.set(labels, found);
    return found;
  }
  each(lines: (value: T, labels: string) => string[]): string[] {
    return [...this.#all]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([labels, value]) => lines(value, labels));
  }
}

/** An application that answers requests, well or badly, and says so in Prometheus' text format. */
export class Application {
  readonly #rng: ReturnType<typeof random>;
  readonly #requests = new Series(() => ({ count: 0 }));
  readonly #durations = new Series(() => new Histogram());
  readonly #calls = new Series(() => ({ count: 0 }));
  readonly #callDurations = new Series(() => new Histogram());
  readonly #memory = new Series(() => new Histogram());
  #pool = 30;

  constructor(seed: number) {
    this.#rng = random(seed).fork('application');
  }

  /** Lets it work for some seconds. @param isBad a broken version is live: slow, and full of errors */
  work(seconds: number, isBad: boolean): void {
    const rng = this.#rng;
    for (let i = 0; i < seconds * 12; i++) {
      const endpoint = rng.pick(endpoints);
      const failed = rng.chance(isBad ? 0.12 : 0.003);
      const labels = `method="GET",endpoint="${endpoint}",status_code="${failed ? 500 : 200}"`;
      this.#requests.of(labels).count += 1;
      this.#durations.of(labels).observe(rng.skewed(isBad ? 0.4 : 0.12, 0.6));
      if (rng.chance(0.5)) this.#callOut(rng.pick(external));
    }
    this.#memory.of('stage="search",status="success",user_id="1"').observe(rng.skewed(0.03, 0.5));
    this.#pool = Math.min(95, Math.max(10, this.#pool + rng.between(-2, 2) + (isBad ? 1 : 0)));
  }

  #callOut(service: string): void {
    const labels = `service="${service}",operation="query"`;
    this.#calls.of(labels).count += 1;
    this.#callDurations.of(labels).observe(this.#rng.skewed(service === 'supabase' ? 0.03 : 0.2, 0.5));
  }

  /** Everything in Prometheus' text format. */
  text(): string {
    const count = (name: string) => (value: { count: number }, labels: string) => [
      `${name}{${labels}} ${value.count}`,
    ];
    return [
      '# TYPE http_requests_total counter',
      ...this.#requests.each(count('http_requests_total')),
      '# TYPE http_request_duration_seconds histogram',
      ...this.#durations.each((h, labels) => h.lines('http_request_duration_seconds', labels)),
      '# TYPE external_api_calls_total counter',
      ...this.#calls.each(count('external_api_calls_total')),
      '# TYPE external_api_duration_seconds histogram',
      ...this.#callDurations.each((h, labels) => h.lines('external_api_duration_seconds', labels)),
      '# TYPE memory_query_latency_ms histogram',
      ...this.#memory.each((h, labels) => h.lines('memory_query_latency_ms', labels, 1000)),
      '# TYPE database_pool_utilization_percent gauge',
      `database_pool_utilization_percent{pool="main"} ${this.#pool.toFixed(1)}`,
      '',
    ].join('\n');
  }
}

/**
 * Serves the application's metrics and lets it work, a second at a time.
 * @param inWords calls the metrics as the pipeline does
 */
export async function startApplication(
  seed: number,
  isBad: () => boolean,
  inWords: (text: string) => string = (text) => text,
): Promise<Receiver> {
  const application = new Application(seed);
  application.work(1, false);
  const timer = setInterval(() => application.work(1, isBad()), 1000);
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(inWords(application.text()));
  });
  const url = await listen(server);
  return {
    url,
    close: async () => {
      clearInterval(timer);
      await close(server);
    },
  };
}
