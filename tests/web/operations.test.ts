import { parse, validate } from 'graphql';
import { operationNames, Operations } from '../../src/web/index.js';
import { startServices } from '../support/app.js';

const operations = new Operations(true);

test.each(operationNames())('%s fits the schema', async (name) => {
  const { app } = await services;
  expect(validate(app.schema, parse(operations.text(name))).map((error) => error.message)).toEqual([]);
});

test('there are operations to check, and a wrong one is found', async () => {
  const { app } = await services;
  expect(operationNames().length).toBeGreaterThan(20);
  expect(validate(app.schema, parse('{ listing(id: "x") { nonsense } }')).length).toBeGreaterThan(0);
});

let services: ReturnType<typeof startServices>;
beforeAll(async () => {
  services = startServices();
  await services;
});
