import type { Push, Sample } from './emit.ts';
import { definitionOf } from './pipeline.ts';

const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
const escapeValue = (text: string): string => escapeHelp(text).replaceAll('"', '\\"');

function sampleLine({ metric, labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([name, text]) => `${name}="${escapeValue(text)}"`);
  return `${metric}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`;
}

/** The body of a push in the text exposition format: families together, each with help and type; ends with a line feed. */
export function exposition(push: Pick<Push, 'samples'>): string {
  const families = new Map<Sample['metric'], Sample[]>();
  for (const sample of push.samples) {
    const family = families.get(sample.metric);
    if (family) family.push(sample);
    else families.set(sample.metric, [sample]);
  }
  const lines = [...families].flatMap(([metric, samples]) => {
    const { type, help } = definitionOf(metric);
    return [
      `# HELP ${metric} ${escapeHelp(help)}`,
      `# TYPE ${metric} ${type === 'counter' ? 'counter' : 'gauge'}`,
      ...samples.map(sampleLine),
    ];
  });
  return `${lines.join('\n')}\n`;
}
