/** Findings in the history of deployments: where their time goes, and what fails by chance. */

export { type Flaky, flakyParts } from './flaky.ts';
export { chainOf, type Lever, leversOf } from './path.ts';
export { type InsightDeployment, type InsightPart, readDeployments } from './read.ts';
export { type Insights, insightsOf, insightsText } from './render.ts';
