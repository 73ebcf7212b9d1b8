// SPDX-License-Identifier: MIT
/**
 * Big diffs made of the project's own hunks. What makes a comment hard to place is repetition:
 * the same function for two transports, the same error path ten times in one function. So hunks are
 * taken again and again, with some names changed or none, with error paths between them.
 */
import { type SourcePatch, sources } from './diffs.ts';
import type { Random } from './random.ts';
import { changelog, commitMessage, subjectFor } from './words.ts';

const FILES = [
  'net/vmw_vsock/virtio_transport.c',
  'net/vmw_vsock/virtio_transport_common.c',
  'net/vmw_vsock/af_vsock.c',
  'net/vmw_vsock/vsock_loopback.c',
  'net/vmw_vsock/hyperv_transport.c',
  'net/vmw_vsock/vmci_transport.c',
  'drivers/vhost/vsock.c',
  'drivers/vhost/vhost.c',
  'include/linux/virtio_vsock.h',
  'include/net/af_vsock.h',
  'tools/testing/vsock/vsock_test.c',
  'tools/testing/vsock/util.c',
];

/** `%v` a variable, `%f` a function of it. */
const REPEATED = [
  ['\tret = %f(%v);', '\tif (ret < 0)', '\t\tgoto out;', ''],
  ['\tif (!%v)', '\t\treturn -ENODEV;', ''],
  ['\tif (!%v) {', '\t\tret = -ENOMEM;', '\t\tgoto out;', '\t}', ''],
  ['\tspin_lock_bh(&%v->lock);', '\t%v->len = 0;', '\tspin_unlock_bh(&%v->lock);', ''],
  ['out:', '\tmutex_unlock(&%v->lock);', '\treturn ret;', '}', ''],
  ['\tcase VSOCK_OP_RST:', '\t\t%f(%v);', '\t\tbreak;', '\tdefault:', '\t\treturn -EOPNOTSUPP;', '\t}', ''],
  ['static int %f(struct vsock_sock *%v)', '{', '\tint ret = -ENODEV;', '', '\tlock_sock(sk_vsock(%v));'],
  ['\tif (ret)', '\t\treturn ret;', '', '\treturn 0;', '}', ''],
  [
    '\t\tpr_warn_ratelimited("%s: a packet of %zu bytes does not fit into the %zu that are left\\n", __func__, len, room);',
    '\t\treturn -EMSGSIZE;',
  ],
  ['\twhile ((skb = __skb_dequeue(&%v->rx_queue))) {', '\t\tkfree_skb(skb);', '\t}', ''],
];
const VARIABLES = ['vsock', 'vsk', 'vq', 'pkt'];
const FUNCTIONS = ['vsock_rx_add', 'vsock_rx_fill', 'vsock_flush', 'vhost_vsock_get', 'vsock_stop'];
const PREFIXES = ['virtio_vsock', 'vhost_vsock', 'vmci_vsock', 'hvs', 'loop_vsock'];
const HEADS = [
  ['', 'static void vsock_release(struct sock *sk)', '{'],
  ['\t}', '', '\treturn ret;'],
  ['\tstruct sock *sk = sk_vsock(vsk);', '\tint ret;', ''],
  ['\t\tgoto out;', '\t}', ''],
];
const TAILS = [
  ['\t\treturn -ENODEV;', '', '\tlock_sock(sk);'],
  ['}', '', ''],
  ['\t\tgoto out;', '\t}', ''],
  ['', 'out:', '\trelease_sock(sk);'],
];

/** A line of a diff with its column: blank, `+` or `-`. */
type Block = string[];

/** A patch of up to some hundred lines in one to four files. */
export function grownPatch(random: Random, revised: boolean): SourcePatch {
  const files = random.shuffle(FILES).slice(0, random.int(1, 4));
  const parts = files.map((file) => grownFile(random, file));
  if (random.chance(0.25)) parts.push({ path: 'tools/', diff: random.pick(sources().diffs) });
  const stat = diffstat(parts);
  return {
    subject: subjectFor(random, files[0] ?? ''),
    message: commitMessage(random),
    notes: [...(revised ? [...changelog(random), ''] : []), ...stat],
    diff: parts.flatMap((part) => part.diff),
  };
}

interface Part {
  path: string;
  diff: string[];
}

function grownFile(random: Random, file: string): Part {
  const kind = random.pick([
    'modified',
    'modified',
    'modified',
    'modified',
    'added',
    'deleted',
    'renamed',
  ] as const);
  const index = `index ${hex(random)}..${hex(random)}`;
  if (kind === 'added' || kind === 'deleted') {
    const mark = kind === 'added' ? '+' : '-';
    const lines = Array.from({ length: random.int(2, 6) }, () => grownBlock(random))
      .flat()
      .filter((line) => !line.startsWith('-'))
      .map((line) => mark + line.slice(1));
    return {
      path: file,
      diff: [
        `diff --git a/${file} b/${file}`,
        `${kind === 'added' ? 'new' : 'deleted'} file mode 100644`,
        kind === 'added' ? `index 000000000000..${hex(random)}` : `index ${hex(random)}..000000000000`,
        kind === 'added' ? '--- /dev/null' : `--- a/${file}`,
        kind === 'added' ? `+++ b/${file}` : '+++ /dev/null',
        kind === 'added' ? `@@ -0,0 +1,${lines.length} @@` : `@@ -1,${lines.length} +0,0 @@`,
        ...lines,
      ],
    };
  }
  const old = kind === 'renamed' ? file.replace(/(\.[ch])$/, '_old$1') : file;
  return {
    path: file,
    diff: [
      `diff --git a/${old} b/${file}`,
      ...(kind === 'renamed' ? ['similarity index 87%', `rename from ${old}`, `rename to ${file}`] : []),
      `${index} 100644`,
      `--- a/${old}`,
      `+++ b/${file}`,
      ...grownHunks(random),
    ],
  };
}

