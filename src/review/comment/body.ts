import { type Change, fenced, markdown } from '../../diff/index.ts';
import { inlineMarkdown } from './inline.ts';

/** By this line the comment is found again; GitHub does not show it. */
export const marker = '<!-- deployment-observability: review -->';

/** Inputs of the comment. */
export interface Review {
  readonly changes: readonly Change[];
  /** Where the pictures are; empty when they could not be taken, absent when none were asked for. */
  readonly picturesUrl?: string;
  /** Addresses of uploaded pictures, shown in the comment itself. */
  readonly inline?: readonly string[];
  /** Plan of provision; shown as code, because a pull request can have written it. */
  readonly plan?: string;
  /** That the definitions were edited and not built. */
  readonly notBuilt?: string;
  /** Address below which files of the commit are. */
  readonly repository?: string;
  /** Output of the build, when it failed. */
  readonly buildFailed?: string;
}

const mostOfBuild = 3_000;
/** With the changes it stays below what GitHub takes. */
const mostOfPlan = 2_000;

/** The sentence about pictures: where they are, or that there are none. */
const picturesText = (url: string | undefined): string =>
  url === undefined
    ? ''
    : url === ''
      ? '\nThe pictures could not be taken: see the log.\n'
      : `\nBefore and after in pictures: [report](${url}).\n`;

/** The comment's text: what a reviewer should know, risks first. */
export function commentBody(review: Review): string {
  const { changes, picturesUrl, buildFailed, notBuilt, repository, plan, inline = [] } = review;
  const build = buildFailed
    ? `\n> [!CAUTION]\n> The build does not pass; what follows is of what is committed.\n\n${fenced(buildFailed.trim().slice(0, mostOfBuild))}\n`
    : '';
  const planned = plan ? `\n### What provision would do\n\n${fenced(plan.slice(0, mostOfPlan))}\n` : '';
  const stale = notBuilt ? `\n> [!WARNING]\n> ${notBuilt.replaceAll('\n', '\n> ')}\n` : '';
  return `${marker}\n## Changes for the person on call\n${build}${stale}${picturesText(picturesUrl)}${inlineMarkdown(inline)}\n${markdown(changes, repository)}${planned}`;
}
