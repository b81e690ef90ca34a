export { type Labels, type LabelsOf, outputLabels } from './labels.ts';
export { childNodes, findAll, metricOf, selectorOf, selectors, unwrap, visit } from './nodes.ts';
