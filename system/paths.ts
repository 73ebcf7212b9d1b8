// SPDX-License-Identifier: MIT
/** Where respin keeps things, after the XDG base directory specification. */
import { homedir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** The folder respin itself lives in. */
export const projectRoot: string = root;

function xdg(variable: string, fallback: string): string {
  const value = process.env[variable];
  // The specification: a relative path is invalid and to be ignored.
  return value !== undefined && path.isAbsolute(value) ? value : path.join(homedir(), fallback);
}

/** `$XDG_CACHE_HOME/respin/…`: what can be made again. */
export function cachePath(...parts: string[]): string {
  return path.join(xdg('XDG_CACHE_HOME', '.cache'), 'respin', ...parts);
}

/** `$XDG_STATE_HOME/respin/…`: run records and what is remembered of this machine. */
export function statePath(...parts: string[]): string {
  return path.join(xdg('XDG_STATE_HOME', '.local/state'), 'respin', ...parts);
}

/** `$XDG_CONFIG_HOME/respin/…` */
export function configPath(...parts: string[]): string {
  return path.join(xdg('XDG_CONFIG_HOME', '.config'), 'respin', ...parts);
}
