/** A month of deployments as a document. */

export { reportBlocks } from './content.ts';
export { asHtml } from './html.ts';
export { asMarkdown } from './markdown.ts';
export type { MonthlyReport, ReportedDeployment } from './model.ts';
export { daysOf, endOf, monthBefore, parseMonth } from './month.ts';
export { readMonth } from './read.ts';
