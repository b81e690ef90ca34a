import { mapTexts, oneLine } from '../../lib/sanitize.ts';
import type { DeploymentResult, StageResult } from '../result/model.ts';
import {
  budgetText,
  failures,
  inTime,
  links,
  signs,
  spaced,
  stageSeconds,
  verdict,
} from '../result/words.ts';
import { formatSeconds } from '../time.ts';

/** Slack takes 4,000 characters of a text that is edited, and 3,000 in a block. */
export const longestText = 3_000;
const mostStages = 30;

/** Names and messages as Slack shows them: nothing in them mentions or links. */
const escaped = (text: string): string =>
  [...oneLine(text)]
    .slice(0, 200)
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
const linked = (text: string, url: string | undefined): string =>
  url === undefined ? text : `<${url.replaceAll('&', '&amp;')}|${text}>`;

const stageSigns: Readonly<Record<string, string>> = {
  success: '✅',
  failure: '❌',
  cancelled: '⏹️',
  skipped: '⏭️',
};
function stageText(stage: StageResult): string {
  const seconds = stageSeconds(stage);
  return `${stageSigns[stage.status] ?? '🔵'} ${escaped(stage.name)}${seconds === undefined ? '' : ` ${formatSeconds(seconds)}`}`;
}

/** The text within the limit: whole lines, because a cut could go through a link. */
function within(lines: readonly string[], most = longestText): string {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length <= most) kept.push(line);
  }
  return kept.join('\n');
}

/** The one message about a deployment, in Slack's markup. */
export function slackText(result: DeploymentResult): string {
  const { id, environment, outcome, actor, version, stages } = result;
  const [dashboard, ...others] = links(result);
  const run = others.find(({ title }) => title === 'Run');
  const who = [actor && `started by ${escaped(actor)}`, version && `version ${escaped(version)}`];
  const budget = outcome === 'running' ? undefined : budgetText(result);
  const more = stages.length - mostStages;
  const shown = stages.slice(0, mostStages).map(stageText);
  return within([
    `${signs[outcome]} *Deployment ${linked(escaped(id), run?.url)} to ${escaped(environment)} ${escaped(verdict(result))}*${inTime(result)}`,
    ...[who.filter(Boolean).join(', ')].filter(Boolean),
    ...(dashboard ? [linked(escaped(dashboard.title), dashboard.url)] : []),
    ...(budget ? [`Error budget: ${budget}`] : []),
    ...shown,
    ...(more > 0 ? [`and ${more} more stages`] : []),
  ]);
}

/** The failure, for the thread; undefined when there was none. */
export function threadText(result: DeploymentResult): string | undefined {
  const all = failures(result);
  if (all.length === 0) return undefined;
  return within(
    all.map(({ what, type, message, url }) => {
      const why = [escaped(spaced(type)), escaped(message)].filter(Boolean).join(': ');
      return `❌ ${linked(escaped(what), url)}${why && ` – ${why}`}`;
    }),
  );
}

/** The message as plain text, for everything that is not Slack. */
export function plainText(result: DeploymentResult): string {
  const { id, environment, outcome, actor, version, runUrl } = result;
  const who = [actor && `started by ${oneLine(actor)}`, version && `version ${oneLine(version)}`];
  return within([
    `${signs[outcome]} Deployment ${oneLine(id)} to ${oneLine(environment)} ${verdict(result)}${inTime(result)}`,
    ...[who.filter(Boolean).join(', ')].filter(Boolean),
    ...failures(result).map(({ what, message }) => `${oneLine(what)}: ${oneLine(message)}`),
    ...(runUrl === '' ? [] : [runUrl]),
  ]);
}

/** The template with what it asks for; a mark that is not known stays as it is. */
export function filledTemplate(
  template: Readonly<Record<string, unknown>>,
  result: DeploymentResult,
  text: string,
): Readonly<Record<string, unknown>> {
  const values: Readonly<Record<string, string>> = {
    text,
    environment: result.environment,
    deployment_id: result.id,
    outcome: result.outcome,
    version: result.version,
    actor: result.actor,
    url: links(result)[0]?.url ?? '',
  };
  return mapTexts(template, (one) => one.replace(/\{(\w+)\}/g, (mark, name: string) => values[name] ?? mark));
}
