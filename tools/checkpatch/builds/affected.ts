// SPDX-License-Identifier: MIT
/** Which objects a patch can change. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Patch, Series } from '../../../core/series.ts';
import { pathOf } from '../places.ts';

/** More objects than this that only include a header are not compiled a second time for warnings. */
const MOST_DEPENDENTS = 8;

export interface Affected {
  /** By patch number: objects relative to the build folder, `net/vmw_vsock/af_vsock.o`. */
  objects: Record<number, string[]>;
  /** Sources of the series that the configuration does not build. */
  notBuilt: string[];
  /** Headers with more dependents than were looked at. */
  partly: string[];
}

/**
 * @param dependencies object → files it was compiled from, of a whole build
 */
export function affectedObjects(
  series: Series,
  dependencies: ReadonlyMap<string, ReadonlySet<string>>,
): Affected {
  const own = new Set(series.patches.flatMap((patch) => sourcesOf(patch).map(objectOf)));
  const objects: Record<number, string[]> = {};
  const notBuilt = new Set<string>();
  const partly = new Set<string>();
  for (const patch of series.patches) {
    const affected = new Set<string>();
    for (const source of sourcesOf(patch)) {
      const object = objectOf(source);
      if (dependencies.has(object)) affected.add(object);
      else notBuilt.add(source);
    }
    for (const header of patch.files.map(pathOf).filter((name) => name.endsWith('.h'))) {
      const dependents = [...dependencies].filter(([, files]) => files.has(header)).map(([object]) => object);
      // The series' own sources are those that use what changes in the header.
      dependents.sort((a, b) => Number(own.has(b)) - Number(own.has(a)) || (a < b ? -1 : 1));
      const some = dependents.filter((object, at) => own.has(object) || at < MOST_DEPENDENTS);
      if (some.length < dependents.length) partly.add(header);
      for (const object of some) affected.add(object);
    }
    objects[patch.index] = [...affected].sort();
  }
  return { objects, notBuilt: [...notBuilt].sort(), partly: [...partly].sort() };
}

/** Whether a build can come out otherwise with the series: not of words, nor of tests that are not built here. */
export function changesBuild(series: Series): boolean {
  return series.patches.some(({ files }) => files.some((file) => !NOT_BUILT.test(pathOf(file))));
}

const NOT_BUILT =
  /^(?:Documentation|LICENSES|samples)\/|^tools\/testing\/(?!vsock\/)|^(?:MAINTAINERS|CREDITS|COPYING|\.mailmap)$/;

/** Why a rule that builds is not for a series. */
export const NOTHING_TO_BUILD = { notForThis: 'it changes nothing that is built' };

/** C files of the kernel proper that the patch leaves behind; the boot wrapper and host tools are built in their own ways. */
function sourcesOf(patch: Patch): string[] {
  return patch.files
    .filter(({ newPath }) => newPath !== null)
    .map(pathOf)
    .filter(
      (name) =>
        /\.[cS]$/.test(name) && !/^(?:tools|scripts|samples|Documentation|usr|arch\/x86\/boot)\//.test(name),
    );
}

function objectOf(source: string): string {
  return source.replace(/\.[cS]$/, '.o');
}

/**
 * What kbuild noted beside each object of a build folder (`.NAME.o.cmd`, written by
 * scripts/basic/fixdep.c: `source_X := …`, `deps_X := \` and a file a line).
 * @param sourceDir absolute; files are given relative to it
 */
export async function readDependencies(
  buildDir: string,
  sourceDir: string,
): Promise<Map<string, Set<string>>> {
  const dependencies = new Map<string, Set<string>>();
  const names = await readdir(buildDir, { recursive: true });
  for (const name of names) {
    if (!/(?:^|\/)\.[^/]+\.o\.cmd$/.test(name)) continue;
    const object = name.replace(/(^|\/)\.([^/]+)\.cmd$/, '$1$2');
    const text = await readFile(path.join(buildDir, name), 'utf8');
    dependencies.set(object, filesOf(text, buildDir, sourceDir));
  }
  return dependencies;
}

/** The files a `.cmd` file names, relative to the tree; those outside of it are left out. */
export function filesOf(cmd: string, buildDir: string, sourceDir: string): Set<string> {
  const files = new Set<string>();
  for (const line of cmd.split('\n')) {
    const found = /^source_\S+ := (\S+)|^ {2}(?!\$)(\S+) \\$/.exec(line);
    const name = found?.[1] ?? found?.[2];
    if (name === undefined) continue;
    const inTree = path.relative(sourceDir, path.resolve(buildDir, name));
    if (!inTree.startsWith('..')) files.add(inTree);
  }
  return files;
}
