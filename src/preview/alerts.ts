import { parse } from 'yaml';
import type { RuleFile } from '../demo/index.ts';
import { liveGroup } from '../ledger/index.ts';
import { durationSeconds } from '../lib/duration.ts';
import type { Prometheus } from '../lib/prometheus.ts';
import { staleMarker, type WrittenSeries } from '../lib/remote-write.ts';
import {
  exposedHistory,
  firingsOf,
  type History,
  type Past,
  type RecordedRule,
  remoteWrite,
  samplesOf,
  scraped,
} from '../simulator/index.ts';

interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const alertingRules = (files: readonly RuleFile[]): AlertingRule[] =>
  files.flatMap(({ text }) =>
    ((parse(text) as { groups?: { rules?: Partial<AlertingRule>[] }[] }).groups ?? [])
      .flatMap(({ rules = [] }) => rules)
      .filter((rule): rule is AlertingRule => rule.alert !== undefined),
  );

/** Series of the moment that alerts read; facts and indicators are there already. */
const isOfTheMoment = ({ group }: RecordedRule): boolean => group === liveGroup.name;

/** Alerts about the machinery would complain that nothing is evaluated here. */
const isAboutDeployments = (labels: Readonly<Record<string, string>>): boolean => 'environment' in labels;

/** Where a series has a gap, a marker says that it was gone: else it would seem to go on for five minutes. */
const marked = ({ labels, points }: WrittenSeries, { end, step }: Past): WrittenSeries => ({
  labels,
  points: points.flatMap(([time, value], i): [number, number][] => {
    const ends = (points[i + 1]?.[0] ?? Number.POSITIVE_INFINITY) > time + step && time + step <= end;
    return ends
      ? [
          [time, value],
          [time + step, staleMarker],
        ]
      : [[time, value]];
  }),
});

/** The series `ALERTS` of one alert, as Prometheus writes it while the alert fires. */
async function firing(prometheus: Prometheus, rule: AlertingRule, past: Past): Promise<WrittenSeries[]> {
  const hold = {
    for: durationSeconds(rule.for ?? '0s') ?? 0,
    keepFiringFor: durationSeconds(rule.keep_firing_for ?? '0s') ?? 0,
  };
  const found = await prometheus.queryRange(rule.expr, past.start, past.end, past.step);
  return found.flatMap(({ labels: { __name__, ...labels }, points }) =>
    firingsOf(
      points.map(([time]) => time),
      past.step,
      hold,
      { ...labels, ...rule.labels },
    )
      .filter((one) => isAboutDeployments(one.labels))
      .map(({ labels: own, from, to }): WrittenSeries => {
        const fired: [number, number][] = [];
        for (let time = from; time <= Math.min(to, past.end); time += past.step) fired.push([time, 1]);
        const all = { __name__: 'ALERTS', alertname: rule.alert, alertstate: 'firing', ...own };
        return marked({ labels: all, points: fired }, past);
      }),
  );
}

/**
 * Writes which alerts fired in the last hours, as a server would have evaluated them: what the gateway exposed is
 * scraped again and more finely, the rules about the moment are evaluated at each scrape, and the alerts after them.
 * @param past at moments at which nothing else is written, because no sample may be written twice
 */
export async function writeAlerts(
  prometheus: Prometheus,
  url: string,
  history: History,
  { rules, files }: { readonly rules: readonly RecordedRule[]; readonly files: readonly RuleFile[] },
  past: Past,
): Promise<void> {
  const recent = history.deployments.filter(({ started }) => started > past.start - 3 * 3_600);
  const times = { from: past.start, to: past.end, interval: past.step };
  for await (const { lives } of exposedHistory({ ...history, deployments: recent }))
    await remoteWrite(
      url,
      scraped(lives.flat(), times).map((series) => marked(samplesOf(series, past), past)),
    );
  for (const rule of rules.filter(isOfTheMoment)) {
    const found = await prometheus.queryRange(rule.expr, past.start, past.end, past.step);
    await remoteWrite(
      url,
      found.map(({ labels, points }) =>
        marked({ labels: { ...labels, ...rule.labels, __name__: rule.record }, points }, past),
      ),
    );
  }
  for (const alert of alertingRules(files)) await remoteWrite(url, await firing(prometheus, alert, past));
}
