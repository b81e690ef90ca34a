/** The changes of a pull request: one comment in words, and pictures of before and after. */

export { commentBody } from './comment/body.ts';
export { type PullRequest, putComment, ReadOnly, uploadPictures } from './comment/github.ts';
export { picturesIn } from './comment/inline.ts';
export { compareWithBase } from './screenshots/beforeAfter.ts';
export { checkPictures, takeCurrent } from './screenshots/take.ts';
export { updatePictures } from './screenshots/update.ts';
