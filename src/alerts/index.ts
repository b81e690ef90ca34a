/** The kinds of alerts: texts, examples, severity, receivers and links. The alerts themselves are in `alerts/`. */

export { type About, type Alert, alert, type Diagnosis, type Family, keptFor } from './alert.ts';
export { alertProblems, isComplete } from './complete.ts';
export {
  constantly,
  type Example,
  type ExampleSeries,
  type Examples,
  type FiringExample,
  type Notification,
  series,
  type Values,
} from './example.ts';
export { dashboardUrl, runbookUrl, troubleshooting } from './links.ts';
export {
  andFailedSmokeTests,
  andFailedStages,
  failedSmokeTests,
  failedStages,
  runUrl,
  subject,
  thisDeployment,
  version,
} from './parts.ts';
export { type Receiver, receivers, secretsFolder } from './receivers.ts';
export { type ReceiverName, type Severity, type SeverityDefinition, severities } from './severity.ts';
export { each, label, lookupValue, Text, text, value } from './text.ts';
export { type Format, filledIn, formatsOf, labelsOf, type Part, queriesOf, wordsOf } from './text-parts.ts';
