/** The kinds of objectives, and the rules of error budgets and burn rates. The objectives themselves are in `slo/`. */

export { shareLeft } from './budget.ts';
export {
  type BurnWindow,
  burnsAs,
  burnWindows,
  deadWindows,
  factorOf,
  highestBurnRate,
  leastBadDeployments,
} from './burn.ts';
export { isComplete, objectiveProblems } from './complete.ts';
export { allowedShare, type Objective, type Of } from './objective.ts';
export { blamedWindow, causes } from './offenders.ts';
export { questionsAbout } from './questions.ts';
export { ruleFileNames, ruleFilesOf } from './rules.ts';
