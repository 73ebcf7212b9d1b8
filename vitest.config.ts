// SPDX-License-Identifier: MIT
import { defineConfig } from 'vitest/config';

// A scenario builds kernels and boots machines on two cores.
const ONE_AT_A_TIME = { fileParallelism: false, testTimeout: 1_800_000, hookTimeout: 1_800_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{core,system,patches,kernel-tree,tools,reports,runs,review,dashboard,cli}/**/*.test.ts',
            'test/{house,reviews,tutorial}/*.test.ts',
          ],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'scenarios',
          include: ['test/scenarios/*.test.ts'],
          ...ONE_AT_A_TIME,
        },
      },
      {
        test: {
          name: 'kernels',
          include: ['test/scenarios/kernels/*.test.ts'],
          ...ONE_AT_A_TIME,
        },
      },
      {
        test: {
          name: 'long',
          include: ['test/scenarios/long/*.test.ts'],
          ...ONE_AT_A_TIME,
        },
      },
    ],
  },
});
