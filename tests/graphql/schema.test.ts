import { readFileSync } from 'node:fs';
import { processes } from '../../src/app.js';
import { printedSchema } from '../../src/graphql/schema.js';
import { documentProcesses } from '../../src/platform/process/index.js';
import { startServices } from '../support/app.js';

const file = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');

test('schema.graphql is current (npm run docs writes it)', async () => {
  const { app } = await startServices();
  expect(file('schema.graphql')).toBe(printedSchema(app.schema));
});

test('docs/processes.md is current (npm run docs writes it)', () => {
  expect(file('docs/processes.md')).toBe(documentProcesses(processes));
});
