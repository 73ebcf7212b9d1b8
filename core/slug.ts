// SPDX-License-Identifier: MIT
/** A title as a name for a file or folder. */

/**
 * `vsock/virtio: fix it` is `vsock-virtio-fix-it`: lower case, ASCII letters and digits, cut between words
 * where that leaves more than half of `most`.
 * @returns `otherwise` when nothing is left
 */
export function slug(title: string, most: number, otherwise: string): string {
  const words = title
    .slice(0, 10 * most)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '');
  const cut = words.slice(0, most);
  const inWord = words.length > most && words[most] !== '-';
  const at = cut.lastIndexOf('-');
  const whole = inWord && at > most / 2 ? cut.slice(0, at) : cut;
  const name = whole.replace(/-+$/, '');
  return name === '' ? otherwise : name;
}
