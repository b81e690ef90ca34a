/** A month of deployments as a document. */

export { type ReportContext, reportBlocks } from './content.ts';
export { asHtml } from './html.ts';
export { asMarkdown } from './markdown.ts';
export { daysOf, endOf, monthBefore, parseMonth } from './month.ts';
export { type MonthlyReport, readMonth } from './read.ts';
