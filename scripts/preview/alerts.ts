import { parse } from 'yaml';
import { firingsOf } from '../backtest/firings.ts';
import { type RuleFile, rulesBehind } from '../demo/rules.ts';
import { durationSeconds } from '../lib/panel-queries.ts';
import type { Prometheus } from '../lib/prometheus.ts';
import type { Backfill, Past, RecordedRule } from '../simulator/backfill.ts';
import { samplesOf } from '../simulator/past.ts';
import { exposedHistory } from '../simulator/pushes.ts';
import { gone, remoteWrite, type WrittenSeries } from '../simulator/remote-write.ts';
import { scraped } from '../simulator/scrapes.ts';
import type { History } from '../simulator/types.ts';

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

/** What alerts read of single deployments and of the application; indicators are there already. */
const isOfTheMoment = ({ group, record }: RecordedRule): boolean =>
  group === 'deployment-live' || /^deployment(_\w+)?:/.test(record) || record.startsWith('job');

/** Alerts about the machinery would complain that nothing is evaluated here. */
const isAboutDeployments = (labels: Readonly<Record<string, string>>): boolean => 'environment' in labels;

/** The series `ALERTS` of one alert, as Prometheus writes it while the alert fires. */
async function firing(prometheus: Prometheus, rule: AlertingRule, past: Past): Promise<WrittenSeries[]> {
  const hold = {
    for: durationSeconds(rule.for ?? '0s'),
    keepFiringFor: durationSeconds(rule.keep_firing_for ?? '0s'),
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
        const points: [number, number][] = [];
        for (let time = from; time <= Math.min(to, past.end); time += past.step) points.push([time, 1]);
        if (to < past.end) points.push([to + past.step, gone]);
        return {
          labels: { __name__: 'ALERTS', alertname: rule.alert, alertstate: 'firing', ...own },
          points,
        };
      }),
  );
}

/**
 * Writes which alerts fired in the last hours, as a server would have evaluated them: what the gateway exposed is
 * scraped again and more finely, the rules that alerts read are evaluated at each scrape, and the alerts after them.
 */
export async function writeAlerts(
  backfill: Backfill,
  prometheus: Prometheus,
  url: string,
  history: History,
  { rules, files }: { readonly rules: readonly RecordedRule[]; readonly files: readonly RuleFile[] },
  past: Past,
): Promise<void> {
  const alerts = alertingRules(files);
  const recent = history.deployments.filter(({ started }) => started > past.start - 3 * 3_600);
  const times = { from: past.start, to: past.end, interval: past.step };
  for await (const { lives } of exposedHistory({ ...history, deployments: recent }))
    await remoteWrite(
      url,
      scraped(lives.flat(), times).map((series) => samplesOf(series, past)),
    );
  const read = rulesBehind(
    rules,
    alerts.map(({ expr }) => expr),
  );
  await backfill.evaluate(read.filter(isOfTheMoment), past);
  for (const alert of alerts) await remoteWrite(url, await firing(prometheus, alert, past));
}
