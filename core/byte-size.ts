// SPDX-License-Identifier: MIT
/** Sizes as the list writes them: 64KB is 65,536 bytes. */

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** `64KB`, `16B`, `1MB`: the largest unit that it is a whole number of. */
export function sizeName(bytes: number): string {
  for (const unit of ['G', 'M', 'K'] as const) {
    const size = UNITS[unit] as number;
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}B`;
  }
  return `${bytes}B`;
}

/** Bytes of `64KB`, `64K`, `64KiB`, `16B`, `16`; null for what is none of these. */
export function readSize(text: string): number | null {
  const [, digits, unit = ''] = /^(\d{1,12})\s?([KMG]?)(?:i?B)?$/i.exec(text.trim()) ?? [];
  const bytes = digits === undefined ? 0 : Number(digits) * (UNITS[unit.toUpperCase()] as number);
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : null;
}
