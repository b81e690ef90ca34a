import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { commentBody } from '../../src/review/comment/body.ts';
import { ReadOnly, uploadPictures } from '../../src/review/comment/github.ts';
import { inlineMarkdown, picturesIn } from '../../src/review/comment/inline.ts';
import { type FakeGitHub, fakeGitHub, readOnly } from './fake-github.ts';

const png = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.from(text)]);
const pull = ({ url }: FakeGitHub) => ({
  api: new URL(url),
  repository: 'relay/relay',
  number: 7,
  token: 'secret',
});
const site = 'https://github.com';

let folder: string;
let github: FakeGitHub | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pictures-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await github?.stop();
  github = undefined;
});

it('takes what is a picture of a dashboard, and nothing else that a job may have left', () => {
  writeFileSync(join(folder, 'deployment-slo.png'), png('slo'));
  writeFileSync(join(folder, 'page.png'), '<html>');
  writeFileSync(join(folder, '![x](evil).png'), png('x'));
  writeFileSync(join(folder, 'large.png'), png('x'.repeat(5 << 20)));
  writeFileSync(join(folder, 'run.sh'), png('x'));
  mkdirSync(join(folder, 'folder.png'));
  expect(picturesIn(folder)).toEqual([{ uid: 'deployment-slo', bytes: png('slo') }]);
  for (let i = 0; i < 20; i++) writeFileSync(join(folder, `p${i}.png`), png('x'));
  expect(picturesIn(folder)).toHaveLength(10);
  expect(() => picturesIn(join(folder, 'nowhere'))).toThrow('There is no folder');
});

it('uploads them as one commit on a branch of the pull request, and replaces those of before', async () => {
  github = await fakeGitHub();
  const branch = 'heads/review-pictures/pull-7';
  const first = await uploadPictures(pull(github), [{ uid: 'slo', bytes: png('1') }], site);
  expect(github.git.files(branch)).toEqual({ 'slo.png': png('1').toString('base64') });
  expect(first).toEqual([
    `https://github.com/relay/relay/blob/${github.git.branches.get(branch)}/slo.png?raw=true`,
  ]);
  const second = await uploadPictures(
    pull(github),
    [
      { uid: 'slo', bytes: png('2') },
      { uid: 'dora', bytes: png('3') },
    ],
    site,
  );
  expect(Object.keys(github.git.files(branch))).toEqual(['slo.png', 'dora.png']);
  expect(second[0]).not.toBe(first[0]);
  expect(github.git.objects.get(github.git.branches.get(branch) ?? '')).toMatchObject({ parents: [] });
});

it('says so when the token may not write', async () => {
  github = await fakeGitHub({ refuse: readOnly });
  const uploading = uploadPictures(pull(github), [{ uid: 'slo', bytes: png('1') }], site);
  await expect(uploading).rejects.toThrow(ReadOnly);
});

it('shows addresses as pictures, and nothing that is none', () => {
  const url = 'https://github.com/relay/relay/blob/0abc/deployment-slo.png?raw=true';
  const body = commentBody({ changes: [], picturesUrl: 'https://ci.example/artefact', inline: [url] });
  expect(body).toContain(`![deployment-slo before and after](${url})`);
  const others = ['', 'x', 'https://evil.example/a.svg', 'https://e.example/a)[b](c.png?raw=true'];
  expect(inlineMarkdown(others)).toBe('');
});
