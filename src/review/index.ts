/** The changes of a pull request, in words and pictures. */

export { commentBody } from './comment/body.ts';
export { type PullRequest, putComment, ReadOnly } from './comment/github.ts';
export type { Change } from './diff/change.ts';
export { differences } from './diff/diff.ts';
export { markdown } from './diff/markdown.ts';
export { terminalText } from './diff/render.ts';
export { withReplays } from './diff/replayed.ts';
export { rulesOnServer } from './diff/server.ts';
export { withSources } from './diff/sources.ts';
export { withValues } from './diff/values.ts';
export { compareWithBase } from './screenshots/beforeAfter.ts';
export { checkPictures, takeCurrent } from './screenshots/take.ts';
export { changesSince } from './screenshots/words.ts';
