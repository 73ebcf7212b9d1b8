// SPDX-License-Identifier: MIT
/** QEMU's versions, as it and apt print them. */

/**
 * The oldest major version to run the host VM on without KVM: 7.2 was seen to
 * overwrite the host VM's memory under its emulated SVM, 10.0.2 ran the same clean.
 */
export const GOOD_MAJOR = 10;

/** `10.0.2` from what `qemu-system-x86_64 --version` prints; null when that is something else. */
export function parseQemuVersion(printed: string): string | null {
  return /^QEMU emulator version (\d+(?:\.\d+)+)/m.exec(printed)?.[1] ?? null;
}

/** Whether a version (`10.0.2`, `1:10.0.2+ds-2`) is one to prefer. */
export function isGoodQemu(version: string): boolean {
  return Number.parseInt(version.replace(/^\d+:/, ''), 10) >= GOOD_MAJOR;
}

/** Orders versions by their numbers, ascending. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbers(version: string): number[] {
  return (version.match(/\d+/g) ?? []).map(Number);
}

export interface Offer {
  /** With epoch and Debian revision, as apt spells it. */
  version: string;
  /** `bookworm-backports` */
  suite: string;
}

/**
 * What apt can install, from `apt-cache madison PACKAGE`:
 * ` PACKAGE | VERSION | URI SUITE/COMPONENT ARCH Packages` a line.
 */
export function parseMadison(printed: string): Offer[] {
  return printed.split('\n').flatMap((line) => {
    const [, version, place] = line.split('|').map((part) => part.trim());
    const suite = place?.split(' ')[1]?.split('/')[0];
    return version && suite && place.endsWith('Packages') ? [{ version, suite }] : [];
  });
}

export interface IndexTarget {
  uri: string;
  codename: string;
  /** A keyring's path, or empty. */
  signedBy: string;
}

/** What `apt-get indextargets` is asked to print for `parseIndexTargets`. */
export const INDEX_TARGET_FORMAT =
  '$(ORIGIN)|$(LABEL)|$(CODENAME)|$(COMPONENT)|$(CREATED_BY)|$(REPO_URI)|$(SIGNED_BY)';

/** Where this machine gets the release `codename` from: its own archive, whatever that is. */
export function parseIndexTargets(printed: string, codename: string): IndexTarget | null {
  for (const line of printed.split('\n')) {
    const [origin, label, name, component, createdBy, uri, signedBy] = line.split('|');
    if (name !== codename || component !== 'main' || createdBy !== 'Packages' || !uri) continue;
    // Security and third-party archives may carry the same code name.
    if (origin !== label) continue;
    return { uri, codename, signedBy: signedBy?.startsWith('/') ? signedBy : '' };
  }
  return null;
}