function grownHunks(random: Random): string[] {
  const lines: string[] = [];
  let oldLine = random.int(3, 300);
  let shift = 0;
  let heading = '';
  let repeated: Block | null = null;
  for (let left = random.int(1, 8); left > 0; left--) {
    // Now and then a hunk is the one before once more: the same change in the next function.
    if (repeated === null || random.chance(0.75)) {
      repeated = Array.from({ length: random.int(1, 4) }, () => grownBlock(random)).flat();
    }
    const context = (list: readonly string[][]): Block => random.pick(list).map((line) => ` ${line}`);
    const hunk: Block = [...context(HEADS), ...repeated, ...context(TAILS)];
    const oldCount = hunk.filter((line) => !line.startsWith('+')).length;
    const newCount = hunk.filter((line) => !line.startsWith('-')).length;
    if (heading === '' || random.chance(0.5)) {
      heading = `static int ${random.pick(FUNCTIONS)}(struct vsock_sock *${random.pick(VARIABLES)})`;
    }
    const shown = random.chance(0.85) ? ` ${heading}` : '';
    lines.push(`@@ -${oldLine},${oldCount} +${oldLine + shift},${newCount} @@${shown}`, ...hunk);
    oldLine += oldCount + random.int(1, 120);
    shift += newCount - oldCount;
  }
  return lines;
}

function grownBlock(random: Random): Block {
  if (random.chance(0.5)) return repeatedBlock(random);
  const block = random.pick(sources().patches.flatMap((patch) => hunksOf(patch.diff)));
  const from = random.chance(0.5) ? 0 : random.int(0, Math.max(0, block.length - 8));
  const piece = block.slice(from, from + random.int(8, 45));
  if (random.chance(0.35)) return piece;
  const prefix = random.pick(PREFIXES);
  return piece.map((line) =>
    line.replace(/\b(?:virtio_vsock|virtio_transport|vhost_vsock)\b|\bvirtio(?=_)/g, prefix),
  );
}

function repeatedBlock(random: Random): Block {
  const [variable, called] = [random.pick(VARIABLES), random.pick(FUNCTIONS)];
  const lines = random.pick(REPEATED).map((line) => line.replaceAll('%v', variable).replaceAll('%f', called));
  switch (random.pick(['context', 'context', 'add', 'add', 'del', 'replaced'] as const)) {
    case 'context':
      return lines.map((line) => ` ${line}`);
    case 'add':
      return lines.map((line) => `+${line}`);
    case 'del':
      return lines.map((line) => `-${line}`);
    case 'replaced': {
      const other = random.pick(VARIABLES.filter((one) => one !== variable));
      return [
        ...lines.map((line) => `-${line}`),
        ...lines.map((line) => `+${line.replaceAll(variable, other)}`),
      ];
    }
  }
}

function hunksOf(diff: readonly string[]): Block[] {
  const hunks: Block[] = [];
  for (const line of diff) {
    if (line.startsWith('@@ ')) hunks.push([]);
    else if (line.startsWith('diff --git ')) hunks.push([]);
    else if (/^[ +-]/.test(line) && !/^(?:---|\+\+\+) /.test(line)) hunks.at(-1)?.push(line);
  }
  return hunks.filter((hunk) => hunk.length > 3);
}

function hex(random: Random): string {
  return Array.from({ length: 12 }, () => random.int(0, 15).toString(16)).join('');
}

function diffstat(parts: readonly Part[]): string[] {
  const rows = parts.flatMap((part) => {
    const files: { path: string; added: number; removed: number }[] = [];
    let inHunk = false;
    for (const line of part.diff) {
      if (line.startsWith('diff --git ')) {
        files.push({ path: / b\/(.*)$/.exec(line)?.[1] ?? part.path, added: 0, removed: 0 });
        inHunk = false;
      } else if (line.startsWith('@@ ')) {
        inHunk = true;
      } else if (inHunk) {
        const file = files.at(-1);
        if (file && line.startsWith('+')) file.added++;
        if (file && line.startsWith('-')) file.removed++;
      }
    }
    return files;
  });
  const width = Math.max(...rows.map((row) => row.path.length));
  const sum = (of: 'added' | 'removed'): number => rows.reduce((total, row) => total + row[of], 0);
  const s = (count: number): string => (count === 1 ? '' : 's');
  return [
    ...rows.map((row) => {
      const total = row.added + row.removed;
      const scale = Math.max(1, total / 30);
      const bar = '+'.repeat(Math.ceil(row.added / scale)) + '-'.repeat(Math.ceil(row.removed / scale));
      return ` ${row.path.padEnd(width)} | ${String(total).padStart(3)} ${bar}`.trimEnd();
    }),
    ` ${rows.length} file${s(rows.length)} changed, ${sum('added')} insertion${s(sum('added'))}(+), ` +
      `${sum('removed')} deletion${s(sum('removed'))}(-)`,
  ];
}
