/** Rules: what a server runs → a plan → one of three deliveries → the proof that they run. */

export { applyRules, type RulesHalf, readRules } from './provision.ts';
