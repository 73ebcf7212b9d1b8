// SPDX-License-Identifier: MIT
/** Kernels and programs with a fault on purpose: the right verdict, the right exit status, and an end. */
import { rmSync } from 'node:fs';
import { afterAll, it } from 'vitest';
import { expectFault } from '../expect-fault.ts';
import { FAULTS } from '../faults.ts';
import { newPlace } from './respin.ts';

const place = newPlace();

afterAll(() => rmSync(place.state, { recursive: true, force: true }));

it.each(FAULTS.filter(({ long }) => !long))('$name: $verdict, exit $exit', async (fault) => {
  await expectFault(place, fault);
});
