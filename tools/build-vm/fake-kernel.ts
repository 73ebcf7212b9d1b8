// SPDX-License-Identifier: MIT
/** For the tests: a small tree with a Makefile that behaves like Kbuild's, in a git repository. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AppliedSeries } from '../../core/tree.ts';
import { runOk } from '../../system/exec.ts';
import { projectRoot } from '../../system/paths.ts';

/** A change of one file: text to find (once) and what to put there; a new file has nothing to find. */
export interface Change {
  file: string;
  find: string;
  replace: string;
}

export interface FakeKernel extends AsyncDisposable {
  folder: string;
  /** ccache would keep what a test compiles. */
  ccache: false;
  sourceDir: string;
  buildDir: string;
  /** A folder with fragments of the names the profiles want. */
  fragmentFolder: string;
  /** Commits the changes, one patch each, and leaves the source folder at the last. */
  series(...patches: { subject: string; changes: Change[] }[]): Promise<AppliedSeries>;
}

export async function fakeKernel(): Promise<FakeKernel> {
  const folder = await mkdtemp(path.join(tmpdir(), 'respin-build-'));
  const [sourceDir, buildDir, fragmentFolder] = ['source', 'build', 'config'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  await cp(path.join(projectRoot, 'test', 'fixtures', 'fake-kernel'), sourceDir, { recursive: true });
  await mkdir(buildDir);
  await mkdir(fragmentFolder);
  await writeFile(path.join(fragmentFolder, 'base.config'), 'CONFIG_NET=y\n');
  await writeFile(path.join(fragmentFolder, 'vsock.config'), 'CONFIG_VSOCKETS=y\n');
  await writeFile(path.join(fragmentFolder, 'host.config'), '# nothing\n');
  await writeFile(path.join(fragmentFolder, 'debug.config'), '# nothing\n');
  await writeFile(path.join(fragmentFolder, 'gcov.config'), '# nothing\n');
  const env = {
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...{ GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.org' },
    ...{ GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.org' },
  };
  const git = async (...args: string[]): Promise<string> =>
    (await runOk('git', ['-C', sourceDir, ...args], { env })).stdout.trim();
  await git('init', '-q');
  await git('add', '-f', '.');
  await git('commit', '-q', '-m', 'base');
  const base = await git('rev-parse', 'HEAD');

  const series: FakeKernel['series'] = async (...patches) => {
    await git('checkout', '-q', '--detach', base);
    const applied = [];
    for (const { subject, changes } of patches) {
      for (const { file, find, replace } of changes) {
        const whole = path.join(sourceDir, file);
        const text = find === '' ? '' : await readFile(whole, 'utf8');
        if (find !== '' && text.split(find).length !== 2)
          throw new Error(`${file} has not exactly one ${find}`);
        await mkdir(path.dirname(whole), { recursive: true });
        await writeFile(
          whole,
          text.replace(find, () => replace),
        );
        await git('add', '-f', file);
      }
      await git('commit', '-q', '-m', subject);
      applied.push({ subject, patchId: '', commit: await git('rev-parse', 'HEAD'), messageId: null });
    }
    return {
      tree: {
        source: `git:${sourceDir}`,
        version: '6.99.0',
        packageVersion: null,
        sha256: null,
        gitDir: path.join(sourceDir, '.git'),
        commit: base,
      },
      variant: patches.length === 0 ? 'base' : 'patched',
      commit: await git('rev-parse', 'HEAD'),
      treeHash: await git('rev-parse', 'HEAD^{tree}'),
      patches: applied,
    };
  };
  const remove = async (): Promise<void> => await rm(folder, { recursive: true, force: true });
  return {
    folder,
    ccache: false,
    sourceDir,
    buildDir,
    fragmentFolder,
    series,
    [Symbol.asyncDispose]: remove,
  };
}
