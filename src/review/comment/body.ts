import type { Change } from '../diff/change.ts';
import { fenced, markdown } from '../diff/markdown.ts';

/** By this line the comment is found again; GitHub does not show it. */
export const marker = '<!-- deployment-observability: review -->';

/** Inputs of the comment. */
export interface Review {
  readonly changes: readonly Change[];
  /** Where the pictures are; empty when they could not be taken, absent when none were asked for. */
  readonly picturesUrl?: string;
  /** Output of the build, when it failed. */
  readonly buildFailed?: string;
}

const mostOfBuild = 3_000;

/** The sentence about pictures: where they are, or that there are none. */
const picturesText = (url: string | undefined): string =>
  url === undefined
    ? ''
    : url === ''
      ? '\nThe pictures could not be taken: see the log.\n'
      : `\nBefore and after in pictures: [report](${url}).\n`;

/** The comment's text: what a reviewer should know, risks first. */
export function commentBody({ changes, picturesUrl, buildFailed }: Review): string {
  const build = buildFailed
    ? `\n> [!CAUTION]\n> The build does not pass; what follows is of what is committed.\n\n${fenced(buildFailed.trim().slice(0, mostOfBuild))}\n`
    : '';
  return `${marker}\n## Changes for the person on call\n${build}${picturesText(picturesUrl)}\n${markdown(changes)}`;
}
