import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { objectives } from '../slo/index.ts';
import { locationsOf, snapshotAt, snapshotIn } from '../src/compile/index.ts';
import { differences, withSources } from '../src/diff/index.ts';
import { parseCommand } from '../src/lib/args.ts';
import { runMain, UserError } from '../src/lib/errors.ts';
import { say } from '../src/lib/terminal.ts';
import { baseUrl } from '../src/lib/url.ts';
import { loadPipeline } from '../src/pipeline/index.ts';
import {
  commentBody,
  type PullRequest,
  picturesIn,
  putComment,
  ReadOnly,
  uploadPictures,
} from '../src/review/index.ts';
import { definitionsBeside, projectFile } from './stale.ts';

const spec = {
  name: 'comment',
  summary: 'Writes what a pull request changes as one comment on it, and updates that comment from then on.',
  options: {
    base: { value: 'REF', help: 'the commit, branch or tag that it is compared with' },
    head: { value: 'REF', help: 'what is compared: this commit (default: generated/ as it is on disk)' },
    'head-dir': { value: 'DIR', help: 'what is compared: this directory, laid out as generated/ is' },
    pull: { value: 'NUMBER', help: 'the pull request; without one the text goes to the job’s summary' },
    pictures: { value: 'URL', help: 'where the pictures are; empty when they could not be taken' },
    upload: {
      value: 'DIR',
      help: 'only put these pictures on a branch of their own, and print their addresses',
    },
    inline: { value: 'URLS', help: 'addresses that --upload printed, to be shown in the comment' },
    build: { value: 'FILE', help: 'what the build printed; shown when there is anything in it' },
    plan: { value: 'FILE', help: 'what provision would do; shown when there is such a file' },
    'dry-run': { help: 'print the comment, write nothing' },
  },
  footer:
    'Needs GITHUB_TOKEN and GITHUB_REPOSITORY. With a token that may only read (a pull request from a fork) the text\ngoes to $GITHUB_STEP_SUMMARY instead. Exits 0, 1 when it could neither.',
} as const;

interface Options {
  readonly upload: string | undefined;
  readonly base: string | undefined;
  readonly pull: string | undefined;
  readonly pictures: string | undefined;
  readonly build: string | undefined;
}

/** @throws UserError naming every option that is wrong */
function check({ base, pull, pictures, build, upload }: Options): void {
  const file = build === undefined ? undefined : statSync(build, { throwIfNoEntry: false });
  const wrong = [
    ...(base || upload ? [] : ['Say what to compare with: --base REF.']),
    ...(pull && !/^[1-9]\d*$/.test(pull) ? [`--pull ${pull} is no number of a pull request.`] : []),
    ...(pictures && !/^https?:\/\/[^\s()<>]+$/.test(pictures)
      ? [`--pictures ${pictures} is no address.`]
      : []),
    ...(file && !file.isFile() ? [`--build ${build} is no file.`] : []),
  ];
  if (wrong.length > 0) throw new UserError(wrong.join('\n'), 'See: npm run comment -- --help');
}

/** Output of the build; one without output leaves no file, or an empty one. */
const printed = (file: string | undefined): string =>
  file !== undefined && statSync(file, { throwIfNoEntry: false }) ? readFileSync(file, 'utf8').trim() : '';

function pullRequest(pull: string | undefined, env: NodeJS.ProcessEnv): PullRequest | undefined {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository } = env;
  if (!pull || !token || !repository) return undefined;
  return {
    api: baseUrl(env.GITHUB_API_URL ?? 'https://api.github.com', 'GITHUB_API_URL'),
    repository,
    number: Number(pull),
    token,
  };
}

/** Where GitHub shows the files of the commit that is reviewed. */
const repositoryAt = (env: NodeJS.ProcessEnv): string | undefined =>
  env.GITHUB_REPOSITORY && env.GITHUB_SHA
    ? `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${env.GITHUB_REPOSITORY}/blob/${env.GITHUB_SHA}`
    : undefined;

function toSummary(body: string, why: string): number {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (file) appendFileSync(file, `${body}\n`);
  else console.log(body);
  say(`${why}: the text went to ${file ? 'the job’s summary' : 'stdout'}.`);
  return 0;
}

/** Uploads pictures and prints their addresses in one line. */
async function upload(
  folder: string,
  pull: PullRequest | undefined,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  if (!pull)
    throw new UserError(
      '--upload needs --pull, GITHUB_TOKEN and GITHUB_REPOSITORY.',
      'See: npm run comment -- --help',
    );
  const pictures = picturesIn(folder);
  const site = env.GITHUB_SERVER_URL ?? 'https://github.com';
  const addresses = pictures.length > 0 ? await uploadPictures(pull, pictures, site) : [];
  console.log(addresses.join(' '));
  return 0;
}

await runMain(async () => {
  const { values } = parseCommand(spec);
  check(values);
  if (values.upload !== undefined)
    return await upload(values.upload, pullRequest(values.pull, process.env), process.env);
  const { pipeline, generated } = await loadPipeline(values.pipeline);
  const after =
    values.head === undefined ? snapshotIn(values['head-dir'] ?? generated) : snapshotAt(values.head);
  const { note, bundle } = await definitionsBeside(values.pipeline);
  const changes = withSources(
    differences(snapshotAt(values.base ?? ''), after, objectives(pipeline)),
    bundle ? locationsOf(bundle) : [],
    projectFile,
  );
  // The inputs of another folder or commit are not here: its own build reports them.
  const ownHead = values.head === undefined && values['head-dir'] === undefined;
  const repository = repositoryAt(process.env);
  const buildFailed = printed(values.build);
  const plan = printed(values.plan);
  const body = commentBody({
    changes,
    ...(values.pictures !== undefined && { picturesUrl: values.pictures }),
    inline: values.inline?.split(' ') ?? [],
    ...(buildFailed && { buildFailed }),
    ...(plan && { plan }),
    ...(ownHead && note && { notBuilt: note }),
    ...(repository && { repository }),
  });
  if (values['dry-run']) {
    console.log(body);
    return 0;
  }
  const pull = pullRequest(values.pull, process.env);
  if (!pull) return toSummary(body, 'No pull request, or no GITHUB_TOKEN');
  try {
    say(`The comment was ${await putComment(pull, body)}.`);
    return 0;
  } catch (error) {
    if (error instanceof ReadOnly) return toSummary(body, 'This token may not write comments');
    throw error;
  }
});
