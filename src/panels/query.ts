/** A request to Prometheus. Times and steps are Unix seconds. */
export type QueryRequest =
  | { readonly kind: 'instant'; readonly expr: string; readonly time: number }
  | {
      readonly kind: 'range';
      readonly expr: string;
      readonly start: number;
      readonly end: number;
      readonly step: number;
    }
  | {
      readonly kind: 'labelValues';
      readonly label: string;
      readonly match: string;
      readonly start: number;
      readonly end: number;
    };

export type Labels = Readonly<Record<string, string>>;

/** One series of a range: a value for every step, null where there is none. */
export interface RangeSeries {
  readonly labels: Labels;
  readonly values: readonly (number | null)[];
}

/** Prometheus' answer. */
export type QueryResult =
  | { readonly kind: 'instant'; readonly samples: readonly { labels: Labels; value: number }[] }
  | {
      readonly kind: 'range';
      readonly start: number;
      readonly step: number;
      readonly series: readonly RangeSeries[];
    }
  | { readonly kind: 'labelValues'; readonly values: readonly string[] };

/** An answer, or in words why there is none. */
export type Answer =
  | { readonly ok: true; readonly result: QueryResult }
  | { readonly ok: false; readonly error: string };

/** Asks for one result; never throws, so that one broken query does not take the page with it. */
export type Ask = (request: QueryRequest) => Promise<Answer>;

/** The same text for the same question, in any order of its properties. */
export function requestKey(request: QueryRequest): string {
  switch (request.kind) {
    case 'instant':
      return JSON.stringify(['instant', request.expr, request.time]);
    case 'range':
      return JSON.stringify(['range', request.expr, request.start, request.end, request.step]);
    case 'labelValues':
      return JSON.stringify(['labelValues', request.label, request.match, request.start, request.end]);
  }
}

/** A number in JSON, which knows neither NaN nor infinities. */
export type WireNumber = number | 'NaN' | '+Inf' | '-Inf';

export function encodeNumber(value: number): WireNumber {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : value;
}

export function decodeNumber(value: WireNumber): number {
  if (typeof value === 'number') return value;
  if (value === '+Inf') return Number.POSITIVE_INFINITY;
  return value === '-Inf' ? Number.NEGATIVE_INFINITY : Number.NaN;
}

/** Runs of the same value are written as `[value, count]`: facts that exist for minutes are mostly gaps. */
export type WireValues = readonly (WireNumber | null | readonly [WireNumber | null, number])[];

export function encodeValues(values: readonly (number | null)[]): WireValues {
  const runs: [WireNumber | null, number][] = [];
  for (const value of values) {
    const wire = value === null ? null : encodeNumber(value);
    const last = runs.at(-1);
    if (last && last[0] === wire) last[1] += 1;
    else runs.push([wire, 1]);
  }
  return runs.flatMap(([value, count]) => (count > 2 ? [[value, count] as const] : Array(count).fill(value)));
}

export function decodeValues(wire: WireValues): (number | null)[] {
  return wire.flatMap((item) => {
    const [value, count] = Array.isArray(item) ? (item as [WireNumber | null, number]) : [item, 1];
    const number = value === null ? null : decodeNumber(value as WireNumber);
    return Array<number | null>(count).fill(number);
  });
}

/** A result as it travels to the page and lies in a recording. */
export type WireResult =
  | { readonly samples: readonly (readonly [Labels, WireNumber])[] }
  | {
      readonly start: number;
      readonly step: number;
      readonly series: readonly (readonly [Labels, WireValues])[];
    }
  | { readonly values: readonly string[] };

export function encodeResult(result: QueryResult): WireResult {
  switch (result.kind) {
    case 'instant':
      return { samples: result.samples.map((s) => [s.labels, encodeNumber(s.value)]) };
    case 'range':
      return {
        start: result.start,
        step: result.step,
        series: result.series.map((s) => [s.labels, encodeValues(s.values)]),
      };
    case 'labelValues':
      return { values: result.values };
  }
}

export function decodeResult(wire: WireResult): QueryResult {
  if ('samples' in wire)
    return {
      kind: 'instant',
      samples: wire.samples.map(([labels, v]) => ({ labels, value: decodeNumber(v) })),
    };
  if ('series' in wire)
    return {
      kind: 'range',
      start: wire.start,
      step: wire.step,
      series: wire.series.map(([labels, values]) => ({ labels, values: decodeValues(values) })),
    };
  return { kind: 'labelValues', values: wire.values };
}
