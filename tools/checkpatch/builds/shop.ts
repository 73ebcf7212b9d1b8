// SPDX-License-Identifier: MIT
/**
 * Every commit of a series built, one after the other, in one slot of its tree:
 *
 *     build-fast       the whole kernel: the folder of respin run, so mostly built already
 *     build-warnings   the touched objects with W=1 and sparse     each prepared once,
 *     build-i386       the same for 32 bits                        and no object built in it
 *     build-clang      the same with clang                         that no patch touches
 *
 * What a commit gave is kept under its tree hash, so that the base is looked at once.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../../core/errors.ts';
import type { RespinEvent, Steps } from '../../../core/events.ts';
import { once } from '../../../core/once.ts';
import type { Patch, Series } from '../../../core/series.ts';
import type { AppliedSeries } from '../../../core/tree.ts';
import { treeHash } from '../../../kernel-tree/git.ts';
import { acquireSlot, putInSlot, type Slot } from '../../../kernel-tree/slot.ts';
import { run } from '../../../system/exec.ts';
import { cachePath } from '../../../system/paths.ts';
import { writeWhole } from '../../../system/whole.ts';
import { parseCompilerOutput } from '../../build-vm/compiler-errors.ts';
import { readFragments } from '../../build-vm/fragments.ts';
import { buildKernel } from '../../build-vm/kernel.ts';
import type { BuildPlace } from '../../build-vm/make-kernel.ts';
import { buildPrograms } from '../../build-vm/programs.ts';
import { type Affected, affectedObjects, readDependencies } from './affected.ts';
import { compileObjects, WAYS, type Way } from './compile.ts';
import { newWarnings, type Warning } from './new-warnings.ts';

/** Changes when the same commit would give other warnings because of the code here. */
const RECIPE = 2;

/** How the build of a patch failed. */
export interface BuildFailure {
  patch: number;
  /** What is at fault, as respin run would say it. */
  why: string;
  errors: Warning[];
}

export interface KernelBuilds {
  failures: BuildFailure[];
  /** Sources of the series that the configuration does not build. */
  notBuilt: string[];
}

export interface PatchWarnings {
  patch: Patch;
  /** New with this patch. */
  warnings: Warning[];
  /** New errors of this way: the way's build of the patch fails. */
  errors: Warning[];
}

export interface WayResult {
  patches: PatchWarnings[];
  /** Headers with more dependents than were looked at. */
  partly: string[];
}

export interface ShopOptions {
  jobs: number;
  ccache: boolean;
  emit(event: RespinEvent): void;
  signal: AbortSignal;
}

interface Kernels {
  builds: KernelBuilds;
  affected: Affected;
}

type Said = Record<'warnings' | 'errors', Warning[]>;

