import type { Config } from 'jest';

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: false },
        },
        module: { type: 'es6' },
      },
    ],
  },
  // Real servers and a real Redis take a moment to start on a busy machine.
  testTimeout: 30_000,
  // A read that a test has left alone keeps a timer for its deadline, which may be far: no reason for the run not to end.
  forceExit: true,
  setupFiles: ['reflect-metadata'],
} satisfies Config;
