import { parse } from 'yaml';
import type { RuleFile } from '../demo/index.ts';

interface Rules {
  readonly groups?: readonly {
    readonly rules: readonly { readonly alert?: string; readonly expr: string }[];
  }[];
}

/** Names of the alerts that judge windows of an environment or an objective, and so the past that is imported. */
export function alertsOnPast(files: readonly RuleFile[]): string[] {
  const names = files
    .flatMap(({ text }) => (parse(text) as Rules | null)?.groups ?? [])
    .flatMap(({ rules }) => rules)
    .flatMap(({ alert, expr }) => (alert !== undefined && readsWindow.test(expr) ? [alert] : []));
  return [...new Set(names)].sort();
}

const readsWindow = /\benvironment(?:_slo)?:\w+:(?:ratio|count|quantile)\b/;

/** The command that silences those alerts for a day, to be typed with ALERTMANAGER_URL set. */
export const silenceCommand = (files: readonly RuleFile[]): string =>
  `amtool silence add --alertmanager.url="$ALERTMANAGER_URL" --duration=1d --comment="A past is imported" 'alertname=~"${alertsOnPast(files).join('|')}"'`;
