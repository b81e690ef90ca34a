import { type Family, queriesOf } from '../../alerts/index.ts';
import { projectPath } from '../../lib/root.ts';
import type { LocatedExpression } from '../checks/check.ts';
import { alertFile, alertGroup, sentencesOf } from './rules.ts';

/**
 * Every query of an alert besides its expression: those of its sentences and of its runbook. They are checked like
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
        ...Object.entries(sentencesOf(alert)).flatMap(([annotation, { parts }]) =>
          queriesOf(parts).map((text) => ({ text, place: [...place, annotation] })),
        ),
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
