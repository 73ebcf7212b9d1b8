// SPDX-License-Identifier: MIT
/** Loads ink and React, which takes most of the time to the first frame. */
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Of this package ink wants one function, by a module that loads four hundred others: 120 of its 280 ms. */
const PACKAGE = 'es-toolkit/compat';
const WANTED = 'function/throttle.mjs';

export async function loadInk() {
  // What React checks on the way is for its developers.
  process.env['NODE_ENV'] ??= 'production';
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context);
      if (specifier !== PACKAGE) return found;
      const url = new URL(WANTED, found.url).href;
      // Another version may have it elsewhere: then all of it is loaded.
      return existsSync(fileURLToPath(url)) ? { ...found, url } : found;
    },
  });
  try {
    const [{ createElement }, { render }, { App }] = await Promise.all([
      import('react'),
      import('ink'),
      import('./view.ts'),
    ]);
    return { createElement, render, App };
  } finally {
    hooks.deregister();
  }
}
