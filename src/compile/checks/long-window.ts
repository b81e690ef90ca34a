import type { MetricDefinition } from '../../metrics/index.ts';
import { findAll, type MatrixNode, metricOf } from '../../promql/index.ts';
import type { Check } from './check.ts';
import { treeOf } from './tree.ts';

const hour = 3_600_000;

/** One deployment is found by the index, however long the window is. */
const isOfOneDeployment = ({ selector }: MatrixNode): boolean =>
  selector.matchers.some((m) => m.label === 'deployment_id' && (m.op === '=' || m.op === '=~'));
/** Around the moment of one deployment: as many hours of facts in every time span, and they do not grow. */
const isAroundAMoment = ({ range, selector: { at } }: MatrixNode): boolean =>
  typeof at === 'number' && range <= 6 * hour;
/** Recorded for the whole pipeline or an environment, or of few deployments only: few series in any case. */
const isRecorded = (name: string, definition: MetricDefinition | undefined): boolean =>
  definition?.type === 'recorded' && (definition.rare === true || !/^deployment(_[a-z]+)?:/.test(name));

/** Asked by everybody who looks, again and again. */
const asking: ReadonlySet<string> = new Set(['panel', 'annotation']);

export const panelLongWindow: Check = {
  id: 'panel-long-window',
  severity: 'error',
  summary:
    'A panel or an annotation asks a recorded series wherever a window is longer than an hour, or than six around one moment.',
  why: 'The dashboard refreshes every ten seconds for every reader; a rule is evaluated once for all.',
  *run(view) {
    for (const expression of view.expressions) {
      const tree = asking.has(expression.usage.kind) ? treeOf(expression, view) : undefined;
      for (const matrix of tree ? findAll(tree, 'matrix') : []) {
        const name = metricOf(matrix.selector) ?? '';
        const few = isOfOneDeployment(matrix) || isAroundAMoment(matrix);
        if (matrix.range <= hour || few || isRecorded(name, view.metrics[name])) continue;
        yield {
          summary: `It looks back ${matrix.range / hour} h over ${name}, which is not recorded for that.`,
          place: expression.place,
          file: expression.file,
          fix: 'Record it in a rule, or select one deployment_id.',
        };
      }
    }
  },
};
