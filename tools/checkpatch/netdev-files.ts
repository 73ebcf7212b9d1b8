// SPDX-License-Identifier: MIT
import type { Series } from '../../core/series.ts';
import { pathOf } from './places.ts';

/** As the sections of MAINTAINERS that have netdev for their list. */
const NETDEV =
  /^(?:net\/(?!(?:9p|bluetooth|bpf|can|ceph|mac80211|netfilter|rfkill|sunrpc|wireless|xfrm)\/)|drivers\/net\/(?!(?:can|wireless)\/)|drivers\/vhost\/(?:net|vsock)\.c$)/;
/** What goes along with a change of any tree. */
const BESIDE = /^(?:Documentation|include|tools)\/|^MAINTAINERS$/;

/** Whether a series changes netdev's own files, and none of another tree. */
export function isNetdevs({ patches }: Series): boolean {
  const paths = patches.flatMap(({ files }) => files.map(pathOf)).filter((path) => !BESIDE.test(path));
  return paths.length > 0 && paths.every((path) => NETDEV.test(path));
}
