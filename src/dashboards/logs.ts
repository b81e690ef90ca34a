import { LogsSortOrder } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as LogsBuilder } from '@grafana/grafana-foundation-sdk/logs';
import { DataqueryBuilder as LokiQueryBuilder } from '@grafana/grafana-foundation-sdk/loki';
import type { PanelDefinition } from './definition.ts';
import { plain } from './plain.ts';

/** The Loki that logs are asked of: a variable of the dashboard. */
export const logsDatasource = { type: 'loki', uid: '${loki}' } as const;

/** Lines of a log store, oldest first. */
export const logs = (spec: {
  readonly title: string;
  readonly description: string;
  readonly noData: string;
  readonly width: number;
  readonly height?: number;
  /** LogQL. */
  readonly query: string;
}): PanelDefinition => ({
  json: plain(
    new LogsBuilder()
      .title(spec.title)
      .description(spec.description)
      .noValue(spec.noData)
      .unit('string')
      .datasource(logsDatasource)
      .showTime(true)
      .wrapLogMessage(true)
      .enableLogDetails(true)
      .sortOrder(LogsSortOrder.Ascending)
      .targets([new LokiQueryBuilder().datasource(logsDatasource).refId('A').expr(spec.query)])
      .build(),
  ),
  width: spec.width,
  ...(spec.height !== undefined && { height: spec.height }),
});
