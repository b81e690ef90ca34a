import type { Broken } from './broken-definition.ts';
import { goodAnnotations } from './good.ts';

/** Braces written by hand: what Prometheus refuses to load, fails on when the alert fires, or shows as nothing. */
const shapes: readonly string[] = [
  // Refused when the rules are loaded.
  '{{ printf "%.2f"$value }}',
  '{{ ..x }}',
  '{{ $x$x := 5 }}',
  '{{ $labels.environment',
  '{{ template "t" }}',
  '{{ time }}',
  '{{ $vlaue }}',
  '{{ end }}',
  '{{ if gt $value 5 }}high{{ end }}',
  // Failing when the alert fires: the whole annotation becomes the text of an error.
  '{{ .instance }}',
  '{{ .Label.job }}',
  '{{ $labels.a.b }}',
  '{{ $value.x }}',
  '{{ $value | title }}',
  '{{ $labels.job | humanize }}',
  '{{ len $value }}',
  '{{ match "(" $labels.environment }}',
  '{{ humanize $value $value }}',
  '{{ query "up{" }}',
  // Not understood by every supported version, or shown as nothing.
  '{{ now }}',
  '{{ $labels.severity }}',
  '{{ $labels.stage }}',
  // Right, and still by hand: the parts of a sentence do the same, and know the labels.
  '{{ $labels.environment }}',
  '{{ $value | humanize }}',
];

const first = (text: string): string => /\{\{.*?(\}\}|$)/.exec(text)?.[0] ?? text;

/** Every template that is not made from the parts of a sentence. */
export const brokenTemplates: readonly Broken[] = shapes.map((shape) => ({
  name: `an annotation with ${shape}`,
  changes: { alert: { annotations: { ...goodAnnotations, summary: `It is ${shape}.` } } },
  id: 'template-text',
  place: ['alerts.yml', 'alerts', 'DeploymentsFail', 'summary'],
  caret: shape.includes('}}') ? first(shape) : `${shape}.`,
}));
