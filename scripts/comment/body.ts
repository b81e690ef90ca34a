import type { Change } from '../diff/change.ts';
import { markdown } from '../diff/markdown.ts';

/** By this line the comment is found again; GitHub does not show it. */
export const marker = '<!-- deployment-observability: review -->';

/** What the comment is made of. */
export interface Review {
  readonly changes: readonly Change[];
  /** Where the pictures are, if there are any. */
  readonly picturesUrl?: string;
  /** What the build said, when it failed. */
  readonly buildFailed?: string;
}

/** The comment's text: what a reviewer should know, risks first. */
export function commentBody({ changes, picturesUrl, buildFailed }: Review): string {
  const pictures = picturesUrl ? `\nBefore and after in pictures: [report](${picturesUrl}).\n` : '';
  const build = buildFailed
    ? `\n> [!CAUTION]\n> The build does not pass; what follows is of what is committed.\n\n\`\`\`\n${buildFailed.trim().slice(0, 3_000)}\n\`\`\`\n`
    : '';
  return `${marker}\n## What this changes for whoever is on call\n${build}${pictures}\n${markdown(changes)}`;
}
