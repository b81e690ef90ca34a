import type { Alert, Family } from '../../alerts/index.ts';
import { projectPath } from '../../lib/root.ts';
import type { LocatedExpression } from '../checks/check.ts';
import { alertFile, alertGroup, annotationsOf } from './rules.ts';

/** A query that an annotation asks; labels that are put in are matchers of the form `="$name"` again. */
interface TemplateQuery {
  readonly annotation: string;
  readonly text: string;
}

/** "printf `…%[1]q…` $labels.a | query" and "query `…`" in the annotations of an alert. */
function templateQueries(alert: Alert): TemplateQuery[] {
  return Object.entries(annotationsOf(alert)).flatMap(([annotation, template]) =>
    [...template.matchAll(/(?:printf|query) `(?<query>[^`]*)`(?<labels>(?: \$labels\.\w+)*)/g)].map(
      (match) => {
        const { query = '', labels = '' } = match.groups ?? {};
        const names = [...labels.matchAll(/\$labels\.(\w+)/g)].map((label) => label[1] ?? '');
        const text = query
          .replaceAll(/%\[(\d+)\]q/g, (_, n: string) => `"$${names[Number(n) - 1] ?? ''}"`)
          .replaceAll('%%', '%');
        return { annotation, text };
      },
    ),
  );
}

/**
 * Every query that an alert makes somebody ask: those of its sentences and those of its runbook. They are checked like
 * any other; their variables are the labels that the alert's expression leaves.
 */
export function questionsOf(
  families: readonly Family[],
  labelsOf: (alert: string) => ReadonlySet<string>,
): LocatedExpression[] {
  return families.flatMap((family) =>
    family.alerts.flatMap((alert) => {
      const place = [`${alertFile}.yml`, alertGroup, alert.name];
      const variables = [...labelsOf(alert.name)].map((name) => ({ name, kind: 'label-value' as const }));
      const asked = [
        ...templateQueries(alert).map(({ annotation, text }) => ({ text, place: [...place, annotation] })),
        ...alert.runbook.diagnosis.map(({ question, query }) => ({
          text: query.text,
          place: [...place, 'runbook', question],
        })),
      ];
      return asked.map(
        ({ text, place: where }): LocatedExpression => ({
          text,
          place: where,
          file: projectPath(family.source),
          variables,
          usage: { kind: 'question', alert },
        }),
      );
    }),
  );
}
