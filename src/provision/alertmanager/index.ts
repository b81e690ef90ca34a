export { type AlertmanagerHalf, applyAlertmanager, readAlertmanager } from './half.ts';