export class BuildShop implements AsyncDisposable {
  readonly #applied: AppliedSeries;
  readonly #series: Series;
  readonly #options: ShopOptions;
  #slot: Slot | null = null;
  /** The slot's source can be at one commit only: its users come one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  readonly #ways = new Map<string, Promise<WayResult>>();

  constructor(applied: AppliedSeries, series: Series, options: ShopOptions) {
    this.#applied = applied;
    this.#series = series;
    this.#options = options;
  }

  /**
   * The kernel of every patch, and the test programs where a patch touches them.
   * @throws RespinError with blame `machine`, also when the base does not build
   */
  readonly kernels: () => Promise<KernelBuilds> = once(async () => (await this.#kernels()).builds);

  /**
   * What compilers newly say with each patch.
   * @throws RespinError as `kernels`
   */
  async way(name: Way['name']): Promise<WayResult> {
    let result = this.#ways.get(name);
    if (result === undefined) {
      result = this.#way(WAYS[name]);
      this.#ways.set(name, result);
    }
    return await result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last.catch(() => {});
    await this.#slot?.release();
  }

  readonly #kernels = once(async (): Promise<Kernels> => {
    const { patches } = this.#series;
    const hashes = await Promise.all(patches.map(async (_, at) => (await this.#upTo(at + 1)).treeHash));
    const { text: config } = await readFragments('fast');
    const gcc = await versionOf('gcc');
    const all = keptFile('kernels', [this.#applied.tree.commit, hashes, config, gcc]);
    const kept = await readKept<Kernels>(all);
    if (kept !== null) return kept;
    const made = await this.#alone(async (slot) => {
      const failures: BuildFailure[] = [];
      for (const [at, patch] of patches.entries()) {
        const good = keptFile('kernel', [hashes[at], config, gcc]);
        // The last one is built in any case: what includes what is read from its build folder.
        if (at < patches.length - 1 && (await readKept(good)) !== null) continue;
        this.#tell(`building patch ${patch.index}/${patches.length}`, at, patches.length);
        const failure = await this.#buildPatch(slot, at, patch);
        if (failure === null) await writeWhole(good, '{}');
        else failures.push(failure);
      }
      const dependencies = await readDependencies(slot.buildDir, slot.sourceDir);
      const affected = affectedObjects(this.#series, dependencies);
      return { builds: { failures, notBuilt: affected.notBuilt }, affected };
    });
    await writeWhole(all, JSON.stringify(made));
    return made;
  });

  async #buildPatch(slot: Slot, at: number, patch: Patch): Promise<BuildFailure | null> {
    const applied = await this.#upTo(at + 1);
    await putInSlot(slot.sourceDir, applied.commit);
    const place = this.#place(slot, slot.buildDir);
    const printed: string[] = [];
    try {
      await this.#drain(
        buildKernel(applied, place, { profile: 'fast', signal: this.#options.signal }),
        printed,
      );
      if (patch.files.some(touchesPrograms)) {
        // The tree's own time-out: these are built to see whether they build.
        await this.#drain(
          buildPrograms(applied, place, { stepTimeout: 10, signal: this.#options.signal }),
          printed,
        );
      }
      return null;
    } catch (error) {
      if (!(error instanceof RespinError) || error.blame !== 'series') throw error;
      const roots = { sourceDir: slot.sourceDir, cwd: slot.buildDir };
      const errors = parseCompilerOutput(printed.join('\n'), roots).filter(
        ({ severity }) => severity === 'error',
      );
      return { patch: patch.index, why: error.message, errors: errors.map(asWarning) };
    }
  }

  async #way(way: Way): Promise<WayResult> {
    const { affected } = await this.#kernels();
    const sparse = way.name === 'warnings' && (await versionOf('sparse')) !== null;
    return await this.#alone(async (slot) => {
      const { patches } = this.#series;
      const objectsOf = (at: number): string[] => affected.objects[patches[at]?.index ?? 0] ?? [];
      const folder = path.join(path.dirname(slot.buildDir), `build-${way.name}`);
      await mkdir(folder, { recursive: true });
      const place = this.#place(slot, folder);
      const result: PatchWarnings[] = [];
      let before: Said = await this.#said(slot, place, way, 0, objectsOf(0), sparse);
      for (const [at, patch] of patches.entries()) {
        this.#tell(`${way.name}: patch ${patch.index}/${patches.length}`, at, patches.length);
        const own = objectsOf(at);
        const after = await this.#said(slot, place, way, at + 1, own, sparse);
        const fresh = (kind: keyof Said): Warning[] => newWarnings(before[kind], after[kind], patch);
        result.push({ patch, warnings: fresh('warnings'), errors: fresh('errors') });
        const next = objectsOf(at + 1);
        before = sameList(own, next) ? after : await this.#said(slot, place, way, at + 1, next, sparse);
      }
      return { patches: result, partly: affected.partly };
    });
  }

  /** What is said of the objects with the first `count` patches applied. */
  async #said(
    slot: Slot,
    place: BuildPlace,
    way: Way,
    count: number,
    objects: readonly string[],
    sparse: boolean,
  ): Promise<Said> {
    if (objects.length === 0) return { warnings: [], errors: [] };
    const applied = await this.#upTo(count);
    const tools = [
      await versionOf(way.name === 'clang' ? 'clang' : 'gcc'),
      sparse ? await versionOf('sparse') : null,
    ];
    const file = keptFile(way.name, [applied.treeHash, way, tools, objects]);
    const kept = await readKept<Said>(file);
    if (kept !== null) return kept;
    await putInSlot(slot.sourceDir, applied.commit);
    const there = await this.#existing(slot, objects);
    const { warnings, errors } =
      there.length === 0
        ? { warnings: [], errors: [] }
        : await compileObjects(place, way, there, { sparse, signal: this.#options.signal });
    const said = { warnings: warnings.map(asWarning), errors: errors.map(asWarning) };
    await writeWhole(file, JSON.stringify(said));
    return said;
  }

  /** A patch may bring a source, or take one away. */
  async #existing(slot: Slot, objects: readonly string[]): Promise<string[]> {
    const there: string[] = [];
    for (const object of objects) {
      const stem = path.join(slot.sourceDir, object.slice(0, -'.o'.length));
      for (const ending of ['.c', '.S']) {
        if ((await readFile(`${stem}${ending}`).catch(() => null)) !== null) there.push(object);
      }
    }
    return there;
  }

  async #alone<T>(work: (slot: Slot) => Promise<T>): Promise<T> {
    const turn = this.#last.catch(() => {}).then(async () => await work(await this.#open()));
    this.#last = turn;
    return await turn;
  }

  async #open(): Promise<Slot> {
    const { tree, patches } = this.#applied;
    const { signal } = this.#options;
    const first = patches[0]?.commit ?? tree.commit;
    this.#slot ??= await this.#drain(acquireSlot(tree, first, { profile: 'fast', signal }), []);
    return this.#slot;
  }

