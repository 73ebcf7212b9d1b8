// SPDX-License-Identifier: MIT

const DAY_MS = 86_400_000;

/** `today`, `3 d`, `5 w`, `14 mo`, `3 y`: how long ago a day was; empty for what is none. */
export function ageWords(date: string, today: string): string {
  const days = Math.round((Date.parse(today) - Date.parse(date.slice(0, 10))) / DAY_MS);
  if (Number.isNaN(days)) return '';
  if (days <= 0) return 'today';
  if (days < 14) return `${days} d`;
  if (days < 60) return `${Math.floor(days / 7)} w`;
  const months = Math.floor(days / 30.44);
  return months < 24 ? `${months} mo` : `${Math.floor(months / 12)} y`;
}