  /** The series cut after so many patches; none is the base. */
  async #upTo(count: number): Promise<AppliedSeries> {
    const { tree } = this.#applied;
    const patches = this.#applied.patches.slice(0, count);
    const commit = patches.at(-1)?.commit ?? tree.commit;
    const variant = count === 0 ? 'base' : 'patched';
    return { tree, variant, commit, treeHash: await treeHash(tree.gitDir, commit), patches };
  }

  #place(slot: Slot, buildDir: string): BuildPlace {
    const { jobs, ccache } = this.#options;
    return { sourceDir: slot.sourceDir, buildDir, jobs, ccache };
  }

  #tell(what: string, done: number, total: number): void {
    this.#options.emit({ type: 'progress', stage: 'check', what, done, total, unit: 'patches' });
  }

  /** Follows a step; what a compiler prints is kept, what it did is in the rule's result. */
  async #drain<T>(steps: Steps<T>, printed: string[]): Promise<T> {
    for (;;) {
      const next = await steps.next();
      if (next.done === true) return next.value;
      if (next.value.type === 'build-output') printed.push(next.value.line);
      if (next.value.type === 'note') this.#options.emit(next.value);
    }
  }
}

/** @param of what it follows from */
function keptFile(kind: string, of: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify([RECIPE, of]));
  return cachePath('warnings', `${kind}-${hash.digest('hex').slice(0, 40)}.json`);
}

async function readKept<T>(file: string): Promise<T | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as T);
}

function touchesPrograms({ oldPath, newPath }: Patch['files'][number]): boolean {
  return [oldPath, newPath].some((name) => name?.startsWith('tools/testing/vsock/') === true);
}

function asWarning({ path: file, line, text }: Warning): Warning {
  return { path: file, line, text: text.replace(/^(?:warning|(?:fatal )?error): /, '') };
}

function sameList(one: readonly string[], two: readonly string[]): boolean {
  return one.join('\n') === two.join('\n');
}

/** The first line of `--version`; null when there is no such program. */
export async function versionOf(program: string): Promise<string | null> {
  try {
    const { exitCode, stdout } = await run(program, ['--version']);
    return exitCode === 0 ? (stdout.split('\n')[0] ?? '') : null;
  } catch (error) {
    if (error instanceof RespinError && error.code === 'TOOL_MISSING') return null;
    throw error;
  }
}
